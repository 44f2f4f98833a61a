"""Pages of the short forms of safety: reached from the record and from the list of what is to be done."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.permissions import Permission as P
from accounts.roles import Role
from participants.queries import participant_by_number
from safety.actions import short
from safety.policies import askers_at
from safety.short_codes import Answer
from safety.short_queries import deviation_at, visit_at
from trials.access import not_found
from trials.queries import protocol_of
from web.components import Crumb
from web.coordinators.saving import about, answer
from web.forms import Form
from web.pages import TrialRequest, page
from web.shared.record_rights import rights_at
from web.shared.record_words import link, name_of_visit
from web.short_forms import AskingForm, CareForm, DeviationForm, FindingForm, PregnancyForm, ReviewForm


@page(P.REPORT_EVENT, methods=("GET", "POST"))
def deviation(request: TrialRequest, number: str) -> HttpResponse:
    """Something was not as the protocol says."""
    lead = _("How sessions went is no deviation to record here: it stands in the session log.")
    words = {"title": _("Record a deviation"), "lead": lead}
    return _record(request, number, DeviationForm, short.record_deviation, words)


@page(P.REPORT_EVENT, methods=("GET", "POST"))
def pregnancy(request: TrialRequest, number: str) -> HttpResponse:
    """What is known of a pregnancy."""
    words = {"title": _("Record a pregnancy"), "lead": _("More becomes known later: record it again.")}
    return _record(request, number, PregnancyForm, short.record_pregnancy, words)


@page(P.REPORT_EVENT, methods=("GET", "POST"))
def finding(request: TrialRequest, number: str) -> HttpResponse:
    """A step about a finding in images that nobody looked for."""
    lead = _("Found, referred, told to the participant, closed: each step is recorded once.")
    words = {"title": _("Record an incidental finding"), "lead": lead}
    return _record(request, number, FindingForm, short.record_finding, words)


@page(P.REPORT_EVENT, methods=("GET", "POST"))
def care(request: TrialRequest, number: str) -> HttpResponse:
    """Care outside the trial."""
    lead = _("Whatever the participant gets or does besides the trial for their health.")
    return _record(request, number, CareForm, short.record_care, {"title": _("Record other care"), "lead": lead})


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
        short.review_deviation(deviation=found, by=request.actor)
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


def _record(
    request: TrialRequest, number: str, form_class: type[Form], verb: Callable[..., Any], words: dict[str, Any]
) -> HttpResponse:
    participant = participant_by_number(request.trial, number, request.sites)
    form = form_class(request.POST if request.method == "POST" else None)

    def save(typed: dict[str, Any]) -> str:
        verb(participant=participant, by=request.actor, **{name: _plain(value) for name, value in typed.items()})
        return link("record", trial=request.trial.code, number=participant.number)

    context = about(request, participant, submit=_("Record it"), **words)
    return answer(request, form, context, save, said=_("It is recorded."))


def _plain(value: Any) -> Any:
    return "" if value is None else value
