"""What a scorer accepts: which items, and which values each may hold. Null means missing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from instruments.problems import ScoreInputError

Answers = Mapping[str, Any]
Values = dict[str, Any]


class Allowed(Protocol):
    def holds(self, value: Any) -> bool: ...
    def __str__(self) -> str: ...


@dataclass(frozen=True)
class Codes:
    """A whole number from `low` to `high`."""

    low: int
    high: int

    def holds(self, value: Any) -> bool:
        return type(value) is int and self.low <= value <= self.high

    def __str__(self) -> str:
        return f"a whole number from {self.low} to {self.high}"


@dataclass(frozen=True)
class Numbers:
    """A finite number from `low` to `high`."""

    low: float
    high: float

    def holds(self, value: Any) -> bool:
        if type(value) not in (int, float) or (type(value) is float and not math.isfinite(value)):
            return False
        return bool(self.low <= value <= self.high)

    def __str__(self) -> str:
        return f"a number from {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Labels:
    """One of the given words."""

    words: tuple[str, ...]

    def holds(self, value: Any) -> bool:
        return isinstance(value, str) and value in self.words

    def __str__(self) -> str:
        return "one of " + ", ".join(self.words)


@dataclass(frozen=True)
class Words:
    """Text that the rule stores but does not use."""

    longest: int = 100

    def holds(self, value: Any) -> bool:
        return isinstance(value, str) and len(value) <= self.longest

    def __str__(self) -> str:
        return f"text of at most {self.longest} characters"


@dataclass(frozen=True)
class Clock:
    """A time of day, 00:00 to 23:59."""

    def holds(self, value: Any) -> bool:
        return isinstance(value, str) and bool(re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value))

    def __str__(self) -> str:
        return "a time from 00:00 to 23:59, written hh:mm"


@dataclass(frozen=True)
class Rule:
    """A scorer with what it accepts, what it needs, what it returns, and its version.

    `required` are the items counted in n_answered and n_required; `scores` the names returned.
    """

    version: str
    function: Callable[[Answers], Values]
    items: Mapping[str, Allowed]
    required: tuple[str, ...]
    scores: tuple[str, ...]


def read(items: Mapping[str, Allowed], answers: Answers) -> Values:
    """Return every item with its value or None; raises ScoreInputError naming all that is wrong."""
    if not isinstance(answers, Mapping):
        raise ScoreInputError(["The answers are not an object. Write {item code: code}."])
    sentences = [unknown(code, items) for code in answers if code not in items]
    values: Values = {}
    for code, allowed in items.items():
        value = answers.get(code)
        if value is not None and not allowed.holds(value):
            sentences.append(f"{code}: {shown(value)} is not allowed. Use {allowed}, or null.")
        values[code] = value
    if sentences:
        raise ScoreInputError(sentences)
    return values


def unknown(code: Any, items: Mapping[str, Allowed]) -> str:
    names = list(items)
    first = ", ".join(names) if len(names) <= 4 else f"{names[0]}, {names[1]} ... {names[-1]}"
    return f"{shown(code)} is not an item of this instrument. Its items are {first}."


def shown(value: Any) -> str:
    if type(value) is int and abs(value) > 10**18:
        return "a very large number"
    words = repr(value)
    return words if len(words) <= 40 else words[:37] + "..."


def same(names: Iterable[str], allowed: Allowed) -> dict[str, Allowed]:
    """Return the same allowed values for every name."""
    return dict.fromkeys(names, allowed)


def numbered(prefix: str, last: int) -> tuple[str, ...]:
    """Return prefix_1 ... prefix_last."""
    return tuple(f"{prefix}_{number}" for number in range(1, last + 1))


def total(values: Values, names: Iterable[str]) -> int | None:
    """Return the sum of the named codes, or None when one of them is missing."""
    codes = [values[name] for name in names]
    return None if None in codes else sum(codes)


def answered(values: Values, names: Iterable[str]) -> int:
    return sum(values[name] is not None for name in names)


def rounded(value: float | None, decimals: int = 4) -> float | None:
    """Round to far beyond what is shown, so that all platforms store the same digits."""
    return None if value is None else round(float(value), decimals)


def band(value: float, limits: Iterable[tuple[float, str]]) -> str:
    """Return the name of the first band whose upper limit is not below value."""
    return next(name for limit, name in limits if value <= limit)
