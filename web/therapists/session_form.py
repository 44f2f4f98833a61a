"""The session log as a form: when and how it was held, each exercise with its sets, ratings, events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.problems import Invalid, Problem
from therapy.codes import Moved, NotAsPlanned
from therapy.course import Prescribed
from therapy.details import DETAILS
from therapy.dose import MOST_SETS, label_of
from therapy.exercises import Entry
from therapy.models import Session
from therapy.models.session import LONGEST_MINUTES, LONGEST_NOTE
from web.forms import (
    ChoiceField,
    ClockField,
    Form,
    NumberField,
    ReasonField,
    ScaleField,
    SplitDateField,
    YesNoField,
    moment,
)
from web.therapists import exercise_fields as sets
from web.therapists.exercise_fields import ADDED, REPLACING, REPLACING_SETS, Status
from web.therapists.sheets import Sheet
from web.therapists.words import here

RATINGS = ("pain_before", "pain_during", "pain_after", "effort", "minutes")
HELD_ONLY = (*RATINGS, "events_noted")


class SessionForm(Form):
    """One session as entered. ``exercises`` after validation are the entries that the verbs take."""

    status = ChoiceField(label=gettext_lazy("Was it held?"), choices=Session.Status.choices, inline=True)
    reason_code = ChoiceField(
        label=gettext_lazy("Why was it not held as planned?"),
        choices=NotAsPlanned.choices,
        as_list=True,
        error_messages={"required": gettext_lazy("Choose why it was not held as planned.")},
    )
    held_on = SplitDateField(label=gettext_lazy("Day"))
    held_time = ClockField(widget=forms.TimeInput({"type": "time", "class": "w-6"}, format="%H:%M"), help_text="")
    pain_before = ScaleField(
        label=gettext_lazy("Pain before, 0 to 10"),
        low_label=gettext_lazy("no pain"),
        high_label=gettext_lazy("worst imaginable"),
        required=False,
    )
    planned_on = SplitDateField(label=gettext_lazy("Planned for"), required=False)
    moved_code = ChoiceField(
        label=gettext_lazy("Why was it moved?"), choices=Moved.choices, required=False, as_list=True
    )
    close_confirmed = forms.BooleanField(label=gettext_lazy("Both sessions were held"), required=False)
    pain_during = ScaleField(
        label=gettext_lazy("Worst pain during the session, 0 to 10"),
        low_label=gettext_lazy("no pain"),
        high_label=gettext_lazy("worst imaginable"),
        required=False,
    )
    pain_after = ScaleField(
        label=gettext_lazy("Pain after, 0 to 10"),
        low_label=gettext_lazy("no pain"),
        high_label=gettext_lazy("worst imaginable"),
        required=False,
    )
    effort = ScaleField(
        label=gettext_lazy("Effort of the whole session, 0 to 10"),
        low_label=gettext_lazy("no effort"),
        high_label=gettext_lazy("greatest effort"),
        required=False,
    )
    minutes = NumberField(
        label=gettext_lazy("Length"), unit=gettext_lazy("min"), low=1, high=LONGEST_MINUTES, likely=(15, 120),
        required=False,
    )  # fmt: skip
    events_noted = YesNoField(
        label=gettext_lazy("Did anything unwanted happen, during the session or since the last one?"),
        error_messages={"required": gettext_lazy("Say whether anything unwanted happened.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("No names. Blinded people never see it."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, sheet: Sheet, data: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        self.sheet = sheet
        laid_out = initial_of(sheet)
        super().__init__(data, initial={**laid_out, **(initial or {})})
        typed = data if data is not None else self.initial
        if data is not None:
            status = data.get("status")
            self.fields["reason_code"].required = status in Session.Status.values and status != Session.Status.DONE
            self.fields["events_noted"].required = status in Session.ATTENDED
        for prescribed in sheet.prescribed:
            self.add_exercise(prescribed, count_of(typed, prescribed, laid_out))
        if sheet.others:
            for place in range(1, len(sheet.added) + 2):
                self.fields.update(sets.added_fields(place, sheet.others))

    def add_exercise(self, prescribed: Prescribed, count: int) -> None:
        """The fields of one exercise, with so many sets."""
        code, label = prescribed.exercise.code, label_of(prescribed.exercise)
        stored = [each for row in self.sheet.performed if row.exercise == code for each in row.performed]
        columns = sets.columns_of(prescribed.exercise, [*prescribed.sets, *stored])
        self.fields.update(sets.choice_fields(prescribed.exercise, self.sheet.exercises))
        unit = prescribed.exercise.load_unit
        self.fields.update(sets.set_fields(code, label, "set", columns, count, prescribed.sets, unit))
        self.fields.update(sets.detail_fields(code, label, sets.detail_columns_of(prescribed.exercise), count))
        replacing = max(REPLACING_SETS, len(stored))
        self.fields.update(sets.set_fields(code, label, REPLACING, sets.replacing_columns(), replacing))
        hidden = forms.IntegerField(min_value=1, max_value=MOST_SETS, required=False, widget=forms.HiddenInput())
        self.fields[f"{code}-sets"] = hidden
        self.initial[f"{code}-sets"] = count

    def saved_in_words(self) -> str:
        """What is said once it is saved."""
        return _("Session %(number)s is saved.") % {"number": self.sheet.number}

    @property
    def attended(self) -> bool:
        return self.cleaned_data.get("status") in Session.ATTENDED

    def add_problem(self, problem: Problem) -> None:
        """As any form; what is wrong with an exercise stands at the exercise, a moment at its day."""
        for single in problem.problems if isinstance(problem, Invalid) else [problem]:
            field = single.field or ""
            if field == "held_at":
                single.field = "held_on"
            elif field.startswith("exercise."):
                code = field.removeprefix("exercise.")
                named = f"{code}-why" if single.code == "session.exercise_why" else f"{code}-status"
                single.field = named if named in self.fields else f"{ADDED}1-exercise"
            elif field == "exercises" and f"{ADDED}1-exercise" in self.fields:
                single.field = f"{ADDED}1-exercise"
        super().add_problem(problem)

    @property
    def asks_close(self) -> bool:
        """Whether two sessions within an hour were asked about."""
        return bool(self.data.get("close_confirmed")) or self.has_error("close_confirmed")

    @property
    def tells_of_a_move(self) -> bool:
        """Whether the part about a session that was moved stands open."""
        names = ("planned_on", "moved_code")
        return any(self.has_error(name) or self[name].value() not in (None, "") for name in names)

    def held_at(self) -> datetime:
        """When it was held, by the clock of the site; to the minute, unless it is unchanged."""
        day, time = self.cleaned_data["held_on"], self.cleaned_data["held_time"]
        stored = self.sheet.stored
        at = moment(day, time, self.sheet.zone).astimezone(ZoneInfo("UTC"))
        if stored is not None and stored.held_at.replace(second=0, microsecond=0) == at:
            return stored.held_at
        return at

    def details(self) -> dict[str, Any]:
        """What the verbs take besides status, moment and exercises."""
        given = {name: self.cleaned_data.get(name) for name in RATINGS}
        given["events_noted"] = bool(self.cleaned_data.get("events_noted"))
        given["note"] = self.cleaned_data.get("note", "")
        given["planned_on"] = self.cleaned_data.get("planned_on")
        for name in ("reason_code", "moved_code"):
            given[name] = self.cleaned_data.get(name, "")
        return given

    def entries(self) -> list[Entry]:
        """The exercises as the verbs take them; those of which nothing was said are left out."""
        found = (self.entry_of(prescribed) for prescribed in self.sheet.prescribed)
        return [*(entry for entry in found if entry is not None), *self.added()]

    def added(self) -> list[Entry]:
        """The exercises done as well, as the verbs take them."""
        entries: list[Entry] = []
        for place in range(1, len(self.sheet.added) + 2):
            code = f"{ADDED}{place}"
            exercise, typed = (
                self.cleaned_data.get(f"{code}-exercise"),
                sets.read_sets(self.cleaned_data, code, REPLACING),
            )
            reason = self.cleaned_data.get(f"{code}-reason", "")
            if exercise or typed:
                pain = self.cleaned_data.get(f"{code}-pain")
                facts = {"exercise": exercise or "", "status": Status.ADDED, "pain": pain}
                entries.append({**facts, "sets": typed, "reason_code": reason})
        return entries

    def entry_of(self, prescribed: Prescribed) -> Entry | None:
        """One exercise. Sets that differ from the plan make it changed, whatever was tapped."""
        code = prescribed.exercise.code
        status = self.cleaned_data.get(f"{code}-status", "")
        typed = sets.read_sets(self.cleaned_data, code, "set")
        as_laid_out = sets.are_planned(typed, prescribed)
        pain = self.cleaned_data.get(f"{code}-pain")
        observed = pain is not None or any(set(each) & set(DETAILS) for each in typed)
        reason, why = self.cleaned_data.get(f"{code}-reason", ""), self.cleaned_data.get(f"{code}-why", "")
        if status == Status.DROPPED:
            return {"exercise": code, "status": status, "reason_code": reason, "pain": pain}
        if status == Status.SUBSTITUTED:
            replaced = sets.read_sets(self.cleaned_data, code, REPLACING)
            instead = self.cleaned_data.get(f"{code}-instead", "")
            facts = {"exercise": code, "status": status, "instead": instead, "reason_code": reason}
            return {**facts, "sets": replaced, "pain": pain}
        if not status and (not self.attended or (as_laid_out and not observed)):
            return None
        facts = {"exercise": code, "sets": typed, "why_code": why, "pain": pain}
        return {**facts, "status": Status.AS_PLANNED if as_laid_out else Status.CHANGED}

    def exercises_changed(self) -> bool:
        """Whether anything about the exercises differs from what was on the page."""
        own = {f"{prescribed.exercise.code}-" for prescribed in self.sheet.prescribed} | {ADDED}
        return any(name.startswith(start) for name in self.changed_data for start in own)


class CorrectionForm(SessionForm):
    """A recorded session to correct, with the reason; `seen` is the revision that was looked at."""

    reason = ReasonField()
    seen = forms.IntegerField(widget=forms.HiddenInput())

    def saved_in_words(self) -> str:
        return _("Session %(number)s is corrected.") % {"number": self.sheet.number}


def count_of(typed: Mapping[str, Any], prescribed: Prescribed, laid_out: Mapping[str, Any]) -> int:
    """How many sets the page shows: as many as it showed, else as many as are laid out."""
    code = prescribed.exercise.code
    shown = str(typed.get(f"{code}-sets", "") or laid_out.get(f"{code}-sets", ""))
    count = int(shown) if shown.isdecimal() and len(shown) < 4 else len(prescribed.sets)
    return min(max(count, 1), MOST_SETS)


def initial_of(sheet: Sheet) -> dict[str, Any]:
    """What stands on the page: the plan laid out, over it what is recorded. Nothing else is filled in."""
    initial: dict[str, Any] = {}
    for prescribed in sheet.prescribed:
        code = prescribed.exercise.code
        initial |= sets.initial_sets(code, "set", prescribed.sets) | {f"{code}-sets": len(prescribed.sets)}
    if sheet.stored is not None:
        initial |= recorded(sheet, sheet.stored)
    return initial


def recorded(sheet: Sheet, stored: Session) -> dict[str, Any]:
    """The stored values of a session as they stand in the fields."""
    local = here(stored.held_at, sheet.zone)
    names = ("status", "reason_code", "planned_on", "moved_code", "note", *RATINGS)
    initial: dict[str, Any] = {name: getattr(stored, name) for name in names}
    initial |= {"held_on": local.date(), "held_time": local.time().replace(second=0, microsecond=0)}
    if stored.attended:
        initial["events_noted"] = stored.events_noted
    for row in sheet.performed if stored.attended else []:
        code = row.exercise
        if row.status == Status.ADDED:
            continue
        initial |= {f"{code}-status": row.status, f"{code}-reason": row.reason_code, f"{code}-instead": row.instead}
        initial |= {f"{code}-why": row.why_code, f"{code}-pain": row.pain}
        if row.status in (Status.AS_PLANNED, Status.CHANGED):
            emptied = {name: None for name in initial if name.startswith(f"{code}-set-")}
            initial |= emptied | sets.initial_sets(code, "set", row.performed)
            initial[f"{code}-sets"] = max(len(row.performed), 1)
        elif row.status == Status.SUBSTITUTED:
            initial |= sets.initial_sets(code, REPLACING, row.performed)
    for place, row in enumerate(sheet.added, start=1):
        code = f"{ADDED}{place}"
        initial |= {f"{code}-exercise": row.exercise, f"{code}-reason": row.reason_code, f"{code}-pain": row.pain}
        initial |= sets.initial_sets(code, REPLACING, row.performed)
    return initial
