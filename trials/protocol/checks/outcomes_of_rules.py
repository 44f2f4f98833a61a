"""What kinds of answers a rule reads, and how it can come out over all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product

from django.utils.translation import gettext as _

from ..criteria import Age, Choice, Criterion, DateAsked, NumberAsked, Profile, Question, Score
from ..rules import ORDER, Rule, comparisons, evaluate, kind_of, names
from ..schema import Protocol
from ..tree import Among, Between, Compare, Name, Value

MOST_COMBINATIONS = 20_000


@dataclass(frozen=True)
class Kind:
    """yes_no; number from `low` to `high`; or category among `values`."""

    name: str
    low: float = 0
    high: float = 0
    whole: bool = False
    values: tuple[str, ...] = ()


Kinds = Mapping[str, Kind]


def kinds_for(criterion: Criterion, protocol: Protocol) -> dict[str, Kind]:
    """The kinds of every name the criterion's rule may read."""
    kinds: dict[str, Kind] = {}
    for name, question in protocol.questions_asked.items():
        kinds.update(_kinds_of(name, question))
    if criterion.answer is not None:
        kinds.update(_kinds_of("answer", criterion.answer))
    return kinds


def _kinds_of(name: str, question: Question) -> dict[str, Kind]:
    match question:
        case NumberAsked():
            return {name: Kind("number", question.min, question.max, question.whole)}
        case Age():
            return {name: Kind("number", question.min, question.max, whole=True)}
        case Score():
            return {name: Kind("number", -1e6, 1e6)}
        case DateAsked():
            parts = ("days_ago", "months_ago", "years_ago")
            low = -100_000 if question.future else 0
            return {f"{name}.{part}": Kind("number", low, 100_000, whole=True) for part in parts}
        case Choice():
            return {name: Kind("category", values=tuple(option.code for option in question.options))}
        case Profile():
            values = tuple(category.code for category in question.categories)
            return {f"{name}.{d.code}": Kind("category", values=values) for d in question.domains}
    return {name: Kind("yes_no")}


def mismatches(rule: Rule, kinds: Kinds) -> Iterator[str]:
    """Sentences on names that are not asked and values of another kind."""
    for name in names(rule):
        if name not in kinds:
            if name == "answer" or name.startswith("answer."):
                yield _('"answer" cannot be read, since the criterion asks no single answer. Name a question.')
            else:
                yield _('"%(name)s" can never be answered, since nothing asks for it. Use one of: %(names)s.') % {
                    "name": name,
                    "names": ", ".join(kinds) or "-",
                }
            return
    for each in comparisons(rule):
        yield from _values_of_another_kind(each, kinds)


def _values_of_another_kind(each: Compare | Between | Among, kinds: Kinds) -> Iterator[str]:
    kind = kinds[each.left.name]
    if isinstance(each, Between) or (isinstance(each, Compare) and each.operator in ORDER):
        sides = (each.low, each.high) if isinstance(each, Between) else (each.right,)
        named = [each.left.name, *(side.name for side in sides if isinstance(side, Name))]
        for name in named:
            if kinds[name].name != "number":
                yield _('"%(name)s" is no number and cannot be ordered. Use "is" or "in".') % {"name": name}
        return
    values = each.values if isinstance(each, Among) else (each.right,)
    for value in values:
        if isinstance(value, Name):
            continue
        if kind_of(value) != kind.name:
            yield _('"%(name)s" is a %(kind)s and cannot be compared with "%(value)s".') % {
                "name": each.left.name,
                "kind": kind.name,
                "value": value,
            }
        elif kind.values and value not in kind.values:
            yield _('"%(value)s" is no answer to "%(name)s". Use one of: %(values)s.') % {
                "value": value,
                "name": each.left.name,
                "values": ", ".join(kind.values),
            }


def outcomes(rule: Rule, kinds: Kinds) -> set[bool | None] | None:
    """All ways the rule can come out over complete answers; None when there are too many to try."""
    read = names(rule)
    choices = [_probes(name, rule, kinds) for name in read]
    combinations = 1
    for each in choices:
        combinations *= len(each)
    if combinations > MOST_COMBINATIONS:
        return None
    found: set[bool | None] = set()
    for combination in product(*choices):
        found.add(evaluate(rule, dict(zip(read, combination, strict=True))))
        if len(found) == 2:
            break
    return found


def _probes(name: str, rule: Rule, kinds: Kinds) -> tuple[Value, ...]:
    """Enough values of one answer to see every way its comparisons can come out."""
    kind = kinds[name]
    if kind.name == "yes_no":
        return (False, True)
    if kind.name == "category":
        return kind.values
    points = {kind.low, kind.high, *(c for c in _constants(rule) if kind.low <= c <= kind.high)}
    if kind.whole:
        near = {point + step for point in points for step in (-1, 0, 1)}
        return tuple(sorted(point for point in near if kind.low <= point <= kind.high))
    ordered = sorted(points)
    return tuple(sorted({*ordered, *((a + b) / 2 for a, b in pairwise(ordered))}))


def _constants(rule: Rule) -> Iterator[float]:
    for each in comparisons(rule):
        if isinstance(each, Between):
            sides: tuple[Value | Name, ...] = (each.low, each.high)
        elif isinstance(each, Among):
            sides = each.values
        else:
            sides = (each.right,)
        yield from (s for s in sides if isinstance(s, int | float) and not isinstance(s, bool))
