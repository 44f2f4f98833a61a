"""Pages of the short forms of safety: reached from the record and from the list of what is to be done."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.permissions import Permission as P
from accounts.roles import Role
from participants.queries import participant_by_number
from safety.actions import deviations, short
from safety.actions.recording import RECORD
from safety.policies import askers_at
from safety.short_codes import Answer
from safety.short_queries import deviation_at, visit_at
from trials.access import not_found
from trials.queries import protocol_of
from web.components import Crumb
from web.coordinators.saving import about, answer
from web.pages import TrialRequest, page
from web.shared.record_rights import rights_at
from web.shared.record_words import link, name_of_visit
from web.short_forms import PAPERS, AskingForm, DeviationCorrectionForm, ReviewForm, typed_of


@page(P.REPORT_EVENT, methods=("GET", "POST"))
def new(request: TrialRequest, number: str, form: str) -> HttpResponse:
    """Record one of the short forms of a participant; ``form`` is its name in the table of them."""
    participant = participant_by_number(request.trial, number, request.sites)
    paper = PAPERS[form]
    filled = paper.form(request.POST if request.method == "POST" else None)

    def save(_typed: dict[str, Any]) -> str:
        RECORD[form](participant=participant, by=request.actor, **typed_of(filled))
        return link("record", trial=request.trial.code, number=participant.number)

    context = about(request, participant, title=paper.title, lead=paper.lead, submit=_("Record it"))
    return answer(request, filled, context, save, said=_("It is recorded."))


@page(P.FOLLOW_EVENT, P.ASSESS, methods=("GET", "POST"))
def ask(request: TrialRequest, visit: UUID) -> HttpResponse:
    """Ask at a visit whether anything happened, in the same words in every arm; assessors where they are to ask."""
    found = visit_at(request.sites, visit)
    participant, protocol = found.participant, protocol_of(request.trial)
    measures = P.FOLLOW_EVENT not in rights_at(request, participant)
    if measures and Role.ASSESSOR not in askers_at(found, protocol):
        raise not_found()
    form = AskingForm(request.POST if request.method == "POST" else None)

    def save(typed: dict[str, Any]) -> str:
        short.record_asking(visit=found, answer=typed["answer"], by=request.actor)
        if typed["answer"] == Answer.SOMETHING:
            return link("event_new", trial=request.trial.code, number=participant.number)
        if measures:
            return link("assessors:visit", trial=request.trial.code, visit=found.pk)
        return link("record", trial=request.trial.code, number=participant.number)

    lead = _("Ask: “Since we last asked, has anything happened to your health, or got worse, whatever the reason?”")
    title = _("Ask about events: %(visit)s") % {"visit": name_of_visit(protocol, found)}
    context = about(request, participant, title=title, lead=lead, submit=_("Record the answer"))
    return answer(request, form, context, save, said=_("The answer is recorded."))


@page(P.JUDGE_EVENT, methods=("GET", "POST"))
def review(request: TrialRequest, deviation: UUID) -> HttpResponse:
    """The investigator has seen a deviation."""
    found = deviation_at(request.sites, deviation)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    back = link("safety", trial=request.trial.code)

    def save(_typed: dict[str, Any]) -> str:
        deviations.review(deviation=found, by=request.actor)
        return back

    context = {
        "participant": found.participant,
        "crumbs": [Crumb(_("Safety"), back)],
        "back": back,
        "title": _("Review a deviation"),
        "lead": f"{found.participant.number}: {found.get_kind_display()}",
        "submit": _("Record the review"),
    }
    return answer(request, form, context, save, said=_("The review is recorded."))


@page(P.FOLLOW_EVENT, methods=("GET", "POST"))
def correct_deviation(request: TrialRequest, deviation: UUID) -> HttpResponse:
    """Correct what was recorded wrong, with the reason."""
    found = deviation_at(request.sites, deviation)
    initial = {name: getattr(found, name) for name in deviations.FIELDS}
    form = DeviationCorrectionForm(request.POST if request.method == "POST" else None, initial=initial)
    back = link("safety", trial=request.trial.code)

    def save(typed: dict[str, Any]) -> str:
        reason = typed.pop("reason")
        deviations.correct(deviation=found, changes=typed, reason=reason, by=request.actor)
        return back

    context = {
        "participant": found.participant,
        "crumbs": [Crumb(_("Safety"), back)],
        "back": back,
        "title": _("Correct a deviation"),
        "lead": _("An important one is reviewed again after a correction."),
        "submit": _("Save the correction"),
    }
    return answer(request, form, context, save, said=_("The deviation is corrected."))
