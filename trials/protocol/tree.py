"""What a rule is once read: comparisons joined by and, or, not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Value = bool | int | float | str


@dataclass(frozen=True)
class Name:
    name: str
    position: int


@dataclass(frozen=True)
class Compare:
    """`left operator right`; the right side is a value or another answer."""

    left: Name
    operator: str
    right: Value | Name


@dataclass(frozen=True)
class Between:
    left: Name
    low: int | float | Name
    high: int | float | Name


@dataclass(frozen=True)
class Among:
    left: Name
    values: tuple[Value, ...]
    negated: bool


@dataclass(frozen=True)
class Not:
    inner: Rule


@dataclass(frozen=True)
class All:
    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Any_:
    parts: tuple[Rule, ...]


Rule = Compare | Between | Among | Not | All | Any_


def comparisons(rule: Rule) -> Iterator[Compare | Between | Among]:
    """Every comparison in the rule, from left to right."""
    match rule:
        case Not(inner):
            yield from comparisons(inner)
        case All(parts) | Any_(parts):
            for part in parts:
                yield from comparisons(part)
        case _:
            yield rule


def names(rule: Rule) -> tuple[str, ...]:
    """Names of the answers the rule reads, each once, in order."""
    found: list[str] = []
    for each in comparisons(rule):
        found.append(each.left.name)
        others = (each.low, each.high) if isinstance(each, Between) else (getattr(each, "right", None),)
        found.extend(other.name for other in others if isinstance(other, Name))
    return tuple(dict.fromkeys(found))
