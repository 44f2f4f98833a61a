"""What STRONG-BACK's protocol says of messages, worked out apart from the program: by counting days on a calendar.

A hundred people, ten days of randomization from October to November, and what each of them does about each weekly
rating. The clocks of Montreal go back on 1 November 2026 and forward on 14 March 2027.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Toronto")
FIRST, LAST = date(2026, 10, 12), date(2027, 4, 1)
CLOCKS_CHANGE = (date(2026, 11, 1), date(2027, 3, 14))
WEEKS = 16
PEOPLE = 100
REFUSES, DIES, OPTS_OUT = 3, 6, 9
"""The last digit of those who leave, and on which day after randomization, at noon."""
LEAVES = {REFUSES: 40, DIES: 61, OPTS_OUT: 50}


@dataclass(frozen=True)
class Line:
    """A message of the ledger: to whom, about what, the how-maniest, by which channel and when."""

    person: int
    rule: str
    week: int
    number: int
    channel: str
    at: datetime


def randomized_on(person: int) -> date:
    return FIRST + timedelta(days=5 * (person % 10))


def answers_after(person: int, week: int) -> int | None:
    """After which message of a week the rating is answered, at noon of its day; None: never."""
    return (1, 1, 1, 1, 1, 2, 3, None)[(7 * person + 3 * week) % 8]


def has_a_number(person: int) -> bool:
    return person % 4 < 2


def leaves_on(person: int) -> date | None:
    days = LEAVES.get(person % 10)
    return randomized_on(person) + timedelta(days=days) if days else None


def expected() -> Iterator[Line]:
    """The ledger. A message leaves at nine on the clock of Montreal, in summer and in winter."""
    for person in range(PEOPLE):
        start, left = randomized_on(person), leaves_on(person)
        for week in range(1, WEEKS + 1):
            opens = start + timedelta(days=7 * week)
            for number in range(1, (answers_after(person, week) or 3) + 1):
                yield from _line(person, "weekly_pain", week, number, opens + timedelta(days=number - 1), left)
        # Nobody answers the questionnaires at 16 weeks: at opening, a week later, five days before closing.
        for number, days in enumerate((105, 112, 117), start=1):
            yield from _line(person, "week16_forms", 1, number, start + timedelta(days=days), left)


def _line(person: int, rule: str, week: int, number: int, day: date, left: date | None) -> Iterator[Line]:
    if left is None or day <= left:
        channel = "sms" if number == 3 and has_a_number(person) else "email"
        yield Line(person, rule, week, number, channel, datetime.combine(day, time(9), ZONE))
