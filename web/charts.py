"""Line charts as numbers a template can draw: no style, no script, a table behind every picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from web.components import Table, TableCell, Text

WIDTH: Final = 720
HEIGHT: Final = 280
LEFT, RIGHT, TOP, BOTTOM = 44, 590, 14, 244
_NAME_GAP: Final = 22


@dataclass(frozen=True)
class Series:
    """A named line; None is a gap, never a zero."""

    name: Text
    values: Sequence[float | None]


@dataclass(frozen=True)
class Tick:
    at: float
    text: Text


@dataclass(frozen=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """A series as drawn: `style` 1 to 3 differ by dash and colour, the name stands at `name_y`."""

    name: Text
    style: int
    path: str
    end: Point | None
    name_y: float


@dataclass(frozen=True)
class LineChart:
    """Up to three series over the same labels, from zero up. `says` is the chart in a sentence."""

    title: Text
    says: Text
    axis: Text
    labels: Sequence[Text]
    series: Sequence[Series]

    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    bottom: int = BOTTOM

    @property
    def top_value(self) -> float:
        """The end of the vertical axis: a round number at or above every value."""
        highest = max((v for s in self.series for v in s.values if v is not None), default=0)
        return _step(highest) * max(1, math.ceil(highest / _step(highest)))

    @property
    def y_ticks(self) -> list[Tick]:
        step, top = _step(self.top_value), self.top_value
        return [Tick(self._y(n * step), f"{n * step:g}") for n in range(round(top / step) + 1)]

    @property
    def x_ticks(self) -> list[Tick]:
        """At most eight labels, evenly spaced from the first."""
        every = max(1, math.ceil(len(self.labels) / 8))
        return [Tick(self._x(i), label) for i, label in enumerate(self.labels) if i % every == 0]

    @property
    def lines(self) -> list[Line]:
        ends = [_last(self._points(series)) for series in self.series]
        names = _spread([end.y if end else BOTTOM for end in ends])
        return [
            Line(series.name, n % 3 + 1, _path(self._points(series)), ends[n], names[n])
            for n, series in enumerate(self.series)
        ]

    @property
    def table(self) -> Table:
        """The same numbers, a row per label."""
        rows = [
            [TableCell(label), *(_number(series.values, i) for series in self.series)]
            for i, label in enumerate(self.labels)
        ]
        return Table(self.title, [self.axis, *(series.name for series in self.series)], rows)

    def _points(self, series: Series) -> list[Point | None]:
        return [None if v is None else Point(self._x(i), self._y(v)) for i, v in enumerate(series.values)]

    def _x(self, index: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * index / max(1, len(self.labels) - 1), 1)

    def _y(self, value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * value / self.top_value, 1)


def _step(highest: float) -> float:
    """The distance of the grid lines: 1, 2 or 5 times a power of ten, giving three to six lines."""
    if highest <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(highest / 4))
    return next(power * m for m in (1, 2, 5, 10) if highest / (power * m) <= 5)


def _path(points: Sequence[Point | None]) -> str:
    pen, parts = "M", []
    for point in points:
        if point is None:
            pen = "M"
        else:
            parts.append(f"{pen}{point.x:g} {point.y:g}")
            pen = "L"
    return "".join(parts)


def _last(points: Sequence[Point | None]) -> Point | None:
    return next((point for point in reversed(points) if point), None)


def _spread(heights: Sequence[float]) -> list[float]:
    """Move names that would overlap apart, keeping their order from the bottom up."""
    placed = list(heights)
    order = sorted(range(len(placed)), key=lambda n: -placed[n])
    for below, above in pairwise(order):
        placed[above] = min(placed[above], placed[below] - _NAME_GAP)
    return placed


def _number(values: Sequence[float | None], index: int) -> TableCell:
    value = values[index] if index < len(values) else None
    return TableCell("" if value is None else f"{value:g}", number=True)
