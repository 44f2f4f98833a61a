"""How a value is written into a cell of a CSV file."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_RISKY = frozenset((" ", *_FORMULA))
GUARD = "'"
"""Written before text that a spreadsheet would otherwise run."""


def as_text(value: Any) -> str:
    """A value as text: dates and moments in ISO 8601 (moments in UTC), yes and no as 1 and 0, lists joined by ;.

    None is an empty cell. Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers,
    also those written as text such as -3, stay as they are.
    """
    # Millions of cells pass here.
    write = _WRITERS.get(type(value))
    return write(value) if write is not None else _other_as_text(value)


def _other_as_text(value: Any) -> str:
    """The same for subclasses, lists, and whatever else can be written."""
    for kind in (bool, datetime, date, time, int, float):
        if isinstance(value, kind):
            return _WRITERS[kind](value)
    if isinstance(value, list | tuple | set | frozenset):
        parts = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return guarded(";".join(as_text(part) for part in parts))
    return guarded(str(value))


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def guarded(text: str) -> str:
    """Text that no spreadsheet runs."""
    if text[:1] not in _RISKY:
        return text
    first = text.lstrip(" ")
    return GUARD + text if first.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


_WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: "",
    str: guarded,
    bool: lambda value: "1" if value else "0",
    int: repr,
    float: repr,
    date: date.isoformat,
    time: time.isoformat,
    datetime: _moment,
}
