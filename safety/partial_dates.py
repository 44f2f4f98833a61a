"""Days of which only the month or the year may be known, as ``2026``, ``2026-03`` or ``2026-03-17``. Pure."""

import calendar
import re
from datetime import date

SHAPE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def span(text: str) -> tuple[date, date]:
    """The first and the last day it can mean; ValueError when it is no such date."""
    if not SHAPE.fullmatch(text):
        raise ValueError(text)
    year, month, day = ([int(part) for part in text.split("-")] + [0, 0])[:3]
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        raise ValueError(text) from None
    if day:
        return first, first
    return first, date(year, month or 12, calendar.monthrange(year, month or 12)[1])


def is_surely_after(text: str, day: date) -> bool:
    """Whether even its first day comes after a day."""
    return span(text)[0] > day


def is_surely_before(text: str, day: date) -> bool:
    """Whether even its last day comes before a day."""
    return span(text)[1] < day
