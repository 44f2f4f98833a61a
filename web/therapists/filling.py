"""What the buttons of the session log fill in without script; nothing is saved by them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core import clock
from therapy.course import Prescribed
from web.therapists.exercise_fields import Status, decimal_of, set_name
from web.therapists.session_form import SessionForm
from web.therapists.sheets import Sheet
from web.therapists.words import here

ALL, NOW, ADD, USE, SAME = "all", "now", "add", "use", "same"


def filled_in(form: SessionForm, step: str) -> dict[str, Any] | None:
    """What stands on the page after a button was pressed: everything typed and what it adds; None to save instead.

    ``all``: the exercises of which nothing was said were done as planned; ``now``: day and time; ``add:CODE``: one
    more set; ``use:CODE``: the suggested load in every set; ``same:CODE``: the load of the first set in every set.
    """
    what, _colon, code = step.partition(":")
    typed = {name: field.widget.value_from_datadict(form.data, {}, name) for name, field in form.fields.items()}
    prescribed = {each.exercise.code: each for each in form.sheet.prescribed}
    if what == NOW:
        return typed | now_at(form.sheet)
    if what == ALL:
        return typed | {f"{each}-status": typed[f"{each}-status"] or Status.AS_PLANNED for each in prescribed}
    if what == ADD and code in prescribed:
        return typed | {f"{code}-sets": form.initial[f"{code}-sets"] + 1}
    if what == USE and code in prescribed:
        return typed | suggested(form, prescribed[code])
    if what == SAME and code in prescribed:
        return typed | in_every_set(form, code, typed.get(set_name(code, "set", 1, "load")))
    return None


def local_now(sheet: Sheet) -> datetime:
    """This moment by the clock of the site."""
    return here(clock.now(), sheet.zone)


def now_at(sheet: Sheet) -> dict[str, Any]:
    """Day and time of this moment."""
    local = local_now(sheet)
    return {"held_on": local.date(), "held_time": local.time().replace(second=0, microsecond=0)}


def suggested(form: SessionForm, prescribed: Prescribed) -> dict[str, Any]:
    """The load that the rule suggests, in every set on the page."""
    code, load = prescribed.exercise.code, prescribed.suggested_load
    if load is None:
        return {}
    return in_every_set(form, code, decimal_of(load))


def in_every_set(form: SessionForm, code: str, load: Any) -> dict[str, Any]:
    """One load in every set on the page."""
    places = range(1, form.initial[f"{code}-sets"] + 1)
    return {set_name(code, "set", place, "load"): load for place in places}
