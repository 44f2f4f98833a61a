"""``python -m tests.services.tampering allocate|exchange|undo|antedate``: what owners of a database can do.

allocate: a trial of which four are randomized. The others change rows with triggers and wall out of the way: the
allocations of two people are exchanged; the last one is undone, with its counter; the last one gets an earlier time.
"""

import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django


def allocate() -> None:
    from core import clock
    from tests.cast import MONDAY
    from tests.unit.randomization_db.world import build

    with clock.moved_to(MONDAY):
        world = build()
        world.activate()
        for _person in range(4):
            world.allocate()
            clock.advance(timedelta(hours=1))


def exchange() -> None:
    from core import ids

    first, *_between, last = _allocations()
    nobody = ids.new_id()
    for row, participant in ((first, nobody), (last, first.participant_id), (first, last.participant_id)):
        type(row).objects.filter(pk=row.pk).update(participant_id=participant)


def undo() -> None:
    from randomization.models import Allocation, Stratum

    last = _allocations()[-1]
    Allocation.objects.filter(pk=last.pk)._raw_delete("default")
    Stratum.objects.filter(pk=last.stratum_id).update(used=last.position - 1)


def antedate() -> None:
    last = _allocations()[-1]
    type(last).objects.filter(pk=last.pk).update(at=last.at - timedelta(minutes=1))


def _allocations() -> list[Any]:
    from randomization.models import Allocation

    return list(Allocation.objects.order_by("position"))


def as_owner(change: Callable[[], None]) -> None:
    from django.db import connection

    from audit.records import writing
    from core import blindfold

    def disarmed() -> None:
        with connection.cursor() as cursor, writing():
            if connection.vendor == "sqlite":
                for event in ("update", "delete", "replace"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS randomization_allocation_no_{event}")
            else:
                cursor.execute("ALTER TABLE randomization_allocation DISABLE TRIGGER USER")
            change()

    blindfold.migrating(disarmed)


def main(task: str) -> None:
    if task == "allocate":
        allocate()
    else:
        as_owner({"exchange": exchange, "undo": undo, "antedate": antedate}[task])


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1])
