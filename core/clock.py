"""The one clock. Everything that asks what time it is asks here, so that tests and the demo can move it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("clock_moment", default=None)


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return _moment.get() or timezone.now()


def machine_time() -> float:
    """Seconds of the machine's own clock, which nothing moves: to limit traffic, never for what people do."""
    return time.time()


def today(time_zone: str) -> date:
    """The calendar day it is now in a time zone such as ``America/Toronto``."""
    return now().astimezone(ZoneInfo(time_zone)).date()


def day_of(moment: datetime, time_zone: str) -> date:
    """The calendar day of a moment in a time zone."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Hold the clock at an aware moment; nests, and is undone on leaving."""
    if moment.tzinfo is None:
        raise ValueError("The clock can only be moved to a moment with a time zone.")
    token = _moment.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moment.reset(token)


def advance(delta: timedelta) -> None:
    """Move a held clock on. Only inside ``moved_to``: the real clock cannot be pushed."""
    held = _moment.get()
    if held is None:
        raise RuntimeError("The clock is not held; use moved_to first.")
    _moment.set(held + delta)
