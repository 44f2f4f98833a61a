"""Reading what a therapist entered for the exercises of a session."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.problems import Invalid, Problem
from therapy.codes import NotAsPlanned
from therapy.course import exercises_of
from therapy.dose import Set, label_of, read_sets
from therapy.models import PerformedExercise, Session
from trials.protocol.programmes import Exercise, Programme, SessionType

Status = PerformedExercise.Status
Prescriptions = Mapping[str, Sequence[Set]]
Entry = Mapping[str, Any]
"""``{exercise, status, sets, instead, reason_code}``; sets only when changed or substituted."""

_KEYS = {"exercise", "status", "sets", "instead", "reason_code"}


class Reader:
    """Reads the entries of one session against the arm's programme and what was prescribed."""

    def __init__(self, programme: Programme, kind: SessionType, prescribed: Prescriptions, shortened: bool) -> None:
        self.known = exercises_of(programme)
        self.kind = kind
        self.prescribed = prescribed
        self.shortened = shortened

    def read(self, entries: Iterable[Entry]) -> list[PerformedExercise]:
        """One row for every planned exercise, in the protocol's order. Raises Invalid with every fault.

        In a shortened session an exercise without an entry was left out; otherwise each one needs an entry.
        """
        given, problems = self._by_code(list(entries))
        rows: list[PerformedExercise] = []
        for order, exercise in enumerate(self.kind.exercises, start=1):
            try:
                row = self._row(exercise, given.get(exercise.code))
            except Problem as problem:
                problems.append(problem)
            else:
                row.order = order
                rows.append(row)
        if problems:
            raise Invalid(problems)
        return rows

    def _by_code(self, entries: list[Entry]) -> tuple[dict[str, Entry], list[Problem]]:
        planned = {exercise.code for exercise in self.kind.exercises}
        given: dict[str, Entry] = {}
        problems: list[Problem] = []
        for entry in entries:
            code = entry.get("exercise") if isinstance(entry, Mapping) and not set(entry) - _KEYS else None
            if code not in planned:
                facts = {"code": str(code)[:40]}
                problems.append(_problem("unknown", _("%(code)s is no exercise of this session."), **facts))
            elif code in given:
                problems.append(_problem("twice", _("%(code)s is entered twice. Keep one."), code=code))
            else:
                given[code] = entry
        return given, problems

    def _row(self, exercise: Exercise, entry: Entry | None) -> PerformedExercise:
        planned = [dict(each) for each in self.prescribed[exercise.code]]
        row = PerformedExercise(exercise=exercise.code, planned=planned)
        if entry is None and self.shortened:
            row.status, row.reason_code = Status.DROPPED, NotAsPlanned.SHORTENED
            return row
        match (entry or {}).get("status"):
            case Status.AS_PLANNED:
                row.performed = planned
            case Status.CHANGED:
                row.performed = read_sets(exercise, entry and entry.get("sets"))
            case Status.SUBSTITUTED:
                self._substitute(row, exercise, entry or {})
            case Status.DROPPED:
                row.reason_code = self._reason(exercise, entry or {})
            case _:
                sentence = _("%(exercise)s: say whether it was done as planned, changed, replaced or left out.")
                raise _problem("status", sentence, exercise=label_of(exercise), code=exercise.code)
        row.status = (entry or {})["status"]
        return row

    def _substitute(self, row: PerformedExercise, exercise: Exercise, entry: Entry) -> None:
        other = self.known.get(str(entry.get("instead")))
        if other is None or other.code == exercise.code:
            sentence = _("%(exercise)s: choose another exercise of this programme that was done instead.")
            raise _problem("instead", sentence, exercise=label_of(exercise), code=exercise.code)
        row.instead = other.code
        row.performed = read_sets(other, entry.get("sets"))
        row.reason_code = self._reason(exercise, entry)

    def _reason(self, exercise: Exercise, entry: Entry) -> str:
        reason = entry.get("reason_code")
        if reason not in NotAsPlanned.values:
            sentence = _("%(exercise)s: choose why it was not done.")
            raise _problem("reason", sentence, exercise=label_of(exercise), code=exercise.code)
        return str(reason)


def check_nothing_performed(session: Session, entries: Sequence[Entry]) -> None:
    """A session that was not held has no exercises, no minutes and no ratings."""
    typed = (session.minutes, session.pain_before, session.pain_after, session.effort)
    if entries or any(value is not None for value in typed) or session.events_noted:
        raise Problem(
            "session.not_held",
            _("This session was not held: leave exercises, minutes, pain and effort empty."),
            field="status",
        )


def _problem(kind: str, sentence: Any, **params: Any) -> Problem:
    field = f"exercise.{params['code']}" if "code" in params else "exercises"
    return Problem(f"session.exercise_{kind}", sentence, field=field, params=params)
