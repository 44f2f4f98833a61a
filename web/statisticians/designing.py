"""Entering a design: first the method, then its values, with what they foretell; a dry run; sealing the list."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.problems import Problem
from randomization import policies
from randomization.actions import sequences
from randomization.design import Design
from trials.access import not_found
from trials.queries import protocol_of
from web.components import Crumb
from web.pages import TrialRequest, page
from web.statisticians.design_forms import LIST_FORMS, DesignForm
from web.statisticians.dummy import dummy_file, dummy_table
from web.statisticians.foresight import foresee
from web.statisticians.methods import METHODS, NAMES, MethodForm
from web.statisticians.room import protocol_rows, signature_row
from web.statisticians.table_form import LARGEST_SENT, TableForm

STATISTICIANS = (Permission.PREPARE_SEQUENCE, Permission.ACTIVATE_SEQUENCE)
FORMS: dict[str, type[DesignForm]] = {**LIST_FORMS, TableForm.METHOD: TableForm}
SEALED = gettext_lazy("The list is drawn and sealed. Another statistician can activate it now.")


@page(*STATISTICIANS)
def choose(request: TrialRequest) -> HttpResponse:
    """The first step: the method."""
    form = MethodForm(request.GET if "method" in request.GET or "next" in request.GET else None)
    if form.is_valid():
        return redirect("statisticians:design", trial=request.trial.code, method=form.cleaned_data["method"])
    context = {
        "form": form,
        "crumbs": crumbs(request),
        "protocol_rows": rows_of_protocol(request),
        "taken": taken(request),
    }
    return render(request, "statisticians/choose.html", context, status=422 if form.is_bound else 200)


@page(*STATISTICIANS, methods=("GET", "POST"), largest=LARGEST_SENT)
def design(request: TrialRequest, method: str) -> HttpResponse:
    """The second step: the method's values; try them, draw a dummy list, or prepare the real one."""
    if method not in METHODS:
        raise not_found()
    form_class, protocol = FORMS[method], protocol_of(request.trial)
    if request.method != "POST":
        return show(request, form_class(protocol))
    form = form_class(protocol, request.POST, request.FILES)
    if not form.is_valid():
        return show(request, form, 422)
    try:
        tried = form.design(request.trial)
        return receive(request, form, tried)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, form, problem.status if problem.status == 409 else 422)


def receive(request: TrialRequest, form: DesignForm, tried: Design) -> HttpResponse:
    """Do with a sound design what the button says."""
    match request.POST.get("do"):
        case "prepare":
            sequences.prepare(trial=request.trial, design=tried, by=request.actor)
            messages.success(request, SEALED)
            return redirect("statisticians:sequence", trial=request.trial.code)
        case "dummy":
            return show(request, form, tried=tried, dummy=dummy_table(tried, form.protocol))
        case "dummy_file":
            return dummy_file(request.trial, tried)
        case _:
            return show(request, form, tried=tried)


def show(
    request: TrialRequest, form: DesignForm, status: int = 200, tried: Design | None = None, dummy: Any = None
) -> HttpResponse:
    """The second step as it stands; for a live update the foresight alone."""
    context = {
        "form": form,
        "method_name": NAMES[form.METHOD],
        "can_draw": form.METHOD != TableForm.METHOD,
        "crumbs": [*crumbs(request), Crumb(_("Method"), reverse("statisticians:choose", args=[request.trial.code]))],
        "protocol_rows": rows_of_protocol(request),
        "foresight": foresee(request.trial, tried, form.cleaned_data.get("effect")) if tried else None,
        "dummy": dummy,
        "taken": taken(request),
    }
    if request.htmx:
        # Only what succeeded is put into a page; here the sentences stand in the panel.
        return render(request, "statisticians/panel.html", context)
    return render(request, "statisticians/design.html", context, status=status)


def crumbs(request: TrialRequest) -> list[Crumb]:
    """The room above its pages."""
    return [Crumb(_("Sequence room"), reverse("statisticians:sequence", args=[request.trial.code]))]


def rows_of_protocol(request: TrialRequest) -> list[Any]:
    """What the protocol fixes, and who signed it."""
    protocol = protocol_of(request.trial)
    return [*protocol_rows(protocol), signature_row(request.trial, protocol)]


def taken(request: TrialRequest) -> str:
    """Why nothing can be prepared now, in a sentence; empty if it can."""
    try:
        policies.check_no_other_list(request.trial)
    except Problem as problem:
        return problem.sentence
    return ""
