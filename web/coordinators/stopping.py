"""Stopping randomization after an incident, and going on. The page says that it is stopped, never why."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.problems import Problem
from randomization import door
from web.forms import Form
from web.pages import TrialRequest, page
from web.shared.commitments import moment_in_words

TEXT: dict[str, Any] = {"max_length": 2_000, "widget": forms.Textarea({"rows": 5})}


class StopForm(Form):
    """The incident."""

    incident = forms.CharField(
        label=gettext_lazy("What happened?"),
        help_text=gettext_lazy("For whoever reads the record later. Only those who may see arms can read it."),
        **TEXT,
    )


class GoOnForm(Form):
    """How the incident ended."""

    resolution = forms.CharField(
        label=gettext_lazy("How was it resolved?"),
        help_text=gettext_lazy("For whoever reads the record later. Only those who may see arms can read it."),
        **TEXT,
    )


@page(Permission.FREEZE_ALLOCATION, methods=("GET", "POST"))
def stop(request: TrialRequest) -> HttpResponse:
    """Stop or, when it is stopped, go on."""
    since = door.frozen_since(request.trial)
    if request.method != "POST":
        return show(request, GoOnForm() if since else StopForm())
    # What the button said counts, not what somebody else did meanwhile: the verb refuses the rest.
    going_on = request.POST.get("do") == "go_on"
    form: Form = GoOnForm(request.POST) if going_on else StopForm(request.POST)
    if not form.is_valid():
        return show(request, form, 422)
    verb = door.unfreeze if going_on else door.freeze
    try:
        verb(trial=request.trial, by=request.actor, **form.cleaned_data)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, form, problem.status)
    done = _("Randomization is resumed.") if going_on else _("Randomization is stopped.")
    messages.success(request, done)
    return redirect("coordinators:stop", trial=request.trial.code)


def show(request: TrialRequest, form: Form, status: int = 200) -> HttpResponse:
    """The state and the form."""
    since = door.frozen_since(request.trial)
    context = {
        "form": form,
        "since": moment_in_words(since) if since else "",
        "going_on": isinstance(form, GoOnForm),
        "reads_incidents": any(Permission.PREPARE_SEQUENCE in m.definition.permissions for m in request.memberships),
    }
    return render(request, "coordinators/stop.html", context, status=status)
