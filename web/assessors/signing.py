"""Signing what was measured at a visit: each form with its state and scores, the statement, the password again."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.problems import Problem
from instruments import catalogue
from outcomes.actions import signing
from outcomes.models import Form, Response
from outcomes.queries import cell_state, guess_waits, signature_waits
from outcomes.queries.records import CellState, reason_in_words
from outcomes.queries.signing import content_of, own_responses, signings_of
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.assessors.visits import forms_of, visit_crumbs
from web.components import SummaryRow
from web.instrument_forms.places import visit_in_words
from web.instrument_forms.score_words import score_rows
from web.instrument_forms.words import texts_in
from web.monitors.passwords import SignedForm
from web.pages import TrialRequest, page


class SignForm(SignedForm):
    """The signature; ``seen`` is the content that was read."""

    seen = forms.CharField(widget=forms.HiddenInput(), max_length=64)


@dataclass(frozen=True)
class Part:
    """One form of the visit: its state, whose it is, its scores, and where it is read whole."""

    title: str
    status: str
    note: str
    url: str
    signed: bool
    scores: list[SummaryRow] = field(default_factory=list)


@page(Permission.ASSESS, methods=("GET", "POST"))
def sign(request: TrialRequest, visit: UUID) -> HttpResponse:
    """Read what is signed and sign it; then the guess, where it is asked."""
    forms = forms_of(request, visit)
    planned = forms[0].visit
    if not signature_waits(planned, request.actor) and request.method != "POST":
        return redirect("assessors:visit", trial=request.trial.code, visit=visit)
    own = own_responses(planned, request.actor.id)
    if request.method != "POST":
        return show(request, forms, own, SignForm(request, initial={"seen": content_of(own)}))
    form = SignForm(request, request.POST)
    if not form.is_valid():
        return show(request, forms, own, form, 422)
    try:
        signing.sign(visit=planned, seen=form.cleaned_data["seen"], by=request.actor)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, forms, own, form, problem.status)
    messages.success(request, _("Signed."))
    if guess_waits(planned, request.actor):
        return redirect("assessors:guess", trial=request.trial.code, visit=visit)
    return redirect("assessors:home", trial=request.trial.code)


def show(
    request: TrialRequest, forms: list[Form], own: list[Response], form: SignForm, status: int = 200
) -> HttpResponse:
    """The forms of the visit, those that are signed with what they hold; and the statement."""
    visit, protocol = forms[0].visit, protocol_of(request.trial)
    mine = {response.form_id: response for response in own}
    context: dict[str, Any] = {
        "crumbs": visit_crumbs(request, visit, protocol),
        "lead": f"{visit.participant.number}, {visit_in_words(visit, protocol)}",
        "form": form,
        "parts": [part_of(request, each, mine.get(each.pk), protocol) for each in forms],
        "again": any(s.is_changed and s.person == request.actor.id for s in signings_of([visit.pk])[visit.pk]),
        "statement": signing.STATEMENT,
    }
    return render(request, "assessors/sign.html", context, status=status)


def part_of(request: TrialRequest, form: Form, response: Response | None, protocol: Protocol) -> Part:
    """One form of the visit as the page shows it."""
    definition = catalogue.load(form.instrument)
    state = cell_state(form, clock.today(form.site.time_zone))
    note = str(reason_in_words(form, protocol, get_language() or "en"))
    if state == CellState.COMPLETE and response is None:
        note = _("Somebody else measured it, and signs it.")
    return Part(
        title=texts_in(request.trial, definition).title,
        status="not_done" if form.not_done_code else state.value,
        note=note,
        url=reverse("assessors:form", args=[request.trial.code, form.pk]) if state == CellState.COMPLETE else "",
        signed=response is not None,
        scores=score_rows(response.scores) if response else [],
    )
