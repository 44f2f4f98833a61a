"""Reading what a therapist entered for the exercises of a session."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.problems import Invalid, Problem
from therapy.codes import AgainstRule, Decision, NotAsPlanned
from therapy.course import Prescribed, exercises_of
from therapy.dose import label_of, read_as_planned, read_sets
from therapy.models import PerformedExercise, Session
from trials.protocol.programmes import Exercise, Programme, SessionType

Status = PerformedExercise.Status
Prescriptions = Mapping[str, Prescribed]
Entry = Mapping[str, Any]
"""``{exercise, status, sets, instead, reason_code, why_code, pain}``; sets when changed, substituted or added.

Of an exercise done as planned, sets are told only to give their details. ``why_code``: why the load that the rule
suggested was not taken. ``pain``: worst pain in this exercise, 0 to 10.
"""

_KEYS = {"exercise", "status", "sets", "instead", "reason_code", "why_code", "pain"}


class Reader:
    """Reads the entries of one session against the arm's programme and what was prescribed."""

    def __init__(self, programme: Programme, kind: SessionType, prescribed: Prescriptions, shortened: bool) -> None:
        self.programme, self.known = programme, exercises_of(programme)
        self.kind = kind
        self.prescribed = prescribed
        self.shortened = shortened

    def read(self, entries: Iterable[Entry]) -> list[PerformedExercise]:
        """One row for every planned exercise in the protocol's order, then the added. Raises Invalid with every fault.

        In a shortened session an exercise without an entry was left out; otherwise each one needs an entry.
        """
        given, problems = self._by_code(list(entries))
        rows: list[PerformedExercise] = []
        planned = {exercise.code for exercise in self.kind.exercises}
        added = [self.known[code] for code in given if code not in planned]
        for order, exercise in enumerate([*self.kind.exercises, *added], start=1):
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
            known = isinstance(entry, Mapping) and not set(entry) - _KEYS
            code = str(entry.get("exercise")) if known else ""
            extra = code in self.known and entry.get("status") == Status.ADDED
            if code not in planned and not extra:
                facts = {"code": str(code)[:40]}
                problems.append(_problem("unknown", _("%(code)s is no exercise of this session."), **facts))
            elif code in given:
                problems.append(_problem("twice", _("%(code)s is entered twice. Keep one."), code=code))
            else:
                given[code] = entry
        return given, problems

    def _row(self, exercise: Exercise, entry: Entry | None) -> PerformedExercise:
        if exercise.code not in self.prescribed:
            return self._added(exercise, entry or {})
        laid_out = self.prescribed[exercise.code]
        planned = [dict(each) for each in laid_out.sets]
        row = PerformedExercise(exercise=exercise.code, planned=planned)
        if entry is None and self.shortened:
            row.status, row.reason_code = Status.DROPPED, NotAsPlanned.SHORTENED
            return row
        match (entry or {}).get("status"):
            case Status.AS_PLANNED:
                told = (entry or {}).get("sets")
                row.performed = planned if told is None else read_as_planned(exercise, planned, told)
            case Status.CHANGED:
                row.performed = read_sets(exercise, entry and entry.get("sets"))
            case Status.SUBSTITUTED:
                self._substitute(row, exercise, entry or {})
            case Status.DROPPED:
                row.reason_code = self._reason(exercise, entry or {})
            case _:
                sentence = _("%(exercise)s: say whether it was done as planned, changed, replaced or left out.")
                raise _problem("status", sentence, exercise=label_of(exercise), code=exercise.code)
        row.status, row.pain = (entry or {})["status"], self._pain(exercise, entry or {})
        self._decide(row, laid_out, entry or {})
        return row

    def _added(self, exercise: Exercise, entry: Entry) -> PerformedExercise:
        row = PerformedExercise(exercise=exercise.code, status=Status.ADDED)
        row.performed = read_sets(exercise, entry.get("sets"))
        row.reason_code, row.pain = str(entry.get("reason_code") or ""), self._pain(exercise, entry)
        if row.reason_code not in NotAsPlanned.values:
            sentence = _("%(exercise)s: choose why it was added.")
            raise _problem("reason", sentence, exercise=label_of(exercise), code=exercise.code)
        return row

    def _pain(self, exercise: Exercise, entry: Entry) -> int | None:
        pain = entry.get("pain")
        is_rating = isinstance(pain, int) and not isinstance(pain, bool) and 0 <= pain <= 10
        if pain is not None and (not is_rating or entry.get("status") == Status.DROPPED):
            sentence = _("%(exercise)s: enter the pain as a whole number from 0 to 10, and none if it was left out.")
            raise _problem("pain", sentence, exercise=label_of(exercise), code=exercise.code)
        return pain

    def _decide(self, row: PerformedExercise, laid_out: Prescribed, entry: Entry) -> None:
        """What the therapist did with the rule's suggestion, from the loads lifted; why, if it was not taken."""
        suggested, why = laid_out.suggested_load, entry.get("why_code") or ""
        loads = [each["load"] for each in row.performed if "load" in each]
        if suggested is None or row.status not in (Status.AS_PLANNED, Status.CHANGED) or not loads:
            return
        last = max(each.get("load", 0) for each in laid_out.sets)
        row.rule, row.suggested = self.programme.progression.code, suggested
        row.decision = {suggested: Decision.FOLLOWED, last: Decision.STAYED}.get(max(loads), Decision.OTHER)
        if row.decision == Decision.FOLLOWED:
            return
        if why not in AgainstRule.values:
            sentence = _("%(exercise)s: take the suggested load, or choose why not.")
            label = label_of(laid_out.exercise)
            raise _problem("why", sentence, exercise=label, code=laid_out.exercise.code)
        row.why_code = str(why)

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
    typed = (session.minutes, session.pain_before, session.pain_during, session.pain_after, session.effort)
    if entries or any(value is not None for value in typed) or session.events_noted:
        raise Problem(
            "session.not_held",
            _("This session was not held: leave exercises, minutes, pain and effort empty."),
            field="status",
        )


def _problem(kind: str, sentence: Any, **params: Any) -> Problem:
    field = f"exercise.{params['code']}" if "code" in params else "exercises"
    return Problem(f"session.exercise_{kind}", sentence, field=field, params=params)
