"""The dose of an exercise: what is planned, what is prescribed next, and whether what was typed can be true.

A set is ``{reps, load, unit, seconds, effort}``, each only where it was measured: repetitions (per side for an
exercise of each side), load in the exercise's unit, seconds held, effort on the exercise's scale. A performed one also
has the details of ``therapy.details`` that the protocol plans.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.problems import Problem
from therapy.details import DETAILS, LIMITS, NAMES, WHOLE, details_of, dose_only, is_tempo
from trials.protocol.programmes import Exercise, Progression

Set = dict[str, Any]

MOST_SETS = 20
_REPS, _SECONDS = (0, 200), (0, 3_600)
_LOADS = {
    "kg": (0, 500),
    "lb": (0, 1_100),
    "nm": (0, 1_000),
    "percent_1rm": (0, 200),
    "rm": (1, 50),
    "percent_mvic": (0, 200),
    "body_weight": (0, 5),
    "band": (0, 20),
    "degrees": (0, 360),
    "none": (0, 0),
}
_NAMES = {"reps": _("repetitions"), "load": _("the load"), "seconds": _("the seconds"), "effort": _("the effort")}
_EFFORTS = {"rpe_10": (0, 10), "borg_6_20": (6, 20), "reps_in_reserve": (0, 10), "none": (0, 0)}


def planned_sets(exercise: Exercise) -> list[Set]:
    """The protocol's dose as sets, at the lower end of each range."""
    one: Set = {}
    if exercise.reps is not None:
        one["reps"] = exercise.reps.min
    if exercise.load is not None:
        one |= {"load": exercise.load, "unit": exercise.load_unit}
    if exercise.seconds is not None:
        one["seconds"] = exercise.seconds.min
    return [dict(one) for _each in range(exercise.sets or 1)]


def suggested_load(exercise: Exercise, progression: Progression, last: Sequence[Set]) -> float | None:
    """The load that the protocol's rule suggests after the last performance; None to stay. Therapists decide.

    Double progression: once every set reached the upper number of repetitions, add the greater of the step
    (in the exercise's unit) and the percentage, rounded up to a quarter of the unit. No step is added to an RM,
    where more repetitions mean a smaller load.
    """
    loads = [each["load"] for each in last if each.get("load")]
    if progression.code != "double_progression" or exercise.reps is None or not loads or len(loads) != len(last):
        return None
    if exercise.load_unit == "rm" or any(each.get("reps", 0) < exercise.reps.max for each in last):
        return None
    load = max(loads)
    gain = max(progression.step or 0, load * (progression.step_percent or 0) / 100)
    return math.ceil((load + gain) * 4 - 1e-9) / 4 if gain else None


def read_sets(exercise: Exercise, typed: Any) -> list[Set]:
    """The typed sets, checked against hard limits. Raises Problem with the sentence for the first fault."""
    if not isinstance(typed, list | tuple) or not 1 <= len(typed) <= MOST_SETS:
        raise _problem(exercise, _("%(exercise)s: enter 1 to %(most)d sets."), most=MOST_SETS)
    return [_read_set(exercise, each) for each in typed]


def label_of(exercise: Exercise) -> str:
    """The exercise's name in the active language."""
    return exercise.label.in_language(get_language() or "en")


def _read_set(exercise: Exercise, typed: Any) -> Set:
    if not isinstance(typed, Mapping) or set(typed) - {"reps", "load", "unit", "seconds", "effort", *DETAILS}:
        sentence = _("%(exercise)s: a set has reps, load, unit, seconds, effort and its planned details, nothing else.")
        raise _problem(exercise, sentence)
    read: Set = {}
    limits = {
        "reps": _REPS,
        "load": _LOADS[exercise.load_unit],
        "seconds": _SECONDS,
        "effort": _EFFORTS[exercise.effort_scale],
    }
    for name, (least, most) in limits.items():
        value = typed.get(name)
        if value is not None:
            read[name] = _number(exercise, name, value, least, most)
    if "load" in read:
        read["unit"] = exercise.load_unit
    if typed.get("unit") not in (None, "", exercise.load_unit):
        raise _problem(exercise, _("%(exercise)s: the load is in %(unit)s."), unit=exercise.load_unit)
    if not read:
        raise _problem(exercise, _("%(exercise)s: a set is empty. Enter it or remove it."))
    return read | _read_details(exercise, typed)


def _read_details(exercise: Exercise, typed: Mapping[str, Any]) -> Set:
    read: Set = {}
    planned = details_of(exercise)
    for name in DETAILS:
        value = typed.get(name)
        if value in (None, ""):
            continue
        if name not in planned:
            raise _problem(exercise, _("%(exercise)s: the protocol does not plan %(name)s."), name=NAMES[name])
        if name == "tempo" and not is_tempo(value):
            sentence = _("%(exercise)s: enter the tempo as four numbers of seconds, such as 2-0-4-0.")
            raise _problem(exercise, sentence)
        read[name] = value if name == "tempo" else _number(exercise, name, value, *LIMITS[name])
    return read


def read_as_planned(exercise: Exercise, planned: Sequence[Set], typed: Any) -> list[Set]:
    """The sets of an exercise done as planned, with their details. Raises Problem when a dose differs."""
    read = read_sets(exercise, typed)
    if [dose_only(each) for each in read] != list(planned):
        raise _problem(exercise, _("%(exercise)s: these sets differ from the plan. Enter it as changed."))
    return read


def _number(exercise: Exercise, name: str, value: Any, least: int, most: int) -> int | float:
    whole = name in ("reps", "seconds", *WHOLE)
    right_kind = isinstance(value, int) if whole else isinstance(value, int | float)
    if isinstance(value, bool) or not right_kind or not least <= value <= most:
        sentence = _("%(exercise)s: enter %(name)s as a number from %(least)s to %(most)s.")
        if whole:
            sentence = _("%(exercise)s: enter %(name)s as a whole number from %(least)s to %(most)s.")
        raise _problem(exercise, sentence, name={**_NAMES, **NAMES}[name], least=least, most=most)
    return value


def _problem(exercise: Exercise, sentence: Any, **params: Any) -> Problem:
    params = {"exercise": label_of(exercise), **params}
    return Problem("session.dose", sentence, field=f"exercise.{exercise.code}", params=params)
