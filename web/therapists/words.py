"""Doses, days and therapists' choices in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from core import clock
from core.dates import date_format
from therapy.dose import Set
from trials.protocol.words import Text

UNITS: Final[dict[str, Any]] = {
    "kg": gettext_lazy("kg"),
    "lb": gettext_lazy("lb"),
    "nm": gettext_lazy("N·m"),
    "percent_1rm": gettext_lazy("% of 1RM"),
    "rm": gettext_lazy("RM"),
    "percent_mvic": gettext_lazy("% of MVIC"),
    "body_weight": gettext_lazy("× body weight"),
    "band": pgettext_lazy("elastic band, as a unit", "band"),
    "degrees": gettext_lazy("degrees"),
    "none": "",
}
EFFORTS: Final[dict[str, Any]] = {
    "rpe_10": gettext_lazy("effort, 0 to 10"),
    "borg_6_20": gettext_lazy("effort, 6 to 20"),
    "reps_in_reserve": gettext_lazy("reps in reserve"),
}


def shown(words: Text) -> str:
    """The protocol's words in the page's language."""
    return words.in_language(get_language() or "en")


def number_in_words(value: float) -> str:
    """12.5 or 12,5, and 12 rather than 12.0."""
    return str(localize(int(value) if float(value).is_integer() else value))


def dose_in_words(sets: Sequence[Set]) -> str:
    """Sets as people say them: "2 × 10 at 30 kg, effort 7; 1 × 9 at 30 kg, effort 8"."""
    return "; ".join(_some_sets(each, len(list(same))) for each, same in groupby(sets))


def load_in_words(load: float, unit: str) -> str:
    return _("%(load)s %(unit)s") % {"load": number_in_words(load), "unit": UNITS[unit]}


def _some_sets(each: Set, count: int) -> str:
    facts: dict[str, Any] = {"sets": count, "reps": each.get("reps"), "seconds": each.get("seconds")}
    if "reps" in each:
        words = _("%(sets)s × %(reps)s") % facts
    elif "seconds" in each:
        words = _("%(sets)s × %(seconds)s s") % facts
    else:
        words = str(count)
    if "load" in each:
        words = _("%(dose)s at %(load)s") % {"dose": words, "load": load_in_words(each["load"], each["unit"])}
    if "effort" in each:
        words = _("%(dose)s, effort %(effort)s") % {"dose": words, "effort": number_in_words(each["effort"])}
    return ", ".join([words, *_details(each)])


def _details(each: Set) -> list[str]:
    """What was measured of a set beside its dose."""
    told = []
    if "tempo" in each:
        told.append(_("tempo %(tempo)s") % {"tempo": each["tempo"]})
    if "rest" in each:
        told.append(_("rest %(seconds)s s") % {"seconds": each["rest"]})
    if "angle" in each:
        told.append(_("%(degrees)s degrees") % {"degrees": number_in_words(each["angle"])})
    if "time_under_load" in each:
        told.append(_("%(seconds)s s under load") % {"seconds": each["time_under_load"]})
    return told


def here(moment: datetime, zone: str) -> datetime:
    """A moment by the clock of a site."""
    return localtime(moment, ZoneInfo(zone))


def moment_in_words(moment: datetime, zone: str) -> str:
    """A day and an hour at a site."""
    local = here(moment, zone)
    return _("%(day)s, %(time)s") % {"day": date_format(local, "l j F Y"), "time": date_format(local, "H:i")}


def day_in_words(day: date, today: date) -> str:
    """A day as people name it within a week, else with its date."""
    if day == today:
        return _("today")
    if 0 < (today - day).days < 7:
        return date_format(day, "l")
    return date_format(day, "j F" if day.year == today.year else "j F Y")


def seen_in_words(moment: datetime | None, zone: str) -> str:
    """When a participant was last seen."""
    if moment is None:
        return _("not seen yet")
    day, today = clock.day_of(moment, zone), clock.today(zone)
    return _("last seen %(day)s") % {"day": day_in_words(day, today)}
