"""Tables of volume: by exercise and week, and by muscle group and week, for everybody in an arm with a programme."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core import clock
from exports.identity import identity
from exports.scope import Scope
from exports.tables import CHUNK, Column, Kind, Table, chunks
from participants.models import Participant
from randomization.queries import AllocationFact, allocations
from therapy.models import PerformedExercise
from therapy.progress import performed
from therapy.volume import ExerciseWeek, MuscleWeek, Performed, by_week_and_exercise, by_week_and_muscle

Row = tuple[Participant, AllocationFact, Any]
_SETS = "therapy.PerformedExercise.performed"


def volume_tables(scope: Scope) -> list[Table]:
    """By the rules of ``therapy.volume``; units are never added to one another. Need an opening to be read."""
    exercises, muscles = _exercise_columns(scope), _muscle_columns(scope)
    return [
        Table("volume", _("Volume by exercise and week"), exercises, partial(_rows, scope, by_week_and_exercise)),
        Table(
            "volume_muscles", _("Volume by muscle group and week"), muscles, partial(_rows, scope, by_week_and_muscle)
        ),
    ]


def _exercise_columns(scope: Scope) -> tuple[Column, ...]:
    names = {
        exercise.code: exercise.label.root
        for programme in scope.protocol.programmes
        for kind in programme.session_types
        for exercise in kind.exercises
    }

    def told(read: Callable[[ExerciseWeek], Any]) -> Callable[[Row], Any]:
        return lambda row: read(row[2])

    codes = tuple(names.items())
    return (
        *_whose(scope),
        Column(
            "week", Kind.INTEGER, _("Week from randomization"), told(lambda each: each.week), "therapy.Session.held_at"
        ),
        Column(
            "exercise",
            Kind.CODE,
            _("Exercise done"),
            told(lambda each: each.exercise.code),
            "therapy.PerformedExercise.exercise",
            codes=codes,
        ),
        Column("sessions", Kind.INTEGER, _("Sessions with this exercise"), told(lambda each: each.sessions), _SETS),
        Column("sets", Kind.INTEGER, _("Sets"), told(lambda each: each.amount.sets), _SETS),
        Column("reps", Kind.INTEGER, _("Repetitions, both sides"), told(lambda each: each.amount.reps), _SETS),
        Column("seconds", Kind.INTEGER, _("Seconds held, both sides"), told(lambda each: each.amount.seconds), _SETS),
        Column("volume", Kind.DECIMAL, _("Sets × repetitions × load"), told(lambda each: each.amount.load), _SETS),
        Column("top_load", Kind.DECIMAL, _("Heaviest load"), told(lambda each: each.top_load), _SETS),
        Column("unit", Kind.TEXT, _("Unit of load"), told(lambda each: each.exercise.load_unit), _SETS),
    )


def _muscle_columns(scope: Scope) -> tuple[Column, ...]:
    def told(read: Callable[[MuscleWeek], Any]) -> Callable[[Row], Any]:
        return lambda row: read(row[2])

    return (
        *_whose(scope),
        Column(
            "week", Kind.INTEGER, _("Week from randomization"), told(lambda each: each.week), "therapy.Session.held_at"
        ),
        Column("muscle_group", Kind.TEXT, _("Muscle group"), told(lambda each: each.muscle), _SETS),
        Column("unit", Kind.TEXT, _("Unit of load"), told(lambda each: each.unit), _SETS),
        Column(
            "sets", Kind.INTEGER, _("Sets; each counts in full for every group"), told(lambda each: each.sets), _SETS
        ),
        Column("volume", Kind.DECIMAL, _("Sets × repetitions × load"), told(lambda each: each.load), _SETS),
    )


def _whose(scope: Scope) -> tuple[Column, ...]:
    arms = tuple((arm.code, arm.public_name.root) for arm in scope.protocol.design.arms)
    return (
        *identity(scope, lambda row: row[0]),
        Column("arm", Kind.CODE, _("Arm"), lambda row: row[1].arm, "randomization.Slot.sealed_arm", codes=arms),
    )


def _rows(scope: Scope, figures: Callable[[list[Performed], Any], list[Any]]) -> Iterator[Row]:
    allocated = {fact.participant_id: fact for fact in allocations(scope.trial) if fact.at <= scope.cut}
    answering = set(scope.answering().values_list("pk", flat=True))
    for people in chunks(scope.participants().select_related("site").iterator(chunk_size=CHUNK), CHUNK):
        kept = [person for person in people if person.pk in answering and person.pk in allocated]
        done = _performed(scope, [person.pk for person in kept])
        for person in kept:
            fact, zone = allocated[person.pk], person.site.time_zone
            programme = scope.protocol.programme_of(fact.arm)
            if programme is not None:
                rows = list(performed(done[person.pk], programme, zone))
                for each in figures(rows, clock.day_of(fact.at, zone)):
                    yield person, fact, each


def _performed(scope: Scope, keys: list[UUID]) -> dict[UUID, list[PerformedExercise]]:
    """The stored exercises of some participants, in order."""
    rows = PerformedExercise.objects.select_related("session").filter(session__participant__in=keys)
    rows = rows.filter(session__recorded_at__lte=scope.cut).order_by("session__number", "order")
    found: dict[UUID, list[PerformedExercise]] = defaultdict(list)
    for row in rows:
        found[row.session.participant_id].append(row)
    return found
