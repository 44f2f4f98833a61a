"""The end of a list: checked at any time, revealed after the lock, and handed out to be verified by anybody."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.problems import Problem
from randomization import queries
from randomization.actions import records
from review.policies import is_locked
from web.forms import Form
from web.pages import TrialRequest, page
from web.signed_form import SignedForm
from web.statisticians.tabs import room_tabs
from web.statisticians.words import when

PURPOSE: dict[str, Any] = {
    "help_text": gettext_lazy("It is kept in the audit trail with your name and the time."),
    "max_length": 500,
    "widget": forms.Textarea({"rows": 3}),
}


class RevealForm(SignedForm):
    """What for, and the password: it cannot be taken back."""

    purpose = forms.CharField(label=gettext_lazy("Why is the list revealed?"), **PURPOSE)


class RecordForm(Form):
    """What the record is taken for."""

    purpose = forms.CharField(label=gettext_lazy("What is the record for?"), **PURPOSE)


@page(Permission.REVEAL_SEQUENCE)
def ending(request: TrialRequest) -> HttpResponse:
    """See how far it is, and check the list as it is stored."""
    return show(request)


@page(Permission.REVEAL_SEQUENCE, methods=("POST",))
def reveal(request: TrialRequest) -> HttpResponse:
    """Reveal seed and salt of every segment."""
    form = RevealForm(request, request.POST)
    if not form.is_valid():
        return show(request, 422, reveal_form=form)
    try:
        records.reveal(trial=request.trial, purpose=form.cleaned_data["purpose"], by=request.actor)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, problem.status, reveal_form=form)
    messages.success(request, _("The list is revealed and closed for good. The record can be downloaded now."))
    return redirect("statisticians:ending", trial=request.trial.code)


@page(Permission.EXPORT_UNBLINDED, methods=("POST",))
def record(request: TrialRequest) -> HttpResponse:
    """Download the record."""
    form = RecordForm(request.POST)
    if not form.is_valid():
        return show(request, 422, record_form=form)
    try:
        made = records.export(trial=request.trial, purpose=form.cleaned_data["purpose"], by=request.actor)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, problem.status, record_form=form)
    answer = HttpResponse(made, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(request)}"'
    return answer


def file_name(request: TrialRequest) -> str:
    """What the record is called; the command on the page names it too."""
    return f"randomization-{slugify(request.trial.code)}.json"


def show(request: TrialRequest, status: int = 200, **typed: Form) -> HttpResponse:
    """The page with what was typed and refused."""
    revealed = queries.revealed_at(request.trial)
    checked = request.GET.get("check") == "1"
    published = queries.commitments_of(request.trial)
    context = {
        "tabs": room_tabs(request.trial, "ending"),
        "published": published,
        "locked": is_locked(request.trial),
        "revealed": when(revealed) if revealed else "",
        "reveal_form": typed.get("reveal_form") or RevealForm(request),
        "record_form": typed.get("record_form") or RecordForm(),
        "form": next(iter(typed.values()), None),
        "checked": checked and bool(published),
        "finding": records.check(trial=request.trial, by=request.actor) if checked and published else None,
        "file_name": file_name(request),
    }
    return render(request, "statisticians/ending.html", context, status=status)
