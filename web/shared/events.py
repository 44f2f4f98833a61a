"""Adverse events on the pages of blinded people: reported from the record, listed with their clocks, judged."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission as P
from core.dates import partial_date_in_words
from participants.models import Participant
from participants.queries import death_waits, participant_by_number
from safety.actions import causality, clocks, events
from safety.models import AdverseEvent, Clock, EventReport
from safety.queries import event_at, events_of, running_clocks, unjudged
from safety.short_queries import visits_to_ask_at
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import Action, Crumb, SummaryRow, Table, TableCell, WorkRow
from web.coordinators.saving import about, answer
from web.event_forms import CausalityForm, CorrectionForm, EventForm, StatusForm
from web.event_words import (
    clock_name,
    clock_state,
    moment_in_words,
    opinion_rows,
    overdue_notice,
    rows_of,
    seriousness_in_words,
    standing_rows,
    term_in_words,
    time_left,
    told_at,
)
from web.pages import TrialRequest, page
from web.shared.event_clocks import ReportSentForm
from web.shared.record_words import link
from web.shared.short_tables import asking_rows, review_rows, tables

PER_PAGE = 50


@page(P.REPORT_EVENT, methods=("GET", "POST"))
def new(request: TrialRequest, number: str) -> HttpResponse:
    """Report an event of one participant, by whoever heard of it."""
    participant = participant_by_number(request.trial, number, request.sites)
    form = EventForm(participant, request.POST if request.method == "POST" else None)

    def save(typed: dict[str, Any]) -> str:
        events.report(participant=participant, facts=form.facts(), text=typed["text"], by=request.actor)
        return _after(request, participant, link("record", trial=request.trial.code, number=participant.number))

    context = about(
        request,
        participant,
        title=_("Report an adverse event"),
        lead=_("Anything that harmed or troubled the participant since the consent, whatever the cause."),
        submit=_("Report the event"),
    )
    said = _("The event is reported. If it is serious, its time limits run and the investigators are told.")
    return answer(request, form, context, save, said=said)


@page(P.VIEW_EVENTS)
def safety(request: TrialRequest) -> HttpResponse:
    """What is to be done about serious events, what waits to be judged, and all events."""
    protocol = protocol_of(request.trial)
    shown = Paginator(events_of(request.sites), PER_PAGE).get_page(request.GET.get("page"))
    running = running_clocks(request.sites)[: PER_PAGE + 1]
    context = {
        "overdue": overdue_notice(request.sites),
        "running": [_work(each, protocol) for each in running[:PER_PAGE]],
        "more_running": len(running) > PER_PAGE,
        "waiting": [_to_judge(each, protocol) for each in unjudged(request.sites)[:PER_PAGE]],
        "asking": _asking(request, protocol),
        "deviations": review_rows(request.trial, request.sites, may_review=_may(request, P.JUDGE_EVENT)),
        "short_tables": tables(request.sites, may_correct=_may(request, P.FOLLOW_EVENT)),
        "table": _table(list(shown.object_list), protocol),
        "page": shown,
    }
    return render(request, "shared/safety.html", context)


@page(P.VIEW_EVENTS)
def event(request: TrialRequest, event: UUID) -> HttpResponse:
    """One event: how it stands, its clocks, what was thought of its causes, and every report."""
    found = event_at(request.sites, event)
    participant, protocol = found.participant, protocol_of(request.trial)
    zone = participant.site.time_zone
    permitted = {each for m in request.memberships for each in m.definition.permissions}
    context = {
        "event": found,
        "crumbs": crumbs(request),
        "title": name_of(found, protocol),
        "rows": rows_of(found),
        "clocks": [_clock_row(each, protocol, zone) for each in found.clocks.order_by("due_at", "pk")],
        "opinions": [opinion_rows(each, protocol, zone) for each in found.causalities.order_by("number", "pk")],
        "reports": [_report(each, zone, readable=P.ASSESS not in permitted) for each in _reports(found)],
        "acts": list(_acts(found, permitted)),
    }
    return render(request, "shared/event.html", context)


@page(P.FOLLOW_EVENT, methods=("GET", "POST"))
def follow_up(request: TrialRequest, event: UUID) -> HttpResponse:
    """Report what was learned since."""
    found = event_at(request.sites, event)
    form = StatusForm(request.POST if request.method == "POST" else None, initial=standing_of(found))

    def save(typed: dict[str, Any]) -> str:
        events.follow_up(event=found, status=form.status(), text=typed["text"], by=request.actor)
        return _after(request, found.participant, url_of(found))

    words = {"title": _("Follow-up report"), "submit": _("Add the report")}
    lead = _(
        "What stood in the newest report is filled in. Change what is different; earlier reports stay as they are."
    )
    return answer(request, form, _around(request, found, lead=lead, **words), save, said=_("The report is added."))


@page(P.FOLLOW_EVENT, methods=("GET", "POST"))
def correct(request: TrialRequest, event: UUID) -> HttpResponse:
    """Correct what was wrong from the start."""
    found = event_at(request.sites, event)
    initial = {name: getattr(found, name) for name in events.CORRECTABLE}
    form = CorrectionForm(found.participant, request.POST if request.method == "POST" else None, initial=initial)

    def save(typed: dict[str, Any]) -> str:
        reason = typed.pop("reason")
        events.correct(event=found, changes=typed, reason=reason, by=request.actor)
        return url_of(found)

    words = {"title": _("Correct the event"), "submit": _("Save the correction")}
    lead = _("Only what was wrong from the start. What changed since is a follow-up report.")
    return answer(request, form, _around(request, found, lead=lead, **words), save, said=_("The event is corrected."))


@page(P.JUDGE_EVENT, methods=("GET", "POST"))
def judge(request: TrialRequest, event: UUID) -> HttpResponse:
    """Say what caused it, and whether it was expected."""
    found = event_at(request.sites, event)
    causality.check_may_judge(found, request.actor)
    form = CausalityForm(found, request.POST if request.method == "POST" else None)

    def save(_typed: dict[str, Any]) -> str:
        causality.judge(event=found, by=request.actor, **form.opinion())
        return url_of(found)

    words = {"title": _("Judge the event"), "submit": _("Record the opinion")}
    lead = _("An opinion is never changed. Whoever thinks again adds another with the reason.")
    return answer(request, form, _around(request, found, lead=lead, **words), save, said=_("The opinion is recorded."))


@page(P.JUDGE_EVENT, methods=("GET", "POST"))
def sent(request: TrialRequest, event: UUID) -> HttpResponse:
    """Record that a report was sent, which stops its clock."""
    found = event_at(request.sites, event)
    form = ReportSentForm(found, request.POST if request.method == "POST" else None)

    def save(typed: dict[str, Any]) -> str:
        clocks.meet_by_report(event=found, code=typed["code"], reference=typed["reference"], by=request.actor)
        return url_of(found)

    words = {"title": _("Record a report that was sent"), "submit": _("Record it")}
    lead = _("To the ethics committee or whoever else has to know. The time is that of now.")
    return answer(request, form, _around(request, found, lead=lead, **words), save, said=_("The report is recorded."))


def _after(request: TrialRequest, participant: Participant, usual: str) -> str:
    """Where a report leads: a death to the page that records it, for whoever may."""
    if _may(request, P.WITHDRAW) and death_waits(participant):
        return link("coordinators:death", trial=request.trial.code, number=participant.number)
    return usual


def _asking(request: TrialRequest, protocol: Protocol) -> list[WorkRow] | None:
    """Who is to be asked, whoever's work it is, for those who may stand in."""
    if not _may(request, P.FOLLOW_EVENT):
        return None
    return asking_rows(request.trial, visits_to_ask_at(request.sites, protocol)[:PER_PAGE], protocol)


def _may(request: TrialRequest, permission: P) -> bool:
    return any(permission in m.definition.permissions for m in request.memberships)


def standing_of(found: AdverseEvent) -> dict[str, Any]:
    """What the newest report says, for the form of the next one."""
    names = ("severity", "serious", "criteria", "action", "outcome", "ended")
    return {name: getattr(found, name) for name in names}


def url_of(found: AdverseEvent) -> str:
    return link("event", trial=found.participant.trial.code, event=found.pk)


def name_of(found: AdverseEvent, protocol: Protocol) -> str:
    facts = {
        "person": found.participant.number,
        "number": found.number,
        "term": term_in_words(protocol, found.term),
    }
    return _("%(person)s, event %(number)s: %(term)s") % facts


def crumbs(request: TrialRequest) -> list[Crumb]:
    return [Crumb(_("Safety"), link("safety", trial=request.trial.code))]


def _around(request: TrialRequest, found: AdverseEvent, **words: Any) -> dict[str, Any]:
    above = [*crumbs(request), Crumb(name_of(found, protocol_of(request.trial)), url_of(found))]
    return {"participant": found.participant, "crumbs": above, "back": url_of(found), **words}


def _acts(found: AdverseEvent, permitted: set[P]) -> Any:
    """What the reader may do about an event."""
    places = [
        (P.JUDGE_EVENT, "event_judge", _("Judge the event")),
        (P.FOLLOW_EVENT, "event_follow_up", _("Follow-up report")),
        (P.FOLLOW_EVENT, "event_correct", _("Correct the event")),
        (P.REVIEW_EVENT, "unblinded:event", _("Texts behind the wall, second opinion")),
    ]
    if found.serious:
        places.insert(1, (P.JUDGE_EVENT, "event_sent", _("Record a report that was sent")))
    for permission, name, label in places:
        if permission in permitted:
            yield Action(label, link(name, trial=found.participant.trial.code, event=found.pk))


def _reports(found: AdverseEvent) -> list[EventReport]:
    return list(found.reports.order_by("-number", "pk"))


def _report(report: EventReport, zone: str, *, readable: bool) -> dict[str, Any]:
    """One report; who wrote it is told of blinded people only, and texts not to those who also assess."""
    by = User.objects.filter(pk=report.by).values_list("name", flat=True).first() if report.by else ""
    rows = standing_rows(report)
    if report.text and readable:
        rows.append(SummaryRow(_("In a few words"), report.text))
    return {
        "kind": report.get_kind_display(),
        "when": told_at(report.at, zone, report.by),
        "by": by or _("somebody who may know arms"),
        "rows": rows,
    }


def _clock_row(held: Clock, protocol: Protocol, zone: str) -> WorkRow:
    name, due = clock_name(protocol, held.code), _("due %(at)s") % {"at": moment_in_words(held.due_at, zone)}
    if held.met_at is None:
        return WorkRow(clock_state(held), time_left(held), name, due)
    done = _("met %(at)s") % {"at": moment_in_words(held.met_at, zone)}
    return WorkRow(clock_state(held), done, name, due, held.reference)


def _work(held: Clock, protocol: Protocol) -> WorkRow:
    found = held.event
    detail = _("%(clock)s, due %(at)s") % {
        "clock": clock_name(protocol, held.code),
        "at": moment_in_words(held.due_at, found.participant.site.time_zone),
    }
    what = term_in_words(protocol, found.term)
    action = Action(_("Open"), url_of(found))
    return WorkRow(clock_state(held), time_left(held), found.participant.number, what, detail, action)


def _to_judge(found: AdverseEvent, protocol: Protocol) -> WorkRow:
    detail = told_at(found.reported_at, found.participant.site.time_zone, found.reported_by)
    what = term_in_words(protocol, found.term)
    return WorkRow("due", _("to judge"), found.participant.number, what, detail, Action(_("Open"), url_of(found)))


def _table(found: list[AdverseEvent], protocol: Protocol) -> Table:
    rows = [
        [
            TableCell(each.participant.number, url=url_of(each)),
            TableCell(term_in_words(protocol, each.term)),
            TableCell(partial_date_in_words(each.onset)),
            TableCell(seriousness_in_words(each)),
            TableCell(str(each.get_outcome_display())),
        ]
        for each in found
    ]
    return Table(_("Events"), [_("Participant"), _("Event"), _("Since"), _("Serious"), _("Now")], rows)
