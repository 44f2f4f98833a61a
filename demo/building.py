"""Building the demo's world: nine months of a trial, told by the real verbs under a moved clock."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import connection

from demo.characters import characters
from demo.clockwork import live
from demo.company import Company, found
from demo.lives import life
from demo.second import second_trial
from reminders.actions.safety_notices import escalate
from reminders.actions.sending import send
from reminders.actions.sweep import REMINDERS, sweep

Tell = Callable[[float, str], None]
DESIGN = {"method": "permuted_blocks", "block_sizes": [4, 6, 8], "slots_per_stratum": 106}
QUALIFIED = {"marc": "athletic_therapist", "priya": "kinesiologist"}
SWEEPS_A_DAY = (10, 19)


def build(now: datetime, tell: Tell) -> Company:
    """STRONG-BACK half-way, up to now. ``tell`` hears how far it is, from 0 to 1, and the day being told."""
    begin = now - timedelta(days=275)
    hurry()
    company = found("strong-back.yaml", at=begin, design=DESIGN, qualifications=QUALIFIED)
    lives = [life(company, character) for character in characters(now)]
    span = (now - begin).total_seconds()

    def report(moment: datetime) -> None:
        tell((moment - begin).total_seconds() / span, moment.strftime("%B %Y"))

    second = second_trial(now)
    live([*lives, *second, post(now - timedelta(days=14))], until=now - timedelta(minutes=5), tell=report)
    return company


def hurry() -> None:
    """Let SQLite not wait for the disk while the story is told; a served demo opens its own connections.

    A story that is interrupted is told anew into a new file, so the journal may live in memory.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for pragma in ("synchronous=OFF", "journal_mode=MEMORY", "cache_size=-65536"):
                cursor.execute(f"PRAGMA {pragma}")


def post(begin: datetime) -> Iterator[datetime]:
    """The reminders of the last weeks, as the worker would have sent them."""
    day = begin
    while True:
        for hour in SWEEPS_A_DAY:
            yield day.replace(hour=hour + 4, minute=1, second=0, microsecond=0)
            sweep(by=REMINDERS, hand_over=lambda key: send(message_id=key, by=REMINDERS))
            escalate(by=REMINDERS)
        day += timedelta(days=1)
