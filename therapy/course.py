"""The course of a participant through the arm's programme: recorded, next, and what to prescribe.

Everything here needs the blindfold lifted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core import clock
from participants.models import Participant
from therapy.details import dose_only
from therapy.dose import Set, planned_sets, suggested_load
from therapy.models import PerformedExercise, Session
from trials.protocol.programmes import Exercise, Programme, SessionType, session_type_for

PLANNED = "planned"
"""The state of a session that is not recorded yet; the others are those of ``Session.Status``."""


@dataclass(frozen=True)
class Cell:
    """One session of the programme: its number, its state, and the record if there is one."""

    number: int
    state: str
    session: Session | None


@dataclass(frozen=True)
class Prescribed:
    """One exercise of the next session: the dose to lay out, when it was last done, what the rule suggests.

    `suggested_load` is in the exercise's unit; None when the rule suggests no change.
    """

    exercise: Exercise
    sets: list[Set]
    last_on: date | None
    suggested_load: float | None


@dataclass(frozen=True)
class NextSession:
    """The session to be recorded next."""

    number: int
    kind: SessionType
    exercises: list[Prescribed]


def recorded_sessions(participant: Participant) -> list[Session]:
    """The sessions recorded so far, in order."""
    return list(Session.objects.filter(participant=participant).order_by("number"))


def exercises_of(programme: Programme) -> dict[str, Exercise]:
    """Every exercise of a programme by its code."""
    return {exercise.code: exercise for kind in programme.session_types for exercise in kind.exercises}


def type_by_code(programme: Programme, code: str) -> SessionType:
    """A session type of a programme; KeyError when unknown."""
    return {kind.code: kind for kind in programme.session_types}[code]


def type_of_next(programme: Programme, recorded: Sequence[Session]) -> SessionType:
    """The type of the session after those recorded.

    By sequence the type of a session that was not held comes next time; by calendar it is skipped.
    """
    if programme.alternation.by == "sequence":
        return session_type_for(programme, sum(session.attended for session in recorded) + 1)
    return session_type_for(programme, len(recorded) + 1)


def next_of(participant: Participant, programme: Programme) -> NextSession | None:
    """The session to be recorded next, laid out with last time's values; None once all are recorded."""
    recorded = recorded_sessions(participant)
    if len(recorded) >= programme.sessions:
        return None
    kind = type_of_next(programme, recorded)
    return NextSession(len(recorded) + 1, kind, prescribe(participant, programme, kind))


def prescribe(
    participant: Participant, programme: Programme, kind: SessionType, before: int | None = None
) -> list[Prescribed]:
    """Each exercise of a session type with the sets of the last time it was done (before a session number)."""
    last = _last_performed(participant, kind.exercises, before)
    prescribed = []
    for exercise in kind.exercises:
        sets, day = last.get(exercise.code, (planned_sets(exercise), None))
        suggested = suggested_load(exercise, programme.progression, sets) if day else None
        prescribed.append(Prescribed(exercise, [dict(each) for each in sets], day, suggested))
    return prescribed


def grid_of(participant: Participant, programme: Programme) -> list[Cell]:
    """All sessions of the programme, recorded or planned, in order."""
    recorded = {session.number: session for session in recorded_sessions(participant)}
    cells = []
    for number in range(1, programme.sessions + 1):
        session = recorded.get(number)
        cells.append(Cell(number, session.status if session else PLANNED, session))
    return cells


def _last_performed(
    participant: Participant, exercises: Sequence[Exercise], before: int | None
) -> dict[str, tuple[list[Set], date]]:
    """The sets and the day of the last time each exercise was done; nothing of one that never was.

    Read from the newest back, and no further than needed: a course has hundreds of rows.
    """
    rows = PerformedExercise.objects.filter(session__participant=participant)
    if before is not None:
        rows = rows.filter(session__number__lt=before)
    rows = rows.exclude(status=PerformedExercise.Status.DROPPED).order_by("-session__number", "-order")
    facts = rows.values_list("exercise", "instead", "performed", "session__held_at")
    wanted = {exercise.code for exercise in exercises}
    last: dict[str, tuple[list[Set], date]] = {}
    for code, instead, performed, held_at in facts.iterator(chunk_size=len(wanted) * 2 or 1):
        done = instead or code
        if done in wanted:
            wanted.remove(done)
            last[done] = ([dose_only(each) for each in performed], clock.day_of(held_at, participant.site.time_zone))
        if not wanted:
            break
    return last
