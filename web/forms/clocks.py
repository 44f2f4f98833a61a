"""A day and a time as people enter them, and the moment they make at a site."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _


class ClockField(forms.TimeField):
    """A time of day in 24 hours: 14:30, 14h30 or 1430."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time"))
        kwargs.setdefault("help_text", _("In 24 hours, for example 14:30."))
        kwargs.setdefault("input_formats", ["%H:%M", "%Hh%M", "%H.%M", "%H%M"])
        kwargs.setdefault("widget", forms.TimeInput({"class": "w-4", "autocomplete": "off"}, format="%H:%M"))
        super().__init__(**kwargs)
        self.error_messages["invalid"] = _("Enter a time in 24 hours, for example 14:30.")
        self.error_messages["required"] = _("Enter the time, for example 14:30.")


def moment(day: date, clock: time, zone: str) -> datetime:
    """The moment of a day and a time on the clocks of a site."""
    return datetime.combine(day, clock, ZoneInfo(zone))
