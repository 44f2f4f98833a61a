"""The shapes: one 16 x 16 drawing for each state or sign, told apart without colour."""

from __future__ import annotations

from typing import Final

from django.utils.safestring import SafeString, mark_safe

_RING: Final = '<circle cx="8" cy="8" r="6.1" fill="none" stroke="currentColor" stroke-width="1.8"/>'
_DISC: Final = '<circle cx="8" cy="8" r="7" fill="currentColor"/>'
_TRIANGLE: Final = '<path d="M8 1 15.4 14.4H.6z" fill="currentColor"/>'


def _line(path: str, width: float = 1.8) -> str:
    return (
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="{width}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _cut(path: str, width: float = 1.8) -> str:
    """A line in the colour of the ground, drawn over a filled shape."""
    return f'<path class="cut" d="{path}" fill="none" stroke-width="{width}"/>'


_OCTAGON: Final = '<path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" fill="currentColor"/>'
_CHECKED: Final = _DISC + _cut("m4.6 8.2 2.3 2.4 4.5-5")
_ALERT: Final = _TRIANGLE + _cut("M8 5.6v4.6M8 11.6v1.2", 1.7)

_SHAPES: Final[dict[str, str]] = {
    "not_due": _line("M4 8h8"),
    "due": _RING,
    "started": _RING + '<path d="M8 1.9a6.1 6.1 0 0 1 0 12.2z" fill="currentColor"/>',
    "complete": _CHECKED,
    "missed": _line("m3.8 3.8 8.4 8.4m0-8.4-8.4 8.4", 2),
    "late": _ALERT,
    "closing": _RING + _line("M8 4.6V8l2.4 1.6", 1.6),
    "planned": _line("M2.5 4.2h11v9.3h-11zM2.5 7.2h11M5.4 2.2v2.4M10.6 2.2v2.4", 1.4),
    "not_done": _RING + _line("M4.2 11.8 11.8 4.2", 1.6),
    "withdrawn": _line("M9.5 3h-6v10h6M7 8h7m-2.6-2.6L14 8l-2.6 2.6", 1.6),
    "query": _line("M2.2 2.8h11.6v8H8.4l-3.2 2.8v-2.8h-3z", 1.6) + _line("M8 5v2.2M8 8.9v.1", 1.6),
    "signed": _line("M2.5 13.4h11M4 10.2l.7-2.6 5.6-5.6 1.9 1.9-5.6 5.6z", 1.5),
    "locked": '<rect x="3" y="7" width="10" height="7" rx="1" fill="currentColor"/>'
    + _line("M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2", 1.7),
    "good": _CHECKED,
    "warn": _ALERT,
    "bad": _OCTAGON + _cut("M8 4.2v4.6M8 10.6v1.4"),
    "info": _DISC + _cut("M8 7v4.6M8 4.2v1.4"),
    "next": _line("m6 3.5 4.5 4.5L6 12.5"),
    "back": _line("M10 3.5 5.5 8l4.5 4.5"),
    "external": _line("M6.5 3.5h-3v9h9v-3M9 3h4v4M13 3 7.5 8.5", 1.5),
}
NAMES: Final = frozenset(_SHAPES)


def draw_icon(name: str) -> SafeString:
    """Draw the named shape as an SVG hidden from screen readers; the text stands beside it.

    Raises KeyError when there is no such shape.
    """
    return mark_safe(  # noqa: S308 - constants of this module only
        f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">{_SHAPES[name]}</svg>'
    )
