"""The sequence room: prepare a list, withdraw the draft, activate another person's, watch the balance."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.problems import Problem
from randomization import policies
from randomization.actions import sequences
from randomization.models import Sequence
from trials.access import not_found
from trials.queries import protocol_of
from web.forms import Form, ReasonField
from web.pages import TrialRequest, page
from web.statisticians.designs import DesignForm, design_rows, figures_of
from web.statisticians.room import (
    Room,
    balance_table,
    enter_room,
    history_rows,
    protocol_rows,
    signature_row,
)

STATISTICIANS = (Permission.PREPARE_SEQUENCE, Permission.ACTIVATE_SEQUENCE)


class ActivateForm(Form):
    """The draft as it was looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput())


class WithdrawForm(Form):
    """Why a draft is given up."""

    reason = ReasonField(
        label=gettext_lazy("Why is this draft withdrawn?"), help_text=gettext_lazy("It is kept in the audit trail.")
    )


@page(*STATISTICIANS, methods=("GET", "POST"))
def sequence(request: TrialRequest) -> HttpResponse:
    """See the room; try a design, or prepare a list of it."""
    if request.method != "POST":
        return show(request, design_form=DesignForm())
    form = DesignForm(request.POST)
    if not form.is_valid():
        return show(request, 422, design_form=form)
    try:
        design = policies.check_design(request.trial, form.document())
        if request.POST.get("do") != "prepare":
            return show(request, design_form=form, tried=design)
        sequences.prepare(trial=request.trial, design=design, by=request.actor)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, problem.status if problem.status == 409 else 422, design_form=form)
    messages.success(request, _("The list is drawn and sealed. Another statistician can activate it now."))
    return redirect("statisticians:sequence", trial=request.trial.code)


@page(*STATISTICIANS, methods=("POST",))
def activate(request: TrialRequest, draft: UUID) -> HttpResponse:
    """Make the draft of another person the list in force."""
    held = draft_of(request, draft)
    form = ActivateForm(request.POST)
    if not form.is_valid():
        return show(request, 422, activate_form=form)
    try:
        sequences.activate(sequence=held, by=request.actor, seen=form.cleaned_data["seen"])
    except Problem as problem:
        form.add_problem(problem)
        return show(request, problem.status, activate_form=form)
    messages.success(request, _("The list is active. Its commitment is below; keep a copy of it outside this system."))
    return redirect("statisticians:sequence", trial=request.trial.code)


@page(*STATISTICIANS, methods=("POST",))
def withdraw(request: TrialRequest, draft: UUID) -> HttpResponse:
    """Give up the draft."""
    held = draft_of(request, draft)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return show(request, 422, withdraw_form=form)
    try:
        sequences.withdraw_draft(sequence=held, reason=form.cleaned_data["reason"], by=request.actor)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, problem.status, withdraw_form=form)
    messages.success(request, _("The draft is withdrawn. A new list can be prepared."))
    return redirect("statisticians:sequence", trial=request.trial.code)


def draft_of(request: TrialRequest, key: UUID) -> Sequence:
    """A list of this trial by its key, whatever its state; the verbs say what can be done with it."""
    held = Sequence.objects.filter(pk=key, trial=request.trial).only("id", "trial_id").first()
    if held is None:
        raise not_found()
    held.trial = request.trial
    return held


def show(request: TrialRequest, status: int = 200, tried: Any = None, **typed: Form) -> HttpResponse:
    """The room as it stands, with what was typed and refused."""
    protocol = protocol_of(request.trial)
    room = enter_room(request.trial, request.actor, check=request.GET.get("check") == "1")
    design = tried or room.design
    context = {
        "room": room,
        "protocol_rows": [*protocol_rows(protocol), signature_row(request.trial, protocol)],
        "design_form": typed.get("design_form") or DesignForm(),
        "activate_form": typed.get("activate_form") or activate_form(room),
        "withdraw_form": typed.get("withdraw_form") or WithdrawForm(),
        "form": next(iter(typed.values()), None),
        "own_draft": room.sequence is not None and room.sequence.prepared_by == request.actor.id,
        "design_rows": design_rows(design) if design else [],
        "figures": figures_of(design, protocol) if design else None,
        "warnings": policies.design_warnings(request.trial, design) if design else [],
        "history": history_rows(room.sequence) if room.sequence else [],
        "balance": balance_table(room, protocol) if room.is_active else None,
    }
    return render(request, "statisticians/sequence.html", context, status=status)


def activate_form(room: Room) -> ActivateForm:
    return ActivateForm(initial={"seen": room.sequence.revision if room.sequence else None})
