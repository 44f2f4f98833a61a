"""``make demo``: build the world once, then serve it with a worker and a beat, and say who can log in."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = int(os.environ.get("PORT", "8000"))
HOST = "127.0.0.1"
READY_WITHIN = 60


def main() -> int:
    """Exit code 0 after Ctrl-C; 1 with a sentence if the demo cannot start."""
    os.environ.setdefault("ARMSLENGTH_DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    folder = Path(os.environ.setdefault("ARMSLENGTH_DEMO_DIR", str(ROOT / "var")))
    folder.mkdir(parents=True, exist_ok=True)
    if port_is_taken():
        print(f"Port {PORT} is in use. Choose another one: make demo PORT=8001", file=sys.stderr)
        return 1
    database = folder / "demo.sqlite3"
    if not is_told(database):
        build(database)
    os.environ["DATABASE_URL"] = f"sqlite:///{database}"
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
    return serve(folder)


def port_is_taken() -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, PORT)) == 0


def is_told(database: Path) -> bool:
    """Whether the story is in this file: a command that came before ``make demo`` leaves one without tables."""
    if not database.exists():
        return False
    with closing(sqlite3.connect(database)) as held:
        return held.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


def build(database: Path) -> None:
    """Tell the story into a file of its own; it gets its name only once it is whole."""
    half = database.with_suffix(".building")
    for leftover in database.parent.glob(f"{half.name}*"):
        leftover.unlink()
    for told_of_the_last_one in ("outbox", "anchors"):
        shutil.rmtree(database.parent / told_of_the_last_one, ignore_errors=True)
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{half}"}
    subprocess.run([sys.executable, "-m", "demo.tell"], cwd=ROOT, env=environment, check=True)
    half.rename(database)


def serve(folder: Path) -> int:
    """Web server, worker and beat until Ctrl-C or until one of them ends."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--quiet", "-A", "config.celery"]
    commands = [
        [*python, "gunicorn", "config.wsgi", "--bind", f"{HOST}:{PORT}", "--threads", "8", "--log-level", "warning"],
        [*celery, "worker", "--pool", "solo", "--loglevel", "ERROR", "--without-gossip", "--without-mingle"],
        [*celery, "beat", "--loglevel", "ERROR", "--schedule", str(folder / "beat-schedule"), "--pidfile="],
    ]
    (folder / "queue").mkdir(exist_ok=True)
    processes = [subprocess.Popen(command, cwd=ROOT) for command in commands]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        if not is_ready():
            print("The web server did not answer. Its messages are above.", file=sys.stderr)
            return 1
        welcome()
        while all(process.poll() is None for process in processes):
            time.sleep(1)
        print("A part of the demo ended; its messages are above.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def is_ready() -> bool:
    """Whether the health check answers within a minute."""
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{PORT}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:  # refused, reset, or too slow on a busy machine
            time.sleep(0.3)
    return False


def welcome() -> None:
    """The address, and a login for each role."""
    import django

    django.setup()
    from accounts.roles import ROLES
    from demo.cast import CAST, PASSWORD

    print(f"\nArmslength is ready: http://{HOST}:{PORT}/\n\nEverybody's password is {PASSWORD}\n")
    for person in CAST:
        print(f"  {ROLES[person.role].label!s:24} {person.email:24} {person.name}")
    print(f"\nMail that would have been sent: http://{HOST}:{PORT}/demo/outbox/\nStop with Ctrl-C.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
