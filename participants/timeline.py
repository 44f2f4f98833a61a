"""One participant's story in the order it happened, for those who may not know the arm."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from participants.models import Milestone, Participant
from trials.queries import protocol_of

_OF_SESSIONS = {Milestone.Kind.SESSION, Milestone.Kind.LAST_SESSION}


@dataclass(frozen=True)
class Event:
    """Something that happened: ``kind`` and ``code`` for the page to word, ``facts`` for its details."""

    at: datetime
    kind: str
    code: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def timeline(participant: Participant, audience: str) -> list[Event]:
    """Screenings, decisions, consents, appointments, randomization, withdrawals and attempts, newest first.

    ``audience`` is a role; a role the protocol blinds to sessions sees no session. The number of queries does
    not grow with the story.
    """
    hidden = protocol_of(participant.trial).blinding.hides(audience, "sessions")
    events = [
        *_decisions(participant),
        *_consents(participant),
        *_appointments(participant),
        *_milestones(participant, hidden),
        *_withdrawals(participant),
        *_attempts(participant),
    ]
    return sorted(events, key=lambda event: (event.at, event.kind), reverse=True)


def _decisions(participant: Participant) -> Iterator[Event]:
    for screening in participant.screenings.order_by("pk"):
        facts = {"reasons": screening.reasons, "declined": screening.get_declined_reason_display()}
        yield Event(screening.at, "screening", screening.outcome, facts)
    for decision in participant.decisions.order_by("pk"):
        yield Event(decision.at, "decision", decision.outcome, {"stage": decision.stage, "reasons": decision.reasons})


def _consents(participant: Participant) -> Iterator[Event]:
    for consent in participant.consents.order_by("pk"):
        facts = {"language": consent.language, "clauses": consent.clauses}
        yield Event(consent.signed_at, "consent", consent.version, facts)


def _appointments(participant: Participant) -> Iterator[Event]:
    for appointment in participant.appointments.select_related("person").order_by("pk"):
        facts = {"purpose": appointment.purpose, "place": appointment.place, "minutes": appointment.minutes}
        yield Event(appointment.starts_at, "appointment", appointment.state, facts)


def _milestones(participant: Participant, hide_sessions: bool) -> Iterator[Event]:
    shown = {Milestone.Kind.RANDOMIZED} if hide_sessions else {Milestone.Kind.RANDOMIZED, *_OF_SESSIONS}
    for milestone in participant.milestones.filter(kind__in=shown).exclude(day=None).order_by("pk"):
        yield Event(milestone.at, "milestone", milestone.kind, {"day": milestone.day, "number": milestone.number})


def _withdrawals(participant: Participant) -> Iterator[Event]:
    for withdrawal in participant.withdrawals.order_by("pk"):
        facts = {"scopes": withdrawal.scopes, "reason": withdrawal.get_reason_code_display()}
        yield Event(withdrawal.at, "withdrawal", "", facts)


def _attempts(participant: Participant) -> Iterator[Event]:
    for attempt in participant.contact_attempts.order_by("pk"):
        facts = {"channel": attempt.get_channel_display(), "outcome": attempt.get_outcome_display()}
        yield Event(attempt.at, "contact_attempt", attempt.outcome, facts)
