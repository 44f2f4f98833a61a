"""The sequence room: the segments of the list with their commitments, and the draft that waits for a second person."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.problems import Problem
from randomization import lists, queries
from randomization.actions import sequences
from randomization.blindfold import Purpose, unblinded
from randomization.models import Sequence
from trials.access import not_found
from trials.queries import protocol_of
from web.forms import Form, ReasonField
from web.pages import TrialRequest, page
from web.shared.commitments import texts_for_registry
from web.statisticians.designing import STATISTICIANS
from web.statisticians.dummy import dummy_file
from web.statisticians.foresight import foresee, places_table
from web.statisticians.room import (
    Held,
    Room,
    enter_room,
    history_rows,
    low_stock,
    protocol_rows,
    signature_row,
    stock_table,
)
from web.statisticians.tabs import room_tabs
from web.statisticians.words import design_rows


class ActivateForm(Form):
    """The draft as it was looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput())


class WithdrawForm(Form):
    """Why a draft is given up."""

    reason = ReasonField(
        label=gettext_lazy("Why is this draft withdrawn?"), help_text=gettext_lazy("It is kept in the audit trail.")
    )


@page(*STATISTICIANS)
def sequence(request: TrialRequest) -> HttpResponse:
    """See the room."""
    return show(request)


@page(*STATISTICIANS, methods=("POST",))
def activate(request: TrialRequest, draft: UUID) -> HttpResponse:
    """Make the draft of another person the list in force, or its next segment."""
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


@page(*STATISTICIANS)
def dummy(request: TrialRequest, draft: UUID) -> HttpResponse:
    """A dummy list of the draft's design, for the person who reads it before activating."""
    held = draft_of(request, draft)
    with unblinded(by=request.actor, trial=request.trial, purpose=Purpose.SEQUENCE):
        design = lists.design_of(Sequence.by_id(held.pk))
    try:
        return dummy_file(request.trial, design)
    except Problem as problem:
        return show(request, problem.status, problems=[problem])


def draft_of(request: TrialRequest, key: UUID) -> Sequence:
    """A list of this trial by its key, whatever its state; the verbs say what can be done with it."""
    held = Sequence.objects.filter(pk=key, trial=request.trial).only("id", "trial_id").first()
    if held is None:
        raise not_found()
    held.trial = request.trial
    return held


def show(
    request: TrialRequest, status: int = 200, problems: list[Problem] | None = None, **typed: Form
) -> HttpResponse:
    """The room as it stands, with what was typed and refused."""
    protocol = protocol_of(request.trial)
    room = enter_room(request.trial, request.actor, check=request.GET.get("check") == "1")
    draft = room.draft.sequence if room.draft else None
    context = {
        "tabs": room_tabs(request.trial, "sequence"),
        "room": room,
        "protocol_rows": [*protocol_rows(protocol), signature_row(request.trial, protocol)],
        "activate_form": typed.get("activate_form")
        or ActivateForm(initial={"seen": draft.revision if draft else None}),
        "withdraw_form": typed.get("withdraw_form") or WithdrawForm(),
        "form": next(iter(typed.values()), None),
        "problems": problems or [],
        "own_draft": draft is not None and draft.prepared_by == request.actor.id,
        "draft": _draft_words(room, request),
        "segments": [_segment_words(each, request) for each in room.segments],
        "registry_texts": texts_for_registry(request.trial, queries.commitments_of(request.trial)),
        "stock": stock_table(room, protocol) if room.is_active else None,
        "low": low_stock(room, protocol),
    }
    return render(request, "statisticians/sequence.html", context, status=status)


def _segment_words(held: Held, request: TrialRequest) -> dict[str, Any]:
    """One segment as the page shows it."""
    protocol = protocol_of(request.trial)
    extends = held.sequence.number > 1
    return {
        "number": held.sequence.number,
        "commitment": held.sequence.commitment,
        "rows": [*history_rows(held.sequence), *design_rows(held.design, protocol, extends=extends)],
    }


def _draft_words(room: Room, request: TrialRequest) -> dict[str, Any] | None:
    """The draft as the page shows it: what it is and what it foretells, with the segments before it."""
    if room.draft is None:
        return None
    held, protocol = room.draft, protocol_of(request.trial)
    designs = [*(each.design for each in room.segments), held.design]
    return {
        **_segment_words(held, request),
        "key": held.sequence.pk,
        "can_draw": held.design.method != "uploaded_table",
        "foresight": foresee(request.trial, held.design),
        "places": places_table(protocol, *designs),
    }
