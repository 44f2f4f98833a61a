"""Everything a session page shows of one session: what is planned, what was last done, what is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from audit.actors import Actor
from participants.models import Participant
from therapy import course, policies
from therapy.care import treating
from therapy.course import Cell, Prescribed
from therapy.models import PerformedExercise, Session
from trials.access import not_found
from trials.protocol.programmes import Exercise, Programme, SessionType
from web.components import SessionMark


@dataclass(frozen=True)
class Sheet:
    """One session of a participant. ``before`` is the session before it; ``stored`` the record, if there is one."""

    participant: Participant
    programme: Programme
    number: int
    kind: SessionType
    prescribed: list[Prescribed]
    before: Session | None
    stored: Session | None
    performed: list[PerformedExercise]
    cells: list[Cell]

    @property
    def total(self) -> int:
        return self.programme.sessions

    @property
    def zone(self) -> str:
        return self.participant.site.time_zone

    @property
    def others(self) -> dict[str, Exercise]:
        """The exercises of the programme that are none of this session's."""
        own = {exercise.code for exercise in self.kind.exercises}
        return {code: each for code, each in self.exercises.items() if code not in own}

    @property
    def added(self) -> list[PerformedExercise]:
        """What was done besides the session's own exercises."""
        return [row for row in self.performed if row.status == PerformedExercise.Status.ADDED]

    @property
    def exercises(self) -> dict[str, Exercise]:
        """Every exercise of the programme by its code."""
        return course.exercises_of(self.programme)


def sheet_of(participant: Participant, number: int, by: Actor) -> Sheet:
    """The session of a number, recorded or next, for the treating therapist.

    Raises NotFound outside the programme, Problem for a session whose turn has not come.
    """
    with treating(participant, by) as care:
        programme = care.programme
        if not 1 <= number <= programme.sessions:
            raise not_found()
        cells = course.grid_of(participant, programme)
        recorded = [cell.session for cell in cells if cell.session is not None]
        stored = cells[number - 1].session
        if stored is None:
            policies.check_number(number, len(recorded), programme)
        code = stored.session_type if stored else course.type_of_next(programme, recorded).code
        kind = course.type_by_code(programme, code)
        return Sheet(
            participant=participant,
            programme=programme,
            number=number,
            kind=kind,
            prescribed=course.prescribe(participant, programme, kind, before=number),
            before=cells[number - 2].session if number > 1 else None,
            stored=stored,
            performed=_performed(stored),
            cells=cells,
        )


def _performed(stored: Session | None) -> list[PerformedExercise]:
    return list(PerformedExercise.objects.filter(session=stored).order_by("order")) if stored else []


def marks_of(cells: list[Cell], url_of: Callable[[int], str], current: int | None) -> list[SessionMark]:
    """The grid. ``url_of`` gives a session's address; only recorded ones and the next have a page."""
    recorded = sum(cell.session is not None for cell in cells)
    marks = []
    for cell in cells:
        address = url_of(cell.number) if cell.number <= recorded + 1 else ""
        marks.append(SessionMark(cell.number, cell.state, address, today=cell.number == current))
    return marks
