"""How a value is written into a cell of a CSV file."""

import re
from datetime import UTC, date, datetime, time
from typing import Any

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
GUARD = "'"
"""Written before text that a spreadsheet would otherwise run."""


def as_text(value: Any) -> str:
    """A value as text: dates and moments in ISO 8601 (moments in UTC), yes and no as 1 and 0, lists joined by ;.

    None is an empty cell. Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers,
    also those written as text such as -3, stay as they are.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        parts = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return guarded(";".join(as_text(part) for part in parts))
    if isinstance(value, int | float):
        return repr(value)
    return guarded(str(value))


def guarded(text: str) -> str:
    """Text that no spreadsheet runs."""
    first = text.lstrip(" ")
    return GUARD + text if first.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text
