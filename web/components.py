"""What the shared components take: small frozen records that pages fill and templates print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext_lazy, pgettext_lazy

Text = Any
"""A sentence: `str`, or a lazy translation of one."""

STATES: Final[dict[str, Text]] = {
    "not_due": _("not due"),
    "due": _("due"),
    "started": _("started"),
    "complete": _("complete"),
    "missed": _("missed"),
    "late": _("late"),
    "closing": _("closing"),
    "planned": _("planned"),
    "not_done": _("not done"),
    "withdrawn": _("withdrawn"),
    "query": pgettext_lazy("state", "query open"),
    "signed": _("signed"),
    "locked": _("locked"),
}
"""The states a thing may be in, in the words everyone reads. The first five are those of a form."""

FORM_STATES: Final = ("complete", "started", "due", "missed", "not_due")
SESSION_STATES: Final[dict[str, Text]] = {
    "done": pgettext_lazy("of a session", "done"),
    "shortened": pgettext_lazy("of a session", "shortened"),
    "missed": pgettext_lazy("of a session", "missed"),
    "cancelled": pgettext_lazy("of a session", "cancelled"),
    "planned": pgettext_lazy("of a session", "planned"),
}
SESSION_SIGNS: Final = {"done": "✓", "shortened": "½", "missed": "×", "cancelled": "–", "planned": ""}
SESSION_COUNTS: Final[dict[str, Text]] = {
    "done": npgettext_lazy("of a session", "%(count)d done", "%(count)d done", "count"),
    "shortened": npgettext_lazy("of a session", "%(count)d shortened", "%(count)d shortened", "count"),
    "missed": npgettext_lazy("of a session", "%(count)d missed", "%(count)d missed", "count"),
    "cancelled": npgettext_lazy("of a session", "%(count)d cancelled", "%(count)d cancelled", "count"),
    "planned": npgettext_lazy("of a session", "%(count)d planned", "%(count)d planned", "count"),
}
"""The counts below the grid; in French the words agree with the number."""


@dataclass(frozen=True)
class Crumb:
    """A page above this one."""

    label: Text
    url: str


@dataclass(frozen=True)
class Action:
    """A link that looks like a button."""

    label: Text
    url: str


@dataclass(frozen=True)
class Figure:
    """One number of the strip with what it counts."""

    value: Text
    label: Text
    url: str = ""
    """The list of what is counted, where there is one."""


@dataclass(frozen=True)
class WorkRow:
    """One thing to do: its state in words, whose it is, what it is, and where to do it."""

    status: str
    when: Text
    who: Text
    what: Text
    detail: Text = ""
    action: Action | None = None


@dataclass(frozen=True)
class SummaryRow:
    """One line of a summary list; `value` None reads "not answered"; `language` if it is not the page's."""

    label: Text
    value: Text | None
    change_url: str = ""
    language: str = ""


@dataclass(frozen=True)
class TimelineEvent:
    """What happened (or, with `next`, what is to come) and the line below it."""

    title: Text
    detail: Text = ""
    url: str = ""
    next: bool = False


@dataclass(frozen=True)
class Column:
    """One visit of the matrix: its name, its window in words, whether it is the present one."""

    label: Text
    window: Text = ""
    current: bool = False


@dataclass(frozen=True)
class Cell:
    """The state of one form at one visit; None in a row means the form does not belong there."""

    state: str
    url: str = ""


@dataclass(frozen=True)
class MatrixRow:
    """One form across all visits, in the order of the columns."""

    label: Text
    cells: Sequence[Cell | None]


@dataclass(frozen=True)
class Matrix:
    """Visit by form: what is not due, due, started, complete, missed."""

    columns: Sequence[Column]
    rows: Sequence[MatrixRow]


@dataclass(frozen=True)
class TableCell:
    """A cell: text, or a state, or a link; `number` aligns it to the end."""

    text: Text = ""
    state: str = ""
    url: str = ""
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A plain table; the first cell of every row is the row's heading."""

    caption: Text
    head: Sequence[Text]
    rows: Sequence[Sequence[TableCell]]


@dataclass(frozen=True)
class SessionMark:
    """One of the sessions of a programme: a key of SESSION_STATES."""

    number: int
    state: str
    url: str = ""
    today: bool = False

    @property
    def word(self) -> Text:
        return SESSION_STATES[self.state]

    @property
    def sign(self) -> str:
        return SESSION_SIGNS[self.state]


@dataclass(frozen=True)
class Tab:
    """One view of the same list."""

    label: Text
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class FlowStep:
    """A box of the participant flow: how many, of what, and the reasons of those who left."""

    count: int
    label: Text
    reasons: Sequence[Text] = ()


def count_sessions(marks: Sequence[SessionMark]) -> Mapping[str, int]:
    """Count the sessions in each state of SESSION_STATES, in that order."""
    return {state: sum(mark.state == state for mark in marks) for state in SESSION_STATES}
