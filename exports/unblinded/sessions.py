"""Tables of what was done: sessions, exercises, and each set of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from exports.identity import codes_of, fields_of_identity, identity_at
from exports.scope import Scope
from exports.tables import Column, Kind, Label, Table, flat
from exports.unblinded.therapists import pseudonym_of
from therapy.codes import AgainstRule, Decision, Moved, NotAsPlanned
from therapy.course import exercises_of
from therapy.details import DETAILS
from therapy.models import PerformedExercise, Session
from trials.protocol.programmes import Exercise

_SESSION = "therapy.Session"
_EXERCISE = "therapy.PerformedExercise"
Codes = tuple[tuple[str, Label], ...]


_SIMPLE: tuple[tuple[str, Kind, Label, Label], ...] = (
    ("session_type", Kind.CODE, _("Type of session"), ""),
    ("status", Kind.CODE, _("Held or not"), ""),
    ("reason_code", Kind.CODE, _("Why it was not held as planned"), ""),
    ("held_at", Kind.MOMENT, _("Held, or would have been"), ""),
    ("recorded_at", Kind.MOMENT, _("Recorded"), ""),
    ("planned_on", Kind.DATE, _("Day from which it was moved"), ""),
    ("moved_code", Kind.CODE, _("Why it was moved"), ""),
    ("late", Kind.YES_NO, _("Recorded on a later day"), ""),
    ("minutes", Kind.INTEGER, _("Length"), _("minutes")),
    ("pain_before", Kind.INTEGER, _("Pain before, 0 to 10"), ""),
    ("pain_during", Kind.INTEGER, _("Worst pain during, 0 to 10"), ""),
    ("pain_after", Kind.INTEGER, _("Pain after, 0 to 10"), ""),
    ("effort", Kind.INTEGER, _("Effort, 0 to 10"), ""),
    ("events_noted", Kind.YES_NO, _("An event was noted"), ""),
    ("setting", Kind.TEXT, _("Setting"), ""),
)
"""The fields of a session that are exported as they are."""


@dataclass(frozen=True)
class SetRow:
    """One set: what was planned and what was performed; None where there was none."""

    exercise: Any
    number: int
    planned: dict[str, Any]
    performed: dict[str, Any]


def session_tables(scope: Scope) -> list[Table]:
    """Sessions, exercises, sets."""
    return [_sessions(scope), _exercises(scope), _sets(scope)]


def _sessions(scope: Scope) -> Table:
    codes = {"status": codes_of(Session.Status), "reason_code": codes_of(NotAsPlanned), "moved_code": codes_of(Moved)}
    columns = (
        *identity_at(scope, "participant__"),
        Column("session", Kind.INTEGER, _("Number of the session"), lambda row: row.number, f"{_SESSION}.number"),
        *(
            Column(name, kind, label, partial(_given, name=name), f"{_SESSION}.{name}", unit, codes.get(name, ()))
            for name, kind, label, unit in _SIMPLE
        ),
        Column(
            "therapist",
            Kind.CODE,
            _("Therapist, as a pseudonym"),
            lambda row: pseudonym_of(row.therapist_id),
            f"{_SESSION}.therapist",
        ),
        Column("note", Kind.TEXT, _("Note"), partial(_given, name="note"), f"{_SESSION}.note", shared=False),
    )
    return Table("sessions", _("Sessions"), columns, partial(_session_rows, scope))


def _given(row: Any, *, name: str) -> Any:
    value = getattr(row, name)
    return None if value == "" else value


def _session_rows(scope: Scope) -> Iterator[Any]:
    rows = Session.objects.filter(participant__in=scope.answering(), recorded_at__lte=scope.cut)
    rows = rows.order_by(scope.order, "number")
    own = ("number", *(name for name, _kind, _label, _unit in _SIMPLE), "therapist_id", "note")
    return flat(rows, *fields_of_identity(scope, "participant__"), *own)


def _exercise_columns(scope: Scope, exercise_of: Any) -> tuple[Column, ...]:
    def read(name: str) -> Any:
        return lambda row: _given(exercise_of(row), name=name)

    names = {
        exercise.code: exercise.label.root
        for programme in scope.protocol.programmes
        for kind in programme.session_types
        for exercise in kind.exercises
    }
    codes = tuple(names.items())
    return (
        Column(
            "session",
            Kind.INTEGER,
            _("Number of the session"),
            lambda row: exercise_of(row).session__number,
            f"{_SESSION}.number",
        ),
        Column("exercise", Kind.CODE, _("Exercise planned"), read("exercise"), f"{_EXERCISE}.exercise", codes=codes),
        Column("instead", Kind.TEXT, _("Exercise done in its place"), read("instead"), f"{_EXERCISE}.instead"),
    )


def _exercises(scope: Scope) -> Table:
    def read(name: str) -> Any:
        return partial(_given, name=name)

    columns = (
        *identity_at(scope, "session__participant__"),
        *_exercise_columns(scope, lambda row: row),
        Column("order", Kind.INTEGER, _("Place in the session"), read("order"), f"{_EXERCISE}.order"),
        Column(
            "status",
            Kind.CODE,
            _("Done as planned or not"),
            read("status"),
            f"{_EXERCISE}.status",
            codes=codes_of(PerformedExercise.Status),
        ),
        Column(
            "reason_code",
            Kind.CODE,
            _("Why it was not done as planned"),
            read("reason_code"),
            f"{_EXERCISE}.reason_code",
            codes=codes_of(NotAsPlanned),
        ),
        Column("pain", Kind.INTEGER, _("Worst pain in the exercise, 0 to 10"), read("pain"), f"{_EXERCISE}.pain"),
        *_decisions(),
        Column("sets_planned", Kind.INTEGER, _("Sets planned"), lambda row: len(row.planned), f"{_EXERCISE}.planned"),
        Column(
            "sets_performed",
            Kind.INTEGER,
            _("Sets performed"),
            lambda row: len(row.performed),
            f"{_EXERCISE}.performed",
        ),
    )
    return Table("exercises", _("Exercises of each session"), columns, partial(_exercise_rows, scope))


def _decisions() -> tuple[Column, ...]:
    """The rule's suggestion, and what the therapist did with it."""
    told: tuple[tuple[str, Kind, Label, Codes], ...] = (
        ("rule", Kind.TEXT, _("Rule that suggested a load"), ()),
        ("suggested", Kind.DECIMAL, _("Load suggested"), ()),
        ("decision", Kind.CODE, _("What the therapist did with it"), codes_of(Decision)),
        ("why_code", Kind.CODE, _("Why the suggested load was not taken"), codes_of(AgainstRule)),
    )
    return tuple(
        Column(name, kind, label, partial(_given, name=name), f"{_EXERCISE}.{name}", codes=codes)
        for name, kind, label, codes in told
    )


def _exercise_rows(scope: Scope) -> Iterator[Any]:
    rows = PerformedExercise.objects.filter(
        session__participant__in=scope.answering(), session__recorded_at__lte=scope.cut
    )
    rows = rows.order_by(f"session__{scope.order}", "session__number", "order")
    own = ("session__number", "exercise", "instead", "order", "status", "reason_code", "planned", "performed", "pain")
    decided = ("rule", "suggested", "decision", "why_code")
    return flat(rows, *fields_of_identity(scope, "session__participant__"), *own, *decided)


def _sets(scope: Scope) -> Table:
    measured: list[tuple[str, Kind, Label, Label]] = [
        ("reps", Kind.INTEGER, _("Repetitions planned"), _("Repetitions performed")),
        ("load", Kind.DECIMAL, _("Load planned"), _("Load performed")),
        ("unit", Kind.CODE, _("Unit of the load planned"), _("Unit of the load performed")),
        ("seconds", Kind.INTEGER, _("Seconds planned"), _("Seconds performed")),
        ("effort", Kind.DECIMAL, _("Effort planned"), _("Effort given, on the scale of the exercise")),
    ]
    known = {code: each for programme in scope.protocol.programmes for code, each in exercises_of(programme).items()}
    columns = (
        *identity_at(scope, "exercise.session__participant__"),
        *_exercise_columns(scope, lambda row: row.exercise),
        Column("set", Kind.INTEGER, _("Number of the set"), lambda row: row.number, f"{_EXERCISE}.performed"),
        *(
            Column(f"{part}_{name}", kind, label, partial(_measure, part=part, name=name), f"{_EXERCISE}.{part}")
            for name, kind, planned, performed in measured
            for part, label in (("planned", planned), ("performed", performed))
        ),
        *_details(known),
    )
    return Table("sets", _("Sets of each exercise, planned and performed"), columns, partial(_set_rows, scope))


def _details(known: dict[str, Exercise]) -> Iterator[Column]:
    """What is measured of a set beside its dose, planned and performed; what is not collected is told, not empty."""
    told: tuple[tuple[str, Kind, Label, Label], ...] = (
        ("tempo", Kind.TEXT, _("Tempo planned: seconds of lifting, pause, lowering, pause"), _("Tempo performed")),
        ("rest", Kind.INTEGER, _("Rest planned, seconds"), _("Rest after the set, seconds")),
        ("angle", Kind.DECIMAL, _("Range of motion planned, degrees"), _("Range of motion, degrees")),
        ("time_under_load", Kind.INTEGER, _("Time under load planned, seconds"), _("Time under load, seconds")),
    )
    for name, kind, planned, performed in told:
        read = partial(_planned_detail, known=known, name=name)
        yield Column(f"planned_{name}", Kind.TEXT, planned, read, f"{_EXERCISE}.planned")
        read = partial(_measure, part="performed", name=name)
        yield Column(f"performed_{name}", kind, performed, read, f"{_EXERCISE}.performed")
    label = _("Details that the trial does not collect: empty, yet not missing")
    read = partial(_not_collected, known=known)
    yield Column("not_collected", Kind.TEXT, label, read, f"{_EXERCISE}.performed")


def _done(row: SetRow, known: dict[str, Exercise]) -> Exercise | None:
    """The exercise that a set was of: what was done instead, if it was replaced."""
    return known.get(row.exercise.instead or row.exercise.exercise)


def _planned_detail(row: SetRow, *, known: dict[str, Exercise], name: str) -> str | None:
    """A detail as the protocol plans it: "2-0-4-0", or a range as "50-105"."""
    exercise = _done(row, known)
    planned = getattr(exercise, name, None)
    if planned is None or isinstance(planned, str):
        return planned
    return f"{planned.min:g}-{planned.max:g}" if planned.min != planned.max else f"{planned.min:g}"


def _not_collected(row: SetRow, *, known: dict[str, Exercise]) -> str | None:
    exercise = _done(row, known)
    return " ".join(name for name in DETAILS if exercise and name in exercise.not_collected) or None


def _measure(row: SetRow, *, part: str, name: str) -> Any:
    found: dict[str, Any] = getattr(row, part)
    return found.get(name)


def _set_rows(scope: Scope) -> Iterator[SetRow]:
    for exercise in _exercise_rows(scope):
        for place in range(max(len(exercise.planned), len(exercise.performed))):
            planned = exercise.planned[place] if place < len(exercise.planned) else {}
            performed = exercise.performed[place] if place < len(exercise.performed) else {}
            yield SetRow(exercise, place + 1, planned, performed)
