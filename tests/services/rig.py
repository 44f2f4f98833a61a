"""A whole installation for a test: its own database and queue, and real worker and beat processes.

The processes read the real clock, so the trial is one of today, in a time zone where it is about noon.
"""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import psycopg2
import redis

from tests.blank import blank_database, blank_on_server
from tests.run import POSTGRES, REDIS

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240
"""Seconds until a test gives up waiting. A deadline against hanging, never a measure."""


def wait_until(condition: Callable[[], Any], what: str) -> None:
    """Ask again and again until it is so; fails with ``what`` when patience ends."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)


@dataclass
class Rig:
    """An installation in ``folder``; everything else is in its environment, as in life."""

    folder: Path
    environment: dict[str, str]
    running: list[subprocess.Popen] = field(default_factory=list)
    owner: dict[str, str] = field(default_factory=dict)
    """What to set besides, to run a command as the owner of the tables."""

    def run(self, *arguments: str, **environment: str) -> str:
        """Run a Python command to its end; what it printed."""
        command = [sys.executable, "-W", "ignore", *arguments]
        env = self.environment | environment
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start(self, name: str, *arguments: str) -> subprocess.Popen:
        """Start ``celery -A config.celery ...`` in a process group of its own; it logs to ``<name>.log``."""
        with (self.folder / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", "celery", "-A", "config.celery", *arguments]
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.running.append(process)
        return process

    def start_worker(self, name: str) -> subprocess.Popen:
        node = f"{name}@{socket.gethostname()}"
        return self.start(name, "worker", "--concurrency", "2", "--loglevel", "INFO", "--hostname", node)

    def start_beat(self) -> subprocess.Popen:
        return self.start("beat", "beat", "--loglevel", "INFO", "--schedule", str(self.folder / "schedule"))

    def kill(self, process: subprocess.Popen) -> None:
        """Kill a process that we started, with its children, as a power cut would."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=PATIENCE)
        self.running.remove(process)

    def stop(self) -> None:
        """End all that we started."""
        for process in self.running:
            process.terminate()
        for process in list(self.running):
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.kill(process)
        self.running.clear()

    def sweeps(self) -> int:
        """How many sweeps the workers have finished."""
        logs = (path.read_text(errors="replace") for path in self.folder.glob("worker*.log"))
        return sum(len(re.findall(r"reminders\.tasks\.sweep\[[^]]+\] succeeded", log)) for log in logs)

    def people_consent(self, count: int) -> None:
        """That many people consent in the trial of today (made if it is not there)."""
        self.run("-m", "tests.services.today", str(count), DJANGO_SETTINGS_MODULE="tests.settings")

    def messages(self) -> list[tuple[Any, ...]]:
        """(state, reason, tries) of every message, sorted."""
        return sorted(self.rows("SELECT state, reason, tries FROM reminders_message"))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        url = self.environment["DATABASE_URL"]
        connect = psycopg2.connect if url.startswith("postgres") else sqlite3.connect
        with closing(connect(url.removeprefix("sqlite:///"))) as connection:
            cursor = connection.cursor()
            cursor.execute(sql)
            return list(cursor.fetchall())


@contextmanager
def installed(kind: str, folder: Path, mail_port: int) -> Iterator[Rig]:
    """``embedded`` (SQLite, folders as queue) or ``production`` (PostgreSQL as the web role, Redis)."""
    environment = os.environ | {
        "ARMSLENGTH_DEMO": "0",
        "ARMSLENGTH_PRODUCTION": "0",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "CELERY_QUEUE_DIR": str(folder / "queue"),
        "CACHE_DIR": str(folder / "cache"),
        "SWEEP_EVERY_SECONDS": "1",
        "REDIS_URL": "",
        "LOG_LEVEL": "INFO",
    }
    with _embedded(folder) if kind == "embedded" else _production() as (own, owner):
        rig = Rig(folder, environment | own, owner=owner)
        try:
            yield rig
        finally:
            rig.stop()


@contextmanager
def _embedded(folder: Path) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    yield {"DATABASE_URL": blank_database(folder / "trial.sqlite3")}, {}


@contextmanager
def _production() -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """A database and a key prefix of our own, both removed afterwards."""
    name, prefix = f"armslength_services_{os.getpid()}", f"armslength-services-{os.getpid()}:"
    place = urlparse(POSTGRES)
    try:
        with blank_on_server(name) as owner:
            web = f"postgres://armslength_web@{place.hostname}:{place.port or 5432}/{name}"
            own = {"DATABASE_URL": web, "REDIS_URL": REDIS, "REDIS_PREFIX": prefix}
            yield own, {"DATABASE_URL": owner}
    finally:
        with closing(redis.Redis.from_url(REDIS)) as server:
            for key in server.scan_iter(f"{prefix}*"):
                server.delete(key)
