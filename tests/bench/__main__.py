"""``make bench``: what things cost, as ratios measured in one run. See docs/benchmarks.md."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.bench import report
from tests.run import POSTGRES, answers

SECONDS = 330
"""How long all of it may take."""
SHARE_OF_THE_FILE = 0.4


def main() -> int:
    """Measure on a SQLite file and, where it answers, on PostgreSQL; always 0."""
    begun, server = time.monotonic(), answers(POSTGRES)
    with tempfile.TemporaryDirectory(prefix="armslength-bench-") as folder:
        report.title("On a SQLite file")
        _measure(f"sqlite:///{Path(folder) / 'trial.sqlite3'}", SECONDS * SHARE_OF_THE_FILE, export=not server)
    report.title("On PostgreSQL")
    if server:
        with _database() as url:
            _measure(url, SECONDS - (time.monotonic() - begun), export=True)
    else:
        report.not_run("everything on PostgreSQL", f"nothing answers at {POSTGRES.rpartition('@')[2]}")
    report.note(
        f"\n  {time.monotonic() - begun:.0f} s in all, on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    return 0


def _measure(url: str, seconds: float, *, export: bool) -> None:
    """In a process of its own, so that neither database lives in the other's memory."""
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tests.bench.measuring",
        str(seconds),
        *(["export"] if export else []),
    ]
    try:
        done = subprocess.run(command, env=environment, check=False, timeout=seconds + 20)
    except subprocess.TimeoutExpired:
        report.not_run("the rest", "the time of the benchmark is up")
        return
    if done.returncode:
        report.not_run("the rest", "it failed; the reason is above")


@contextmanager
def _database() -> Iterator[str]:
    """A database of our own, dropped afterwards."""
    name = f"armslength_bench_{os.getpid()}"
    server = POSTGRES.rpartition("/")[0]
    _on_server(server, f'CREATE DATABASE "{name}"')
    try:
        yield f"{server}/{name}"
    finally:
        _on_server(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(server: str, statement: str) -> None:
    import psycopg2

    with closing(psycopg2.connect(f"{server}/postgres")) as raw:
        raw.autocommit = True
        raw.cursor().execute(statement)


if __name__ == "__main__":
    sys.exit(main())
