"""Deciding eligibility at a later stage, such as after the MRI."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core import clock
from core.problems import Conflict, Invalid, NotFound, Problem, Refused
from outcomes import queries as outcomes
from outcomes.models import Form as DueForm
from participants.actions import screening
from participants.eligibility import preview
from participants.models import Participant
from participants.queries import standing
from trials.access import not_found
from trials.protocol import Protocol
from trials.protocol.criteria import Score
from trials.protocol.eligibility import criteria_at
from trials.queries import protocol_of
from web.coordinators.saving import about, person_of
from web.coordinators.screening import verdict_in_words
from web.forms import Form, ReasonField
from web.pages import TrialRequest, page
from web.shared.criteria_form import CriteriaForm
from web.shared.record_rights import rights_at
from web.shared.record_words import form_url, instrument_name, stage_name


class WhyForm(Form):
    """Why a stage that was decided is decided anew."""

    reason = ReasonField(label=gettext_lazy("Why it is decided again"))


@page(Permission.SCREEN, methods=("GET", "POST"))
def decide(request: TrialRequest, number: str, stage: str) -> HttpResponse:
    """All questions of the stage, asked anew."""
    participant = person_of(request, number)
    protocol = protocol_of(request.trial)
    if stage not in [each.code for each in protocol.eligibility.stages[1:]]:
        raise not_found()
    data = request.POST if request.method == "POST" else None
    criteria = CriteriaForm(protocol, stage, participant.group, data)
    why = None
    if stage in standing(participant):
        # To check the answers no reason is needed yet.
        why = WhyForm(initial=data) if data and "check" in data else WhyForm(data)
    context = _context(request, participant, protocol, stage) | {"criteria": criteria, "why": why}
    if data is None:
        return _show(request, context)
    if "check" in data:
        return _check(request, context, stage)
    return _save(request, context, stage)


def _save(request: TrialRequest, context: dict[str, Any], stage: str) -> HttpResponse:
    criteria, why, participant = context["criteria"], context["why"], context["participant"]
    if not all([criteria.is_valid(), why is None or why.is_valid()]):
        return _show(request, context, 422)
    try:
        screening.decide(
            participant=participant,
            stage=stage,
            answers=criteria.answers(),
            scores=_scores(request, participant, stage),
            reason=why.cleaned_data["reason"] if why else "",
            by=request.actor,
        )
    except (Refused, NotFound):
        raise
    except Problem as problem:
        (why if why and problem.field == "reason" else criteria).add_problem(problem)
        return _show(request, context, 409 if isinstance(problem, Conflict) else 422)
    return redirect("record", trial=request.trial.code, number=participant.number)


def _check(request: TrialRequest, context: dict[str, Any], stage: str) -> HttpResponse:
    """What the answers say so far, together with those given before; saves nothing."""
    criteria, participant, protocol = context["criteria"], context["participant"], protocol_of(request.trial)
    criteria.is_valid()
    verdict = None
    try:
        day = clock.today(participant.site.time_zone)
        verdict = preview(protocol, stage, criteria.answers(), participant.group, day)
    except Invalid as problem:
        criteria.add_problem(problem)
    words = verdict_in_words(protocol, verdict)
    if request.htmx:
        return render(request, "coordinators/verdict.html", words)
    return _show(request, context | words)


def _show(request: TrialRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    more = {"parts": context["criteria"].parts(), "form_errors": status >= 400}
    return render(request, "coordinators/decision.html", context | more, status=status)


def _context(request: TrialRequest, participant: Participant, protocol: Protocol, stage: str) -> dict[str, Any]:
    waits_for = next(each.after_form for each in protocol.eligibility.stages if each.code == stage)
    waiting = None
    if waits_for is not None:
        held = DueForm.objects.filter(participant=participant, instrument=waits_for).order_by("visit__target_on", "pk")
        first = held.select_related("visit").first()
        if first is not None and first.state != DueForm.State.COMPLETE:
            waiting = {"form": instrument_name(waits_for), "url": form_url(request.trial, first)}
    title = stage_name(protocol, stage)
    return about(request, participant, title=title, waiting=waiting, lead=_("Eligibility, asked anew"), verdict=None)


def _scores(request: TrialRequest, participant: Participant, stage: str) -> dict[str, Any]:
    """Scores that criteria read; nobody types those, and nobody sees them here."""
    found: dict[str, Any] = {}
    roles = rights_at(request, participant).roles
    for criterion in criteria_at(protocol_of(participant.trial), stage, participant.group or None):
        for name, question in criterion.questions:
            if isinstance(question, Score):
                held = outcomes.scores_of(participant, question.instrument, roles)
                found[name] = held[-1].scores.get(question.score) if held else None
    return found
