"""Generates answers that a definition allows, shown items only."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from instruments.definition import Definition, Item


def values(item: Item) -> st.SearchStrategy[Any]:
    if item.kind in {"choice", "yes_no"}:
        return st.sampled_from(item.option_codes())
    if item.kind == "multiple":
        together = [option.code for option in item.options if not option.exclusive]
        return st.lists(st.sampled_from(together), min_size=1, unique=True)
    if item.kind in {"integer", "scale", "vas"}:
        return st.integers(int(item.minimum or 0), int(item.maximum or 0))
    if item.kind == "decimal":
        tenths = 10**item.decimals
        whole = st.integers(round((item.minimum or 0) * tenths), round((item.maximum or 0) * tenths))
        return whole.map(lambda number: round(number / tenths, item.decimals))
    if item.kind == "date":
        return st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(lambda day: day.isoformat())
    if item.kind == "partial_date":
        known = st.sampled_from([4, 7, 10])
        return st.builds(
            lambda day, length: day.isoformat()[:length], st.dates(date(1900, 1, 1), date(2099, 12, 31)), known
        )
    if item.kind == "file":
        return st.uuids(version=4).map(str)
    if item.kind == "time":
        return st.times().map(lambda time: time.strftime("%H:%M"))
    return st.text("abcé", min_size=1, max_size=min(item.longest, 40))


@st.composite
def answers(draw: st.DrawFn, definition: Definition, complete: bool = True) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for item in definition.items:
        if item.show_if is not None and not item.show_if.holds(given.get(item.show_if.item)):
            continue
        if complete or draw(st.booleans()):
            given[item.code] = draw(values(item))
    return given
