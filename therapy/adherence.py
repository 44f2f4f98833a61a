"""How much of the programme somebody did, by stated rules. Pure: sessions in, figures out.

The denominator is the number of sessions of the programme, not of those recorded: who stays away lowers it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from trials.protocol.programmes import Programme


class Held(Protocol):
    """What is asked of a recorded session: its status, its minutes, and whether it was recorded on a later day."""

    status: str
    minutes: int | None
    late: bool


@dataclass(frozen=True)
class Adherence:
    """One participant's course. ``planned`` is the programme's number of sessions.

    ``within_window``: attended in the weeks of the programme, counted from the day of randomization. ``long_enough``:
    attended for at least as many minutes as the protocol asks; ``timed``: attended with their length recorded.
    ``weeks``: sessions attended in each week of the programme. ``days_to_first``: from randomization to the first
    session attended.
    """

    planned: int
    a_week: int
    done: int
    shortened: int
    missed: int
    cancelled: int
    within_window: int
    minutes: int
    timed: int
    long_enough: int
    late: int
    weeks: tuple[int, ...]
    days_to_first: int | None

    @property
    def attended(self) -> int:
        """Done or shortened."""
        return self.done + self.shortened

    @property
    def recorded(self) -> int:
        return self.attended + self.missed + self.cancelled

    @property
    def attended_percent(self) -> float:
        """Attended of planned, 0 to 100."""
        return 100 * self.attended / self.planned

    @property
    def done_percent(self) -> float:
        """Done in full of planned, 0 to 100."""
        return 100 * self.done / self.planned

    @property
    def window_percent(self) -> float:
        """Attended within the weeks of the programme of planned, 0 to 100."""
        return 100 * self.within_window / self.planned

    @property
    def full_weeks(self) -> int:
        """Weeks with at least as many sessions as planned."""
        return sum(count >= self.a_week for count in self.weeks)


def adherence_of(programme: Programme, held: Iterable[tuple[Held, date]], randomized_on: date) -> Adherence:
    """The figures of one participant, from recorded sessions with the day of each at the site."""
    rows = list(held)
    attended = [(session, day) for session, day in rows if session.status in ("done", "shortened")]
    days = [day for _session, day in attended]
    timed = [session.minutes for session, _day in attended if session.minutes is not None]
    weeks = attended_by_week(programme.weeks, days, randomized_on)
    return Adherence(
        planned=programme.sessions,
        a_week=programme.sessions_per_week,
        done=_count(rows, "done"),
        shortened=_count(rows, "shortened"),
        missed=_count(rows, "missed"),
        cancelled=_count(rows, "cancelled"),
        within_window=sum(weeks),
        minutes=sum(timed),
        timed=len(timed),
        long_enough=sum(each >= programme.minutes.at_least for each in timed),
        late=sum(session.late for session, _day in rows),
        weeks=weeks,
        days_to_first=(min(days) - randomized_on).days if days else None,
    )


def attended_by_week(weeks: int, days: Sequence[date], randomized_on: date) -> tuple[int, ...]:
    """Sessions in each week counted from a day; those outside the weeks are not counted."""
    counts = [0] * weeks
    for day in days:
        week = (day - randomized_on) // timedelta(days=7)
        if 0 <= week < weeks:
            counts[week] += 1
    return tuple(counts)


def _count(rows: Sequence[tuple[Held, date]], status: str) -> int:
    return sum(session.status == status for session, _day in rows)
