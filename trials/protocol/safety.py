"""What the protocol says of safety: time limits of serious events, and when everybody is asked."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .words import Code, Count, Part, Text

Asks = Literal["coordinator", "assessor"]


class SafetyClock(Part):
    """A time limit of serious events, in hours from when the team first hears of it.

    `met_by`: the investigator's review, or a report that was sent. `for_danger`: only for death and danger to life.
    """

    code: Code
    label: Text
    hours: Count
    met_by: Literal["review", "report"]
    for_danger: bool = False


class AskedAt(Part):
    """A visit at which everybody is asked about events, in the same words; `numbers`: only at these occurrences.

    `by`: whose work it is; of several roles whoever comes first asks, once a visit.
    """

    visit: Code
    numbers: tuple[Count, ...] = ()
    by: tuple[Asks, ...] = Field(default=("coordinator",), min_length=1)


DAY = 24
USUAL_CLOCKS = (
    SafetyClock(
        code="review",
        label=Text({"en": "Review by an investigator", "fr": "Examen par un chercheur"}),
        hours=DAY,
        met_by="review",
    ),
    SafetyClock(
        code="danger_report",
        label=Text({"en": "Report of a death or danger to life", "fr": "Signalement d'un décès ou d'un danger vital"}),
        hours=7 * DAY,
        met_by="report",
        for_danger=True,
    ),
    SafetyClock(
        code="full_report",
        label=Text({"en": "Full report", "fr": "Rapport complet"}),
        hours=15 * DAY,
        met_by="report",
    ),
)
"""24 hours, 7 and 15 days (as E2A and E6(R3) have them for medicines)."""


class Safety(Part):
    """`clocks` are those of serious events; `asked_at` the visits at which all arms are asked alike.

    An important deviation is reviewed within `deviation_hours`.
    """

    clocks: tuple[SafetyClock, ...] = Field(default=USUAL_CLOCKS, min_length=1)
    asked_at: tuple[AskedAt, ...] = ()
    deviation_hours: Count = 7 * DAY
