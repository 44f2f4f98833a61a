"""Adverse events of the story: soreness that a therapist sees, a fall told on the phone, a hospital stay."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from core import clock
from demo.characters import Character
from demo.company import Company
from participants.models import Participant
from safety.actions import causality, clocks, deviations, events, short
from safety.facts import Facts, Status, status_of
from safety.models import AdverseEvent
from therapy import queries as therapy
from therapy.actions import deviations as delivery
from therapy.actions import events as behind

EVERY = 12
SORE, FELL, IN_HOSPITAL, DIZZY = 0, 1, 2, 5
"""Of those who train, each twelfth: whose story holds what."""
Step = tuple[datetime, Any]
ASKED_WEEKS = (4, 8, 12)
OPEN: dict[str, Any] = {"severity": "mild", "serious": False, "criteria": (), "action": "none", "outcome": "resolving"}


def of(
    company: Company, character: Character, participant: Participant, randomized: datetime, therapist: str
) -> list[Step]:
    """What happens to somebody in training, and what the team does about it."""

    def on(days: float, do: Any, *what: Any) -> Step:
        return randomized + timedelta(days=days), partial(do, company, participant, *what)

    asked = [on(7 * week + 0.4, ask, "weekly_pain", week) for week in ASKED_WEEKS]
    asked.append(on(113.3, ask, "week16", 1))
    return [*asked, *_rare(on, character, therapist)]


def _rare(on: Callable[..., Step], character: Character, therapist: str) -> list[Step]:
    """What happens to few."""
    place = character.index % EVERY
    if place == SORE:
        return [on(3.1, seen, therapist, "soreness", "Sore thighs after the last set."), on(3.9, judge, "possible")]
    if place == DIZZY:
        return [on(8.1, seen, therapist, "faint", "Had skipped breakfast."), on(10.1, better, therapist)]
    if place == FELL:
        told = [on(4.8, fell), on(5.2, judge, "unrelated"), on(6.1, deviated), on(6.2, treated_elsewhere)]
        return [*told, on(8.1, elsewhere_than_planned, therapist)]
    if place == IN_HOSPITAL:
        done = [on(4.3, admitted), on(4.9, judge, "unlikely")]
        return done if character.path == "trains" else [*done, on(13, sent)]
    return []


def ask(company: Company, participant: Participant, code: str, number: int) -> None:
    """The coordinator asks, as everybody is asked; nothing new happened."""
    by, visit = company.by("elise"), participant.visits.filter(code=code, number=number).first()
    if visit is not None:
        short.record_asking(visit=visit, answer="nothing", by=by)


def deviated(company: Company, participant: Participant) -> None:
    """The scale was not checked before a measurement: important, so an investigator is to review it."""
    known = {"kind": "measurement", "importance": "important", "cause": "equipment", "remedy": "repeated"}
    day = clock.today(participant.site.time_zone)
    deviations.record(participant=participant, happened_on=day, by=company.by("elise"), **known)


def elsewhere_than_planned(company: Company, participant: Participant, therapist: str) -> None:
    """A session in another room than the programme says: important, and behind the wall."""
    known: dict[str, Any] = {"kind": "place", "importance": "important", "remedy": "repeated", "text": "Room painted."}
    day = clock.today(participant.site.time_zone)
    delivery.record(participant=participant, happened_on=day, by=company.by(therapist), **known)


def treated_elsewhere(company: Company, participant: Participant) -> None:
    """Tablets for the bruise."""
    care = {"kind": "medication", "reason": "event", "began": _today(participant), "ended": ""}
    short.record_care(participant=participant, by=company.by("elise"), **care)


def seen(company: Company, participant: Participant, therapist: str, term: str, text: str) -> None:
    """The therapist reports, with the last session if one is recorded."""
    by = company.by(therapist)
    planned = therapy.next_session(participant, by)
    session = planned.number - 1 if planned is not None and planned.number > 1 else None
    facts = Facts(term, _today(participant), "seen", Status(**OPEN))
    behind.report(participant=participant, facts=facts, text=text, session=session, by=by)


def better(company: Company, participant: Participant, therapist: str) -> None:
    """The therapist adds that it is over."""
    over = {**OPEN, "outcome": "resolved", "ended": _today(participant)}
    behind.follow_up(event=_last(participant), status=Status(**over), text="Feels well.", by=company.by(therapist))


def fell(company: Company, participant: Participant) -> None:
    """The participant tells the coordinator on the phone."""
    facts = Facts("fall", _today(participant), "told", Status(**{**OPEN, "severity": "moderate"}))
    events.report(participant=participant, facts=facts, text="Slipped on ice, bruised hip.", by=company.by("elise"))


def admitted(company: Company, participant: Participant) -> None:
    """A hospital stay: serious, so its clocks run."""
    status = Status("severe", True, ("hospital",), "paused", "ongoing")
    facts = Facts("digestion", _today(participant), "told", status)
    events.report(participant=participant, facts=facts, text="Admitted for appendicitis.", by=company.by("elise"))


def judge(company: Company, participant: Participant, intervention: str) -> None:
    """The investigator says what caused it."""
    opinion = {"intervention": intervention, "procedures": "unrelated", "expected_as": ""}
    causality.judge(event=_last(participant), by=company.by("helen"), **opinion)


def sent(company: Company, participant: Participant) -> None:
    """The full report goes to the ethics committee, and the participant is well again."""
    event = _last(participant)
    clocks.meet_by_report(event=event, code="full_report", reference="REB 25-26-14/SAE-1", by=company.by("helen"))
    held = status_of(event)
    over = Status(held.severity, held.serious, held.criteria, "paused", "resolved", _today(participant))
    events.follow_up(event=event, status=over, text="Home again, trains next week.", by=company.by("elise"))


def _last(participant: Participant) -> AdverseEvent:
    held = participant.adverse_events.select_related("participant__trial", "participant__site")
    return held.order_by("-number", "pk")[0]


def _today(participant: Participant) -> str:
    return clock.today(participant.site.time_zone).isoformat()
