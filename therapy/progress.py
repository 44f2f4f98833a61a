"""A participant's progress, and how much of the programme people did. Needs the blindfold lifted, or lifts it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit.actors import Actor
from core import clock
from participants.models import Participant
from randomization.queries import AllocationFact
from therapy.adherence import Adherence, adherence_of
from therapy.care import treating
from therapy.course import exercises_of
from therapy.models import PerformedExercise, Session
from therapy.volume import Performed
from trials.protocol import Protocol
from trials.protocol.programmes import Exercise, Programme


@dataclass(frozen=True)
class Progress:
    """Everything the page of one participant draws: sessions and exercises in order, each with its day at the site."""

    programme: Programme
    randomized_on: date
    adherence: Adherence
    sessions: list[tuple[Session, date]]
    rows: list[Performed]
    decisions: list[PerformedExercise]

    @property
    def exercises(self) -> dict[str, Exercise]:
        """The exercises that were done at least once, in the protocol's order."""
        done = {row.exercise.code for row in self.rows if row.sets}
        return {code: each for code, each in exercises_of(self.programme).items() if code in done}


def progress_of(participant: Participant, by: Actor) -> Progress:
    """The progress of somebody in the caller's care; NotFound for everybody else."""
    with treating(participant, by) as care:
        zone = participant.site.time_zone
        started = clock.day_of(care.allocation.at, zone)
        found = Session.objects.filter(participant=participant).order_by("number")
        held = [(session, clock.day_of(session.held_at, zone)) for session in found]
        stored = PerformedExercise.objects.select_related("session").filter(session__participant=participant)
        rows = list(stored.order_by("session__number", "order"))
        return Progress(
            programme=care.programme,
            randomized_on=started,
            adherence=adherence_of(care.programme, held, started),
            sessions=held,
            rows=list(performed(rows, care.programme, zone)),
            decisions=[row for row in rows if row.decision],
        )


def performed(rows: Iterable[PerformedExercise], programme: Programme, zone: str) -> Iterator[Performed]:
    """Stored exercises as the figures take them: what was done instead counts as what it was."""
    known = exercises_of(programme)
    for row in rows:
        exercise = known.get(row.instead or row.exercise)
        if exercise is not None:
            planned = [] if row.instead else row.planned
            day = clock.day_of(row.session.held_at, zone)
            yield Performed(row.session.number, day, exercise, planned, row.performed)


def adherences_of(
    people: Iterable[Participant],
    allocated: dict[UUID, AllocationFact],
    protocol: Protocol,
    *,
    until: datetime | None = None,
) -> dict[UUID, Adherence]:
    """The adherence of everybody in an arm that has a programme, in one query; needs the blindfold lifted.

    ``until``: what was recorded later is left out.
    """
    known = [person for person in people if person.pk in allocated]
    held: dict[UUID, list[Session]] = defaultdict(list)
    recorded = Session.objects.filter(participant__in=[person.pk for person in known])
    if until is not None:
        recorded = recorded.filter(recorded_at__lte=until)
    for session in recorded.order_by("number"):
        held[session.participant_id].append(session)
    found = {}
    for person in known:
        fact, zone = allocated[person.pk], person.site.time_zone
        programme = protocol.programme_of(fact.arm)
        if programme is not None:
            rows = [(session, clock.day_of(session.held_at, zone)) for session in held[person.pk]]
            found[person.pk] = adherence_of(programme, rows, clock.day_of(fact.at, zone))
    return found
