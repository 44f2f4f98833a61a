"""What a sweep costs: 100,000 messages are planned by the protocol's rules, 1,000 of them are due now."""

import time
from contextlib import suppress
from datetime import datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from core import clock
from outcomes import models as outcomes
from participants.models import Participant
from reminders.actions.sweep import REMINDERS, Swept, sweep
from reminders.foresight import upcoming
from tests.bench import multiply, report
from tests.bench.multiply import Owner
from tests.bench.world import World

PLANNED, DUE = 100_000, 1_000
FIRST = 20_000
"""Number of the first copy; others were made before."""
TABLES = (Participant, outcomes.Visit, outcomes.Form)
AHEAD_DAYS = 400


def measure(world: World, held: Owner) -> None:
    """Sweep once when 1,000 fall due, and once more when nothing new does."""
    site = world.company.site
    zone = ZoneInfo(site.time_zone)
    morning = datetime.combine(clock.today(site.time_zone) + timedelta(days=1), clock_time(10), zone)
    with clock.moved_to(morning):
        _sweep()
        report.line("sweep", "seconds", "statements", "memory MB", "fell due")
        _tell("before the copies")
        original, each = _most_ahead(world)
        copies = -(-PLANNED // each)
        multiply.copy(held, FIRST, FIRST + copies - 1, [original], TABLES)
        _let_fall_due(held, original, morning)
        _tell("100,000 planned, 1,000 due")
        _tell("again, nothing new")
        report.note(f"{copies * each} messages were planned for {copies} copies besides the rest of the trial")


def _tell(name: str) -> None:
    seconds, statements, memory, done = _measured()
    report.line(name, f"{seconds:.2f}", statements, f"{memory:.0f}", done.planned)


def _sweep() -> Swept:
    return sweep(by=REMINDERS, hand_over=lambda key: None)


def _most_ahead(world: World) -> tuple[Participant, int]:
    """Whoever has the most messages before them, and how many."""
    counts: dict[Any, int] = {}
    for each in upcoming(world.company.trial, [world.company.site], days=AHEAD_DAYS):
        counts[each.participant.pk] = counts.get(each.participant.pk, 0) + (each.visit is not None)
    found = max(world.under_way(), key=lambda each: counts.get(each.pk, 0))
    return found, counts[found.pk]


def _whose(held: Owner, original: Participant) -> str:
    """SQL: the copies that were made here."""
    people = Participant._meta.db_table
    return f"participant_id IN (SELECT id FROM \"{people}\" WHERE number LIKE '{original.number}-2____')"


def _let_fall_due(held: Owner, original: Participant, morning: datetime) -> None:
    """What was open of the copies is over; of 1,000 the next weekly rating opens today."""
    visits, forms = outcomes.Visit._meta.db_table, outcomes.Form._meta.db_table
    today, whose = morning.date(), _whose(held, original)
    held.run(f"UPDATE \"{forms}\" SET state = 'missed' WHERE opens_on <= ? AND {whose}", (today.isoformat(),))
    ahead = outcomes.Visit.objects.filter(participant=original, code="weekly_pain", opens_on__gt=today)
    number = ahead.order_by("number").values_list("number", flat=True)[0]
    chosen = (
        f'SELECT id FROM "{visits}" WHERE code = \'weekly_pain\' AND "number" = {number} AND {whose} '
        f"ORDER BY id LIMIT {DUE}"
    )
    days = today.isoformat(), (today + timedelta(days=3)).isoformat()
    held.run(f'UPDATE "{forms}" SET opens_on = ?, closes_on = ? WHERE visit_id IN ({chosen})', days)
    held.run(f'UPDATE "{visits}" SET opens_on = ?, closes_on = ? WHERE id IN ({chosen})', days)


def _measured() -> tuple[float, int, float, Swept]:
    """Seconds, statements, megabytes on top of what the process held before, and what was done."""
    statements = 0

    def counting(execute: Any, sql: Any, parameters: Any, many: Any, context: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(sql, parameters, many, context)

    _forget_most()
    before, begun = _most(), time.perf_counter()
    with connection.execute_wrapper(counting):
        done = _sweep()
    return time.perf_counter() - begun, statements, _most() - before, done


def _forget_most() -> None:
    """Let the kernel count the most memory anew."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _most() -> float:
    """Megabytes of memory at most since then."""
    with Path("/proc/self/status").open(encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024
