"""How much was lifted, repeated and held, by stated rules. Pure: performed sets in, figures out.

The volume of a set is repetitions × load, in the unit of the exercise; for an exercise of each side the repetitions
count twice, once a side. Units are never added to one another, and a load that is no amount (an RM, a band, an angle)
has no volume. What was done instead of an exercise counts as what it was.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from therapy.dose import Set
from trials.protocol.programmes import Exercise

AMOUNTS = frozenset({"kg", "lb", "nm", "percent_1rm", "percent_mvic", "body_weight"})
"""Units of load that can be multiplied with repetitions."""


@dataclass(frozen=True)
class Performed:
    """One exercise of one session: what was prescribed and what was done, on a day at the site."""

    session: int
    day: date
    exercise: Exercise
    planned: Sequence[Set]
    sets: Sequence[Set]


@dataclass(frozen=True)
class Amount:
    """``load``: repetitions × load in the unit; ``reps`` and ``seconds`` over both sides; None where not measured."""

    sets: int
    reps: float | None
    seconds: float | None
    load: float | None


@dataclass(frozen=True)
class Day:
    """One exercise on one day: its amount, the heaviest load, the mean effort, and volume as per cent of planned."""

    session: int
    day: date
    amount: Amount
    top_load: float | None
    effort: float | None
    percent_of_plan: float | None


def amount_of(exercise: Exercise, sets: Iterable[Set]) -> Amount:
    """The amount of some sets of one exercise."""
    found = list(sets)
    sides = 2 if exercise.each_side else 1
    loaded = [each["reps"] * each["load"] for each in found if "reps" in each and "load" in each]
    return Amount(
        sets=len(found),
        reps=_total([each["reps"] * sides for each in found if "reps" in each]),
        seconds=_total([each["seconds"] * sides for each in found if "seconds" in each]),
        load=_total([each * sides for each in loaded]) if exercise.load_unit in AMOUNTS else None,
    )


def course_of(rows: Iterable[Performed]) -> dict[str, list[Day]]:
    """Each exercise day by day, in the order of the sessions; nothing of one that was never done."""
    course: dict[str, list[Day]] = defaultdict(list)
    for row in rows:
        if row.sets:
            course[row.exercise.code].append(_day(row))
    return dict(course)


def by_week(rows: Iterable[Performed], randomized_on: date) -> dict[int, dict[str, float]]:
    """{week from 1: {unit: volume}}, counted from a day."""
    weeks: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        load = amount_of(row.exercise, row.sets).load
        if load is not None:
            weeks[week_of(row.day, randomized_on)][row.exercise.load_unit] += load
    return {week: dict(units) for week, units in sorted(weeks.items())}


def by_muscle(rows: Iterable[Performed]) -> dict[str, dict[str, float]]:
    """{muscle group: {"sets": n, unit: volume}}. An exercise counts in full for each of its groups."""
    groups: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        amount = amount_of(row.exercise, row.sets)
        for muscle in row.exercise.muscles:
            groups[muscle]["sets"] += amount.sets
            if amount.load is not None:
                groups[muscle][row.exercise.load_unit] += amount.load
    return {muscle: dict(units) for muscle, units in sorted(groups.items())}


@dataclass(frozen=True)
class ExerciseWeek:
    """One exercise in one week from 1: its amount, in how many sessions, and the heaviest load."""

    week: int
    exercise: Exercise
    sessions: int
    amount: Amount
    top_load: float | None


@dataclass(frozen=True)
class MuscleWeek:
    """One muscle group in one week, of the exercises whose load is in one unit; ``load`` None where it is no amount."""

    week: int
    muscle: str
    unit: str
    sets: int
    load: float | None


def by_week_and_exercise(rows: Iterable[Performed], randomized_on: date) -> list[ExerciseWeek]:
    """Every exercise that was done in every week counted from a day, in order."""
    found: dict[tuple[int, str], list[Performed]] = defaultdict(list)
    for row in rows:
        if row.sets:
            found[week_of(row.day, randomized_on), row.exercise.code].append(row)
    return [_exercise_week(week, same) for (week, _code), same in sorted(found.items(), key=lambda each: each[0])]


def by_week_and_muscle(rows: Iterable[Performed], randomized_on: date) -> list[MuscleWeek]:
    """Every muscle group that was worked in every week. An exercise counts in full for each of its groups."""
    found: dict[tuple[int, str, str], list[Amount]] = defaultdict(list)
    for row in rows:
        for muscle in row.exercise.muscles if row.sets else ():
            key = week_of(row.day, randomized_on), muscle, row.exercise.load_unit
            found[key].append(amount_of(row.exercise, row.sets))
    return [
        MuscleWeek(*key, sum(each.sets for each in same), _total([each.load for each in same if each.load is not None]))
        for key, same in sorted(found.items(), key=lambda each: each[0])
    ]


def week_of(day: date, randomized_on: date) -> int:
    """The week of a day, from 1, counted from the day of randomization."""
    return (day - randomized_on) // timedelta(days=7) + 1


def _exercise_week(week: int, same: Sequence[Performed]) -> ExerciseWeek:
    sets = [each for row in same for each in row.sets]
    exercise = same[0].exercise
    sessions = len({row.session for row in same})
    return ExerciseWeek(week, exercise, sessions, amount_of(exercise, sets), max(_values(sets, "load"), default=None))


def _day(row: Performed) -> Day:
    amount, planned = amount_of(row.exercise, row.sets), amount_of(row.exercise, row.planned)
    return Day(
        session=row.session,
        day=row.day,
        amount=amount,
        top_load=max(_values(row.sets, "load"), default=None),
        effort=_mean(_values(row.sets, "effort")),
        percent_of_plan=_percent(amount, planned),
    )


def _percent(done: Amount, planned: Amount) -> float | None:
    """Done of planned in the strongest measure that both have: volume, else repetitions, else seconds."""
    for name in ("load", "reps", "seconds"):
        own, whole = getattr(done, name), getattr(planned, name)
        if own is not None and whole:
            return float(100 * own / whole)
    return None


def _values(sets: Iterable[Mapping[str, float]], key: str) -> list[float]:
    return [each[key] for each in sets if each.get(key) is not None]


def _total(values: Sequence[float]) -> float | None:
    return sum(values) if values else None


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
