"""The fields of one exercise in a session log: how it was done, and each set in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from therapy.codes import AgainstRule, NotAsPlanned
from therapy.course import Prescribed
from therapy.dose import MOST_SETS, Set, label_of
from therapy.models import PerformedExercise
from trials.protocol.programmes import Exercise
from web.forms import ChoiceField, NumberField
from web.forms.numbers import NumberInput
from web.therapists.loads import LoadField
from web.therapists.words import EFFORTS, UNITS

Status = PerformedExercise.Status
PLACES = {"reps": 0, "seconds": 0, "load": 2, "effort": 1}
HOW = [
    (Status.AS_PLANNED.value, gettext_lazy("As planned")),
    (Status.CHANGED.value, gettext_lazy("Changed")),
    (Status.SUBSTITUTED.value, gettext_lazy("Swapped")),
    (Status.DROPPED.value, gettext_lazy("Left out")),
]
"""How an exercise was done, in words short enough for one row on a phone."""
REPLACING, ADDED = "new", "added"
REPLACING_SETS = 3


@dataclass(frozen=True)
class Column:
    """One thing measured in every set: its key in a set, and its heading with the unit."""

    key: str
    heading: str


def columns_of(exercise: Exercise, sets: Sequence[Set]) -> list[Column]:
    """What is measured of an exercise: by its planned dose, and whatever was measured of it before."""
    seen = set().union(*sets) if sets else set()
    weighed = exercise.load_unit not in ("none", "body_weight")
    wanted = {
        "reps": exercise.reps is not None,
        "seconds": exercise.seconds is not None,
        "load": weighed,
        "effort": exercise.effort_scale != "none",
    }
    headings = {
        "reps": _("reps a side") if exercise.each_side else _("reps"),
        "seconds": _("seconds a side") if exercise.each_side else _("seconds"),
        "load": str(UNITS[exercise.load_unit]),
        "effort": str(EFFORTS.get(exercise.effort_scale, "")),
    }
    return [Column(key, headings[key]) for key in PLACES if wanted[key] or key in seen]


def replacing_columns() -> list[Column]:
    """What may be measured of the exercise done instead, whichever it is."""
    return [Column("reps", _("reps")), Column("seconds", _("seconds")), Column("load", _("load"))]


def set_name(code: str, part: str, place: int, key: str) -> str:
    """The name of one value: exercise, "set" or "new", place from 1, what is measured."""
    return f"{code}-{part}-{place}-{key}"


def choice_fields(exercise: Exercise, others: Mapping[str, Exercise]) -> dict[str, forms.Field]:
    """How the exercise was done, what was done instead, and why."""
    label = label_of(exercise)
    instead = [(code, _label_with_unit(other)) for code, other in others.items() if code != exercise.code]
    return {
        f"{exercise.code}-status": ChoiceField(
            label=_("%(exercise)s: how was it done?") % {"exercise": label},
            choices=HOW,
            required=False,
            inline=True,
        ),
        f"{exercise.code}-reason": ChoiceField(
            label=_("Why was it not done?"), choices=NotAsPlanned.choices, required=False, as_list=True
        ),
        f"{exercise.code}-instead": ChoiceField(
            label=_("What was done instead?"), choices=instead, required=False, as_list=True
        ),
        f"{exercise.code}-why": ChoiceField(
            label=_("If not taken: why?"), choices=AgainstRule.choices, required=False, as_list=True
        ),
    }


def added_fields(place: int, others: Mapping[str, Exercise]) -> dict[str, forms.Field]:
    """An exercise of the programme that is none of this session's, done as well: which, why, and its sets."""
    code = f"{ADDED}{place}"
    offered = [(each, _label_with_unit(other)) for each, other in others.items()]
    chosen = {
        f"{code}-exercise": ChoiceField(label=_("Exercise"), choices=offered, required=False, as_list=True),
        f"{code}-reason": ChoiceField(
            label=_("Why was it added?"), choices=NotAsPlanned.choices, required=False, as_list=True
        ),
    }
    return chosen | set_fields(code, _("Added exercise"), REPLACING, replacing_columns(), REPLACING_SETS)


def set_fields(
    code: str,
    label: str,
    part: str,
    columns: Sequence[Column],
    count: int,
    planned: Sequence[Set] = (),
    unit: str = "",
) -> dict[str, forms.Field]:
    """One number field for every value of every set; each knows what was planned. ``unit``: that of the load."""
    fields: dict[str, forms.Field] = {}
    heaviest = max((each["load"] for each in planned if each.get("load")), default=None)
    for place in range(1, count + 1):
        plan = planned[place - 1] if place <= len(planned) else {}
        for column in columns:
            facts = {"exercise": label, "number": place, "what": column.heading}
            words = _("%(exercise)s, set %(number)s, %(what)s") % facts
            field = set_field(words, column.key, plan.get(column.key))
            if column.key == "load" and unit:
                field = LoadField(
                    unit, heaviest, label=words, places=PLACES["load"], required=False, widget=field.widget
                )
            fields[set_name(code, part, place, column.key)] = field
    return fields


def set_field(label: str, key: str, planned: float | None) -> NumberField:
    """One value of one set; its range is checked with the exercise by the verb."""
    widget = NumberInput(whole=PLACES[key] == 0)
    widget.attrs |= {"class": "set-value", "aria-label": label, "data-key": key}
    if planned is not None:
        widget.attrs["data-planned"] = str(decimal_of(planned))
    return NumberField(label=label, places=PLACES[key], required=False, widget=widget)


def initial_sets(code: str, part: str, sets: Sequence[Set]) -> dict[str, Any]:
    """Sets as they stand in the fields before anybody typed."""
    return {
        set_name(code, part, place, key): decimal_of(each[key])
        for place, each in enumerate(sets, start=1)
        for key in PLACES
        if key in each
    }


def read_sets(values: Mapping[str, Any], code: str, part: str) -> list[Set]:
    """The typed sets in order; empty ones are left out."""
    sets = []
    for place in range(1, MOST_SETS + 1):
        typed = {key: values.get(set_name(code, part, place, key)) for key in PLACES}
        one = {key: plain(value) for key, value in typed.items() if value is not None}
        if one:
            sets.append(one)
    return sets


def are_planned(sets: Sequence[Set], prescribed: Prescribed) -> bool:
    """Whether sets are exactly those laid out."""
    laid_out = [{key: value for key, value in each.items() if key in PLACES} for each in prescribed.sets]
    return list(sets) == [each for each in laid_out if each]


def plain(number: int | Decimal) -> int | float:
    """A number as doses hold it."""
    return int(number) if number == int(number) else float(number)


def decimal_of(number: float) -> Decimal:
    """A number as fields hold it: 12 for 12.0."""
    return Decimal(str(plain(Decimal(str(number)))))


def _label_with_unit(exercise: Exercise) -> str:
    if exercise.load_unit in ("none", "body_weight"):
        return label_of(exercise)
    return _("%(exercise)s (%(unit)s)") % {"exercise": label_of(exercise), "unit": UNITS[exercise.load_unit]}
