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
