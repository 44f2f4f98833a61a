"""Breaking the code: everybody's arm, after the lock, with the purpose on record each time."""

from django import forms
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.dates import date_format
from core.problems import Problem
from exports.unblinded.code import break_code
from randomization.models import CodeBreak
from review.policies import is_locked
from web.components import TimelineEvent
from web.forms import Form
from web.pages import TrialRequest, page


class CodeForm(Form):
    """What the arms are needed for."""

    purpose = forms.CharField(
        label=gettext_lazy("What are the arms needed for?"),
        help_text=gettext_lazy("It is kept in the audit trail with your name and the time, and stands in the file."),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )


@page(Permission.BREAK_CODE, methods=("GET", "POST"))
def code(request: TrialRequest) -> HttpResponseBase:
    """Say the purpose, get everybody's arm."""
    form = CodeForm(request.POST or None)
    if request.method != "POST":
        return show(request, form)
    if not form.is_valid():
        return show(request, form, 422)
    try:
        made = break_code(trial=request.trial, by=request.actor, purpose=form.cleaned_data["purpose"])
    except Problem as problem:
        form.add_problem(problem)
        return show(request, form, problem.status)
    return FileResponse(made.file, as_attachment=True, filename=made.name, content_type="application/zip")


def show(request: TrialRequest, form: CodeForm, status: int = 200) -> HttpResponse:
    """The form, and each time the code was broken."""
    moments = CodeBreak.objects.filter(trial=request.trial).order_by("at").values_list("at", flat=True)
    context = {
        "form": form,
        "locked": is_locked(request.trial),
        "events": [
            TimelineEvent(_("The code was broken"), _("%(when)s UTC") % {"when": date_format(at, "j F Y, H:i")})
            for at in moments
        ],
    }
    return render(request, "statisticians/code.html", context, status=status)
