"""``make test``: what can run on this machine, and a plain word on what did not.

The embedded database always; PostgreSQL and Redis where they answer; the browser and the pooler where Chromium and
PgBouncer are installed. What takes minutes and rarely tells more is left to CI, and to ``WHOLE=1``.
With CI set, a missing part is a failure: there nothing is skipped.
"""

import os
import shutil
import socket
import subprocess
import sys
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import urlparse

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
EMBEDDED = "sqlite://:memory:"
IS_WHOLE = bool(os.environ.get("CI") or os.environ.get("WHOLE"))
LEFT_TO_CI = {
    "the proof of the blind with sixty people": ("tests/rules/test_swap.py", "tests/rules/test_swap_strata.py"),
    "the walk through all of a trial on PostgreSQL": (
        "tests/browser/test_whole_path.py::test_from_the_first_call_to_the_dataset[postgresql]",
    ),
    "sixteen weeks of messages, and a thousand at once": (
        "tests/services/test_sixteen_weeks.py",
        "tests/services/test_a_thousand.py",
    ),
}
"""What takes minutes: a smaller case, or the embedded database, shows most of it."""
LEFT_TO_CI_ON_POSTGRES = ("tests/integration", "tests/rules")
ALONE = ("-m", "not browser and not services", "tests")
"""What needs nothing but a database."""
# Debian keeps it where only administrators look.
POOLER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def answers(url: str) -> bool:
    """Whether something listens at the host and port of a URL."""
    parts = urlparse(url)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=2).close()
    except OSError:
        return False
    return True


def start(*arguments: str, database: str, output: IO[str] | None = None) -> "subprocess.Popen[str]":
    """Begin one pytest run, each file of tests in one of two processes."""
    spread = ("-n", "2", "--dist", "loadfile")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *spread, *_left_out(), *arguments]
    env = {**os.environ, "DATABASE_URL": database, "TEST_POSTGRES_URL": POSTGRES, "TEST_REDIS_URL": REDIS}
    return subprocess.Popen(command, env=env, stdout=output, stderr=output, text=True)


def run(title: str, *arguments: str, database: str) -> bool:
    """One pytest run under a heading; whether it passed."""
    print(f"\n=== {title} ===", flush=True)
    return start(*arguments, database=database).wait() == 0


def _left_out() -> list[str]:
    return [] if IS_WHOLE else [f"--deselect={place}" for places in LEFT_TO_CI.values() for place in places]


def main() -> int:
    """Run the parts; 0 if all that ran passed, and in CI all ran."""
    have = {
        "PostgreSQL": answers(POSTGRES),
        "Redis": answers(REDIS),
        "PgBouncer": POOLER is not None,
        "Chromium": shutil.which("chromium") is not None,
    }
    passed = run_beside(have)
    if have["PostgreSQL"]:
        once = [] if IS_WHOLE else [f"--deselect={place}" for place in LEFT_TO_CI_ON_POSTGRES]
        passed.append(run("PostgreSQL", "--with-database", *once, *ALONE, database=POSTGRES))
    missing = [name for name, there in have.items() if not there]
    left = [f"what needs {name}" for name in missing]
    if not IS_WHOLE:
        left += [f"{what} (make test WHOLE=1)" for what in (*LEFT_TO_CI, "pages and rules on PostgreSQL")]
    print(f"\nNot run: {', '.join(left) or 'nothing'}.", flush=True)
    if missing and os.environ.get("CI"):
        print("In CI nothing may be skipped.", flush=True)
        return 1
    return 0 if all(passed) else 1


def run_beside(have: dict[str, bool]) -> list[bool]:
    """The embedded database and, at the same time, what mostly waits for browsers and services; told one by one."""
    outside = {"services": have["Redis"] and have["PostgreSQL"], "browser": have["Chromium"]}
    kinds = [kind for kind, there in outside.items() if there]
    places = [f"tests/{kind}" for kind in kinds]
    with TemporaryFile("w+") as output:
        beside = start("-m", " or ".join(kinds), *places, database=EMBEDDED, output=output) if kinds else None
        passed = [run("Embedded database", *ALONE, database=EMBEDDED)]
        if beside is not None:
            passed.append(beside.wait() == 0)
            output.seek(0)
            print(f"\n=== Services and browser ===\n{output.read()}", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main())
