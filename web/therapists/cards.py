"""One exercise as the session page lays it out: last time beside today's plan, and every set in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import BoundField
from django.utils.translation import gettext as _

from core import clock
from therapy.course import Prescribed
from therapy.dose import label_of
from trials.protocol.programmes import Exercise, Programme
from web.therapists.exercise_fields import (
    ADDED,
    REPLACING,
    Column,
    columns_of,
    detail_columns_of,
    replacing_columns,
    set_name,
)
from web.therapists.session_form import SessionForm
from web.therapists.words import day_in_words, dose_in_words, load_in_words, number_in_words, shown


@dataclass(frozen=True)
class SetRow:
    """One set: its number and its values in the order of the columns."""

    place: int
    values: list[BoundField]


@dataclass(frozen=True)
class Card:
    """An exercise on the page. ``suggestion`` says the load that the rule suggests, and why; ``load`` is that load.

    ``unlikely``: the loads that were asked about.
    """

    code: str
    label: str
    equipment: str
    last: str
    plan: str
    suggestion: str
    rule: str
    load: str
    columns: Sequence[Column]
    rows: list[SetRow]
    status: BoundField
    instead: BoundField
    reason: BoundField
    why: BoundField
    count: BoundField
    replacing_columns: Sequence[Column]
    replacing: list[SetRow]
    unlikely: list[BoundField]
    pain: BoundField
    detail_columns: Sequence[Column]
    details: list[SetRow]

    @property
    def observed(self) -> bool:
        """Whether anything stands in the part that is folded away."""
        values = [self.pain, *(value for row in self.details for value in row.values)]
        return any(value.errors or value.value() not in (None, "") for value in values)

    @property
    def errors(self) -> list[str]:
        """What is wrong with the sets, in order."""
        rows = [*self.rows, *self.details, *self.replacing]
        return [str(error) for row in rows for value in row.values for error in value.errors]

    @property
    def many_loads(self) -> bool:
        """Whether there is a load in more than one set."""
        return len(self.rows) > 1 and any(column.key == "load" for column in self.columns)


def cards_of(form: SessionForm) -> list[Card]:
    """The exercises of a session in the protocol's order."""
    return [card_of(form, prescribed) for prescribed in form.sheet.prescribed]


def card_of(form: SessionForm, prescribed: Prescribed) -> Card:
    """One exercise with its fields."""
    exercise, programme = prescribed.exercise, form.sheet.programme
    code, unit = exercise.code, exercise.load_unit
    columns = [
        each for each in columns_of(exercise, prescribed.sets) if set_name(code, "set", 1, each.key) in form.fields
    ]
    details = detail_columns_of(exercise)
    load, laid_out = prescribed.suggested_load, rows_of(form, code, "set", columns)
    return Card(
        code=code,
        label=label_of(exercise),
        equipment=shown(exercise.equipment) if exercise.equipment else "",
        last=last_in_words(form, prescribed),
        plan=plan_in_words(exercise),
        suggestion=load_in_words(load, unit) if load is not None else "",
        rule=rule_in_words(programme) if load is not None else "",
        load=number_in_words(load) if load is not None else "",
        columns=columns,
        rows=laid_out,
        status=form[f"{code}-status"],
        instead=form[f"{code}-instead"],
        reason=form[f"{code}-reason"],
        why=form[f"{code}-why"],
        count=form[f"{code}-sets"],
        replacing_columns=replacing_columns(),
        replacing=rows_of(form, code, REPLACING, replacing_columns()),
        unlikely=[value for row in laid_out for value in row.values if value.name in form.unlikely],
        pain=form[f"{code}-pain"],
        detail_columns=details,
        details=rows_of(form, code, "set", details),
    )


@dataclass(frozen=True)
class Added:
    """A place for an exercise that was done as well."""

    exercise: BoundField
    reason: BoundField
    pain: BoundField
    columns: Sequence[Column]
    rows: list[SetRow]

    @property
    def errors(self) -> list[str]:
        """What is wrong with the sets, in order."""
        return [str(error) for row in self.rows for value in row.values for error in value.errors]


def added_of(form: SessionForm) -> list[Added]:
    """The places for exercises of the programme that are none of this session's; none where it has no others."""
    places = range(1, len(form.sheet.added) + 2) if form.sheet.others else ()
    columns = replacing_columns()
    return [
        Added(
            form[f"{ADDED}{place}-exercise"],
            form[f"{ADDED}{place}-reason"],
            form[f"{ADDED}{place}-pain"],
            columns,
            rows_of(form, f"{ADDED}{place}", REPLACING, columns),
        )
        for place in places
    ]


def rows_of(form: SessionForm, code: str, part: str, columns: Sequence[Column]) -> list[SetRow]:
    """The sets that the form has fields for."""
    rows: list[SetRow] = []
    while columns and set_name(code, part, len(rows) + 1, columns[0].key) in form.fields:
        place = len(rows) + 1
        rows.append(SetRow(place, [form[set_name(code, part, place, column.key)] for column in columns]))
    return rows


def last_in_words(form: SessionForm, prescribed: Prescribed) -> str:
    """What was done last time, and when; empty the first time."""
    if prescribed.last_on is None:
        return ""
    facts = {
        "day": day_in_words(prescribed.last_on, clock.today(form.sheet.zone)),
        "dose": dose_in_words(prescribed.sets),
    }
    return _("Last, %(day)s: %(dose)s") % facts


def plan_in_words(exercise: Exercise) -> str:
    """The protocol's dose with its ranges."""
    span = exercise.reps or exercise.seconds
    if span is None:
        return ""
    low, high = number_in_words(span.min), number_in_words(span.max)
    facts = {"sets": exercise.sets or 1, "low": low, "high": high}
    if exercise.reps is not None:
        return _("Protocol: %(sets)s × %(low)s to %(high)s reps") % facts
    return _("Protocol: %(sets)s × %(low)s to %(high)s s") % facts


def rule_in_words(programme: Programme) -> str:
    return shown(programme.progression.wording)
