"""When each message of a reminder falls due. Pure: the protocol's rule, a window, a time zone, and what was sent.

A day is a calendar day where the site is. A message leaves at ``MORNING`` of its day, or when the quiet hours
that cover that time end, by the clock of whoever gets it; never before the day begins at the site. Days and clock
times stay right over daylight-saving changes, because they are counted on the local calendar and only then turned
into moments.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core import clock
from trials.protocol.reminders import Moment, QuietHours, Reminder

MORNING = time(9)
"""Local time at which messages leave, unless it is quiet then."""


@dataclass(frozen=True)
class Span:
    """What a reminder is about: a visit's window (both days included), or an appointment.

    ``answers_until`` is the last day on which a late answer is still taken; by default the window's last.
    ``own_zone`` is where the receiver lives, if it is not the site's ``time_zone``.
    """

    time_zone: str
    opens_on: date | None = None
    closes_on: date | None = None
    answers_until: date | None = None
    starts_at: datetime | None = None
    own_zone: str = ""

    @property
    def clock_zone(self) -> str:
        """By whose clock it is night."""
        return self.own_zone or self.time_zone


@dataclass(frozen=True)
class Planned:
    """Message ``number`` (from 1) on ``day``: not before the moment ``at``, and no more from ``until`` on (UTC)."""

    number: int
    channel: str
    day: date
    at: datetime
    until: datetime


def schedule(reminder: Reminder, span: Span) -> tuple[Planned, ...]:
    """The messages a reminder makes for a span, in order of time: never more than ``at_most``, at most one a day."""
    planned = [
        each
        for number, moment in enumerate(reminder.send, start=1)
        if (each := _planned(reminder, number, moment, span)) and each.at < each.until
    ]
    by_day = {each.day: each for each in sorted(planned, key=lambda each: -each.number)}
    return tuple(by_day[day] for day in sorted(by_day))[: reminder.at_most]


def due(reminder: Reminder, span: Span, used: Mapping[int, datetime], *, now: datetime) -> Planned | None:
    """The message to send now, or None. ``used`` holds the numbers already planned, with when.

    After a pause only the latest message that fell due is sent, those it overtook are not; and never a second
    one on the same local day.
    """
    if len(used) >= reminder.at_most or is_quiet(reminder.quiet_hours, now, span.clock_zone):
        return None
    today = clock.day_of(now, span.time_zone)
    if any(clock.day_of(at, span.time_zone) >= today for at in used.values()):
        return None
    plan = schedule(reminder, span)
    passed = max((place for place, each in enumerate(plan) if each.number in used), default=-1)
    waiting = [each for each in plan[passed + 1 :] if each.at <= now < each.until]
    return waiting[-1] if waiting else None


def may_still_leave(reminder: Reminder, span: Span, number: int, *, now: datetime) -> bool:
    """Whether message ``number`` still fits the span as it is now: asked again at the moment of sending."""
    return any(each.number == number and now < each.until for each in schedule(reminder, span))


def is_last(reminder: Reminder, span: Span, number: int) -> bool:
    """Whether no message follows this one."""
    numbers = [each.number for each in schedule(reminder, span)]
    return number not in numbers or numbers[-1] == number


def is_quiet(quiet: QuietHours, moment: datetime, time_zone: str) -> bool:
    """Whether the local clock stands in the quiet hours: from ``start`` on, up to but without ``end``."""
    return _within(quiet, moment.astimezone(ZoneInfo(time_zone)).time())


def quiet_until(quiet: QuietHours, moment: datetime, time_zone: str) -> datetime:
    """The moment itself if it is not quiet, else when the quiet hours end next (UTC)."""
    if not is_quiet(quiet, moment, time_zone):
        return moment
    today, end = clock.day_of(moment, time_zone), time.fromisoformat(quiet.end)
    # In autumn an hour passes twice, so its end may too; in spring it may be skipped.
    ends = [_at(today + timedelta(days=n), end.replace(fold=fold), time_zone) for n in range(3) for fold in (0, 1)]
    return min(each for each in ends if each > moment and not is_quiet(quiet, each, time_zone))


def days_ahead(reminder: Reminder) -> int:
    """How many days before an appointment the first message may fall due."""
    return max((moment.before_appointment or 0 for moment in reminder.send), default=0)


def speaks_after_closing(reminder: Reminder) -> bool:
    """Whether some message leaves after the window closed."""
    return any(moment.after_closing is not None for moment in reminder.send)


def _planned(reminder: Reminder, number: int, moment: Moment, span: Span) -> Planned | None:
    """One message, or None if the span has no day for it."""
    day = _day(moment, span)
    if day is None:
        return None
    at = _leaving(day, reminder.quiet_hours, span)
    if span.starts_at is not None:
        until = span.starts_at
    else:
        until = _at(_last_day(moment, span) + timedelta(days=1), time(0), span.time_zone)
    return Planned(number, reminder.channel_of(number), day, at, until)


def _last_day(moment: Moment, span: Span) -> date:
    """The last day on which a message still makes sense."""
    assert span.closes_on is not None  # noqa: S101 -- a window has days
    return (span.answers_until or span.closes_on) if moment.after_closing is not None else span.closes_on


def _day(moment: Moment, span: Span) -> date | None:
    """The local day of a message; None if it would fall outside the window."""
    if span.starts_at is not None:
        days = moment.before_appointment
        return None if days is None else clock.day_of(span.starts_at, span.time_zone) - timedelta(days=days)
    if span.opens_on is None or span.closes_on is None:
        return None
    if moment.after_closing is not None:
        return span.closes_on + timedelta(days=moment.after_closing)
    if moment.after_opening is not None:
        day = span.opens_on + timedelta(days=moment.after_opening)
    elif moment.before_closing is not None:
        day = span.closes_on - timedelta(days=moment.before_closing)
    else:
        return None
    return day if span.opens_on <= day <= span.closes_on else None


def _leaving(day: date, quiet: QuietHours, span: Span) -> datetime:
    """The moment a message of this day may leave: morning, or the end of the quiet hours that cover it.

    Far east of the site the morning is over before the site's day begins.
    """
    morning = _at(day, time.fromisoformat(quiet.end) if _within(quiet, MORNING) else MORNING, span.clock_zone)
    begins = _at(day, time(0), span.time_zone)
    return morning if morning >= begins else quiet_until(quiet, begins, span.clock_zone)


def _at(day: date, clock_time: time, time_zone: str) -> datetime:
    # A time that daylight saving skips is read with the offset before the change, so it falls after the gap.
    return datetime.combine(day, clock_time, ZoneInfo(time_zone)).astimezone(UTC)


def _within(quiet: QuietHours, clock_time: time) -> bool:
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    if start <= end:
        return start <= clock_time < end
    return clock_time >= start or clock_time < end
