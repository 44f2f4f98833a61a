"""What somebody types into the pages of the coordinators."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

MONTREAL = ZoneInfo("America/Toronto")


def day(name: str, value: date) -> dict[str, str]:
    """A date in three fields."""
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year)}


def moment(name: str, clock: str, value: datetime) -> dict[str, str]:
    """A date in three fields and the time, on the clocks of the site."""
    here = value.astimezone(MONTREAL)
    return {**day(name, here.date()), clock: f"{here:%H:%M}"}


def criteria(answers: dict[str, Any]) -> dict[str, str]:
    """Answers of the cast as the page posts them."""
    typed: dict[str, str] = {}
    for name, value in answers.items():
        if isinstance(value, dict):
            typed |= {f"q-{name}.{part}": str(answer) for part, answer in value.items()}
        elif isinstance(value, bool):
            typed[f"q-{name}"] = "yes" if value else "no"
        else:
            typed[f"q-{name}"] = str(value)
    return typed
