"""Levels of a stratification factor: which value belongs where, and whether every value does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from .criteria import Age, Choice, NumberAsked, Score, YesNo
from .factors import Factor, Level
from .forms import Unknown, attainable_scores, item_values
from .schema import Protocol

Value = int | float | str | bool


def contains(level: Level, value: Value) -> bool:
    """Whether `value` lies in the level: listed, or within all bounds that are given."""
    if level.values:
        return any(type(value) is type(each) and value == each for each in _alike(level.values, value))
    if isinstance(value, bool | str):
        return False
    return (
        (level.at_least is None or value >= level.at_least)
        and (level.above is None or value > level.above)
        and (level.at_most is None or value <= level.at_most)
        and (level.below is None or value < level.below)
    )


def _alike(values: Iterable[Value], value: Value) -> list[Value]:
    if isinstance(value, float):
        return [float(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in values]
    return list(values)


def level_of(protocol: Protocol, factor: str, value: Value) -> str:
    """The code of the level that `value` belongs to.

    Raises KeyError for an unknown factor and LookupError when no single level holds the value
    (a checked protocol has one for every attainable value).
    """
    found = [level.code for level in protocol.factor(factor).levels if contains(level, value)]
    if len(found) != 1:
        raise LookupError(f"{factor}: {value!r} belongs to {len(found)} levels")
    return found[0]


def attainable_values(protocol: Protocol, factor: Factor) -> tuple[Value, ...]:
    """Values to be covered: all of them, or for a continuous measure its ends, the bounds, and between.

    Raises Unknown when the source cannot be found or has no known set of values.
    """
    source = factor.source
    if source.site:
        return tuple(site.code for site in protocol.sites)
    if source.instrument and source.score:
        return tuple(attainable_scores(source.instrument, source.score))
    if source.instrument and source.field:
        return tuple(item_values(source.instrument, source.field))
    return _values_of_question(protocol, factor)


def _values_of_question(protocol: Protocol, factor: Factor) -> tuple[Value, ...]:
    name = factor.source.question or ""
    question = protocol.questions_asked.get(name)
    match question:
        case YesNo():
            return (False, True)
        case Choice():
            return tuple(option.code for option in question.options)
        case Score():
            return tuple(attainable_scores(question.instrument, question.score))
        case Age():
            return tuple(range(int(question.min), int(question.max) + 1))
        case NumberAsked() if question.whole and question.max - question.min <= 10_000:
            return tuple(range(int(question.min), int(question.max) + 1))
        case NumberAsked():
            return _probes(question.min, question.max, factor.levels)
    raise Unknown(_('there is no eligibility question "%(name)s" with countable answers') % {"name": name})


def _probes(low: float, high: float, levels: Sequence[Level]) -> tuple[Value, ...]:
    """Both ends, every bound, and a point between neighbours: enough to find any gap of intervals."""
    bounds = {low, high}
    for level in levels:
        given = (level.at_least, level.above, level.at_most, level.below, *level.values)
        bounds.update(v for v in given if isinstance(v, int | float) and low <= v <= high)
    points = sorted(bounds)
    return tuple(sorted({*points, *((a + b) / 2 for a, b in pairwise(points))}))


def problems_of(protocol: Protocol, factor: Factor) -> list[str]:
    """Sentences on a source that cannot be read, gaps, overlaps and levels that hold nothing."""
    try:
        values = attainable_values(protocol, factor)
    except Unknown as unknown:
        return [
            _('The stratum "%(stratum)s" cannot be checked: %(why)s. Correct its source.')
            % {"stratum": factor.code, "why": str(unknown)}
        ]
    holders = {value: [level.code for level in factor.levels if contains(level, value)] for value in values}
    return [*_gaps(factor, holders), *_overlaps(factor, holders), *_empty(factor, holders)]


def _gaps(factor: Factor, holders: dict[Value, list[str]]) -> list[str]:
    missing = [value for value, levels in holders.items() if not levels]
    if not missing:
        return []
    facts = {"stratum": factor.code, "what": _what(factor), "values": _listed(missing)}
    facts["advice"] = _advice(factor, missing)
    return [_('No level of the stratum "%(stratum)s" contains the %(what)s %(values)s. %(advice)s') % facts]


def _advice(factor: Factor, missing: list[Value]) -> str:
    value = missing[0]
    above = [level for level in factor.levels if level.above == value]
    if above and len(missing) == 1:
        return _('Give it to one level, for example with "at_least: %(value)s" in the level "%(level)s".') % {
            "value": value,
            "level": above[0].code,
        }
    return _("Give every value to exactly one level.")


def _overlaps(factor: Factor, holders: dict[Value, list[str]]) -> list[str]:
    shared: dict[tuple[str, ...], list[Value]] = {}
    for value, levels in holders.items():
        if len(levels) > 1:
            shared.setdefault(tuple(levels), []).append(value)
    return [
        _(
            'The levels %(levels)s of the stratum "%(stratum)s" all contain the %(what)s %(values)s. '
            "Give every value to exactly one level."
        )
        % {
            "levels": _and(f'"{level}"' for level in levels),
            "stratum": factor.code,
            "what": _what(factor),
            "values": _listed(values),
        }
        for levels, values in shared.items()
    ]


def _empty(factor: Factor, holders: dict[Value, list[str]]) -> list[str]:
    used = {code for levels in holders.values() for code in levels}
    return [
        _(
            'The level "%(level)s" of the stratum "%(stratum)s" contains no attainable %(what)s. '
            "Correct its bounds or remove it."
        )
        % {"level": level.code, "stratum": factor.code, "what": _what(factor)}
        for level in factor.levels
        if level.code not in used
    ]


def _what(factor: Factor) -> str:
    if factor.source.score:
        return _("score")
    return _("site") if factor.source.site else _("value")


def _listed(values: Sequence[Any], most: int = 5) -> str:
    words = [_shown(value) for value in values[:most]]
    if len(values) > most:
        return _("%(values)s and %(count)s more") % {
            "values": ", ".join(words),
            "count": len(values) - most,
        }
    return _and(words)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _and(words: Iterable[str]) -> str:
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    return _("%(first)s and %(last)s") % {"first": ", ".join(listed[:-1]), "last": listed[-1]}
