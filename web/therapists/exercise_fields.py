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
from therapy.details import DETAILS, details_of, dose_only
from therapy.dose import MOST_SETS, Set, label_of
from therapy.models import PerformedExercise
from trials.protocol.programmes import Exercise, Span
from web.forms import ChoiceField, NumberField
from web.forms.numbers import NumberInput
from web.therapists.loads import LoadField
from web.therapists.words import EFFORTS, UNITS, number_in_words

Status = PerformedExercise.Status
PLACES = {"reps": 0, "seconds": 0, "load": 2, "effort": 1}
HOW = [
    (Status.AS_PLANNED.value, gettext_lazy("As planned")),
    (Status.CHANGED.value, gettext_lazy("Changed")),
    (Status.SUBSTITUTED.value, gettext_lazy("Swapped")),
    (Status.DROPPED.value, gettext_lazy("Left out")),
]
"""How an exercise was done, in words short enough for one row on a phone."""
DETAIL_PLACES = {"rest": 0, "angle": 1, "time_under_load": 0}
REPLACING, ADDED = "new", "added"
REPLACING_SETS = 3


@dataclass(frozen=True)
class Column:
    """One thing measured in every set: its key in a set, its heading with the unit, and its plan if it has a range."""

    key: str
    heading: str
    plan: str = ""


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


def detail_columns_of(exercise: Exercise) -> list[Column]:
    """What may be measured of each set beside its dose, as the protocol plans it; each with the plan."""
    planned = {
        "tempo": exercise.tempo,
        "rest": exercise.rest,
        "angle": exercise.angle,
        "time_under_load": exercise.time_under_load,
    }
    headings = {
        "tempo": _("tempo"),
        "rest": _("rest, s"),
        "angle": _("range, degrees"),
        "time_under_load": _("s under load"),
    }
    return [Column(key, headings[key], span_in_words(planned[key])) for key in details_of(exercise)]


def span_in_words(planned: Span | str | None) -> str:
    """A planned detail: "2-0-4-0", or "50 to 105"; empty where it is planned in words elsewhere."""
    if planned is None or isinstance(planned, str):
        return planned or ""
    if planned.min == planned.max:
        return number_in_words(planned.min)
    return _("%(low)s to %(high)s") % {"low": number_in_words(planned.min), "high": number_in_words(planned.max)}


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
        f"{exercise.code}-pain": pain_field(label),
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
        f"{code}-pain": pain_field(_("Added exercise")),
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


def detail_fields(code: str, label: str, columns: Sequence[Column], count: int) -> dict[str, forms.Field]:
    """One field for every detail of every set."""
    fields: dict[str, forms.Field] = {}
    for place in range(1, count + 1):
        for column in columns:
            facts = {"exercise": label, "number": place, "what": column.heading}
            words = _("%(exercise)s, set %(number)s, %(what)s") % facts
            attrs = {"class": "set-detail", "aria-label": words, "data-key": column.key}
            if column.key == "tempo":
                text = forms.TextInput({**attrs, "inputmode": "numeric", "autocomplete": "off"})
                field: forms.Field = forms.CharField(label=words, required=False, max_length=11, widget=text)
            else:
                widget = NumberInput(whole=DETAIL_PLACES[column.key] == 0)
                widget.attrs |= attrs
                field = NumberField(label=words, places=DETAIL_PLACES[column.key], required=False, widget=widget)
            fields[set_name(code, "set", place, column.key)] = field
    return fields


def pain_field(label: str) -> NumberField:
    """The worst pain in one exercise."""
    words = _("%(exercise)s: worst pain in it, 0 to 10") % {"exercise": label}
    return NumberField(label=words, low=0, high=10, required=False)


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
    } | {
        set_name(code, part, place, key): each[key] if key == "tempo" else decimal_of(each[key])
        for place, each in enumerate(sets, start=1)
        for key in DETAILS
        if key in each
    }


def read_sets(values: Mapping[str, Any], code: str, part: str) -> list[Set]:
    """The typed sets in order with their details; empty ones are left out."""
    sets = []
    for place in range(1, MOST_SETS + 1):
        typed = {key: values.get(set_name(code, part, place, key)) for key in (*PLACES, *DETAILS)}
        one = {key: plain(value) for key, value in typed.items() if value not in (None, "")}
        if one:
            sets.append(one)
    return sets


def are_planned(sets: Sequence[Set], prescribed: Prescribed) -> bool:
    """Whether the dose of sets is exactly that laid out."""
    laid_out = [{key: value for key, value in each.items() if key in PLACES} for each in prescribed.sets]
    return [dose_only(each) for each in sets] == [each for each in laid_out if each]


def plain(number: int | Decimal | str) -> int | float | str:
    """A value as sets hold it."""
    if isinstance(number, str):
        return number
    return int(number) if number == int(number) else float(number)


def decimal_of(number: float) -> Decimal:
    """A number as fields hold it: 12 for 12.0."""
    return Decimal(str(plain(Decimal(str(number)))))


def _label_with_unit(exercise: Exercise) -> str:
    if exercise.load_unit in ("none", "body_weight"):
        return label_of(exercise)
    return _("%(exercise)s (%(unit)s)") % {"exercise": label_of(exercise), "unit": UNITS[exercise.load_unit]}
