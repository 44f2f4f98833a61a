"""All parts on the database of DATABASE_URL: ``python -m tests.bench.measuring SECONDS [export]``."""

import os
import sys
import time
from collections.abc import Callable
from typing import Any

import django

FEW, MANY = 100, 5_000
BUSY = 60
"""More copies of those under way, for the parts that need many of them."""


def main(seconds: float, *, with_export: bool) -> None:
    """Build, measure among few, multiply, measure among many; each part fails for itself."""
    from django.db import connection, connections

    from participants.models import Participant
    from tests.bench import (
        allocating,
        exporting,
        multiply,
        pages,
        report,
        session_logging,
        submitting,
        sweeping,
        world,
    )

    until = time.monotonic() + seconds
    begun = time.perf_counter()
    made = world.build()
    people = Participant.objects.count()
    report.note(f"{people} participants told by the verbs in {time.perf_counter() - begun:.0f} s")
    environment = os.environ | {"DATABASE_URL": _web_address(connection.settings_dict)}

    def part(what: str, needs: float, do: Callable[[], None]) -> None:
        if time.monotonic() + needs > until:
            report.not_run(what, "the time of the benchmark is up")
            return
        try:
            do()
        except Exception as error:
            report.not_run(what, f"{type(error).__name__}: {error}")

    with multiply.owner(made) as held:
        multiply.remember_originals(held)
        multiply.copy(held, 1, FEW // people - 1, made.originals)
        among_few = pages.pages_of(made)
        few = pages.measure(made, among_few)
        exports: list[dict[str, float]] = []
        if with_export:
            part("export of few", 5, lambda: exports.append(exporting.one(environment, 60)))
        _grow(held, made)
        report.title(f"Pages at {FEW} and at {Participant.objects.count()} participants ({connection.vendor})")
        part("pages", 15, lambda: pages.tell(few, pages.measure(made, among_few)))
        multiply.copy(held, 4_000, 4_000 + BUSY, made.under_way())
        report.title(f"Submitting a questionnaire ({connection.vendor})")
        part("submit", 5, lambda: submitting.measure(made, held))
        report.title(f"Logging a session ({connection.vendor})")
        part("session", 5, lambda: session_logging.measure(made))
        if held.is_postgres:
            part("submit by many", 15, lambda: submitting.measure_many(made, environment))
        else:
            report.not_run("submit by many", "a file has one writer at a time; it is measured on PostgreSQL")
        report.title(f"Blinded export ({connection.vendor})")
        if with_export:
            part("export", 15, lambda: _export(exports, environment, held, until))
        else:
            report.not_run("export", "it is measured on PostgreSQL, which has COPY")
        report.title(f"Allocating ({connection.vendor})")
        if held.is_postgres:
            part("allocation throughput", 20, lambda: allocating.measure(made, environment))
        else:
            report.not_run("allocation throughput", "a file has one writer at a time; it is measured on PostgreSQL")
        report.title(f"Sweeping ({connection.vendor})")
        part("sweep", 40, lambda: sweeping.measure(made, held))
    connections.close_all()


def _grow(held: Any, made: Any) -> None:
    """From few to many: those who are through pile up, those under way stay as many as they are."""
    from tests.bench import multiply, report

    first, finished = FEW // len(made.originals), made.finished()
    last = first + (MANY - FEW) // len(finished)
    took = report.seconds_of(lambda: multiply.copy(held, first, last, finished))
    report.note(f"multiplied by the owner's SQL in {took:.0f} s")


def _export(exports: list[dict[str, float]], environment: dict[str, str], held: object, until: float) -> None:
    from tests.bench import exporting

    bare, size = exporting.copied(held)
    exports.append(exporting.one(environment, until - time.monotonic()))
    exporting.tell(*exports, bare, size, "COPY" if held.is_postgres else "bare reading")  # type: ignore[attr-defined]


def _web_address(held: dict[str, object]) -> str:
    """The address of the database for processes that connect as the web does."""
    if "sqlite" in str(held["ENGINE"]):
        return f"sqlite:///{held['NAME']}"
    return f"postgres://{held['USER']}@{held['HOST']}:{held['PORT'] or 5432}/{held['NAME']}"


if __name__ == "__main__":
    django.setup()
    main(float(sys.argv[1]), with_export="export" in sys.argv)
