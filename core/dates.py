"""Dates as people read them: Django's formats, and the first of a month as French writes it."""

import re
from datetime import date, datetime

from django.utils import formats
from django.utils.translation import get_language

_DAY = re.compile(r"(?<!\\)j")


def date_format(value: date | datetime | str, format: str | None = None) -> str:
    """Like Django's function of this name, but in French "1er avril", not "1 avril"; other days are "2 avril"."""
    wanted = formats.get_format(format or "DATE_FORMAT")
    if isinstance(value, date) and value.day == 1 and (get_language() or "").startswith("fr"):
        wanted = _DAY.sub(r"j\\e\\r", wanted)
    return formats.date_format(value, wanted)


def partial_date_in_words(value: str) -> str:
    """A date as far as it is known: 2026, May 2026, 3 May 2026; "" stays empty."""
    if not value:
        return ""
    known = [int(part) for part in value.split("-")]
    day = date(*[*known, 1, 1][:3])
    return date_format(day, ("Y", "F Y", "j F Y")[len(known) - 1])
