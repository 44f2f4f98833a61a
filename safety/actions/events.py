"""Reporting an adverse event, following it up, correcting it.

``report`` and ``follow_up`` are for blinded roles. Whoever may know arms goes through the verbs of therapy, which keep
the text behind the wall and hand down the codes to ``record`` and ``add_report``.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor, Grant
from audit.acts import Act, act
from core import clock
from core.problems import Conflict, Problem
from participants.actions.withdrawal import raise_death
from participants.models import Participant
from participants.policies import hold
from safety.actions import clocks
from safety.codes import Outcome
from safety.facts import Facts, Status, check_facts, check_status, check_text, status_of
from safety.models import AdverseEvent, EventReport
from safety.policies import check_may_be_recorded
from trials.access import authorize
from trials.queries import protocol_of

Kind = EventReport.Kind
CORRECTABLE = ("term", "onset", "found")
"""What no follow-up report changes, only a correction with its reason."""


def report(*, participant: Participant, facts: Facts, by: Actor, text: str = "") -> AdverseEvent:
    """Record an event that a blinded person heard of; if it is serious, its clocks run from awareness on.

    Raises Invalid with everything that is wrong, Conflict before consent and in a locked trial.
    """
    grant = authorize(by, Permission.REPORT_EVENT, trial=participant.trial, site=participant.site)
    return record(participant=participant, facts=facts, grant=grant, text=text).event


def record(*, participant: Participant, facts: Facts, grant: Grant, text: str = "") -> EventReport:
    """Write an event and its first report. Somebody behind the wall leaves neither name nor text here."""
    _check_words(text, grant)
    protocol = protocol_of(participant.trial)
    with act("event.report", grant=grant, subject=participant) as a:
        check_may_be_recorded(participant)
        hold(participant)
        check_facts(facts, participant, protocol)
        event = AdverseEvent(participant=participant, number=_next(participant.adverse_events))
        event.term, event.onset, event.found = facts.term, facts.onset, facts.found
        event.aware_at, event.reported_at = facts.aware_at or a.at, a.at
        event.reported_by = _name_in_clear(grant)
        for name, value in facts.status.values.items():
            setattr(event, name, value)
        a.create(event)
        made = _write_report(a, event, Kind.FIRST, facts.status, text, grant)
        clocks.start(event=event, since=event.aware_at, grant=grant)
        _tell_of_death(event, grant)
    return made


def follow_up(*, event: AdverseEvent, status: Status, by: Actor, text: str = "") -> EventReport:
    """Append what a blinded person learned since; Conflict when it says nothing new."""
    participant = event.participant
    grant = authorize(by, Permission.FOLLOW_EVENT, trial=participant.trial, site=participant.site)
    return add_report(event=event, status=status, grant=grant, text=text)


def add_report(*, event: AdverseEvent, status: Status, grant: Grant, text: str = "", told: bool = False) -> EventReport:
    """Write a follow-up report. ``told``: something is said behind the wall, so that it need not be new here."""
    _check_words(text, grant)
    with act("event.follow_up", grant=grant, subject=event.participant) as a:
        check_may_be_recorded(event.participant)
        hold(event.participant)
        event.refresh_from_db()
        check_status(status, event.onset, event.participant)
        if status == status_of(event) and not text.strip() and not told:
            raise Conflict("event.nothing_new", _("Nothing changed and nothing is written. Say what is new."))
        a.change(event, **status.values)
        made = _write_report(a, event, Kind.FOLLOW_UP, status, text, grant)
        clocks.start(event=event, since=a.at, grant=grant)
        _tell_of_death(event, grant)
    return made


def correct(*, event: AdverseEvent, changes: dict[str, Any], by: Actor, reason: str) -> AdverseEvent:
    """Correct what was wrong in an event from the start: term, onset, how it was found. Asks for the reason."""
    participant = event.participant
    grant = authorize(by, Permission.FOLLOW_EVENT, trial=participant.trial, site=participant.site)
    if not reason.strip():
        raise Problem("event.reason", _("A saved value was changed. Say why."), field="reason")
    with act("event.correct", grant=grant, subject=participant, reason=reason) as a:
        check_may_be_recorded(participant)
        hold(participant)
        event.refresh_from_db()
        values = {name: changes.get(name, getattr(event, name)) for name in CORRECTABLE}
        facts = Facts(**values, status=status_of(event), aware_at=event.aware_at)
        check_facts(facts, participant, protocol_of(participant.trial))
        if all(getattr(event, name) == value for name, value in values.items()):
            raise Conflict("event.same", _("Nothing is different from what is stored."))
        a.change(event, **values)
        _write_report(a, event, Kind.CORRECTION, status_of(event), "", grant)
    return event


def _tell_of_death(event: AdverseEvent, grant: Grant) -> None:
    """A death ends more than the event: the coordinator records what it stops."""
    if event.outcome == Outcome.FATAL:
        raise_death(participant=event.participant, grant=grant)


def _write_report(a: Act, event: AdverseEvent, kind: str, status: Status, text: str, grant: Grant) -> EventReport:
    made = EventReport(event=event, number=_next(event.reports), kind=kind, text=text.strip(), at=clock.now())
    made.by = _name_in_clear(grant)
    for name, value in status.values.items():
        setattr(made, name, value)
    return a.create(made)


def _name_in_clear(grant: Grant) -> str:
    """Who treats tells the arm: people behind the wall are named in the sealed trail only."""
    return "" if grant.behind else grant.actor.id


def _check_words(text: str, grant: Grant) -> None:
    check_text(text)
    if grant.behind and text.strip():
        raise Problem("event.text_behind", _("Texts of people who may know arms are not kept here."), field="text")


def _next(rows: Any) -> int:
    return max(rows.values_list("number", flat=True), default=0) + 1
