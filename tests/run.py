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
from urllib.parse import urlparse

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
EMBEDDED = "sqlite://:memory:"
IS_WHOLE = bool(os.environ.get("CI") or os.environ.get("WHOLE"))
LEFT_TO_CI = {
    "pages and rules on PostgreSQL": ("tests/integration", "tests/rules"),
    "the walk through all of a trial on PostgreSQL": (
        "tests/browser/test_whole_path.py::test_from_the_first_call_to_the_dataset[postgresql]",
    ),
    "sixteen weeks of messages, and a thousand at once": (
        "tests/services/test_sixteen_weeks.py",
        "tests/services/test_a_thousand.py",
    ),
}
"""What takes minutes: most of it runs on the embedded database beside."""
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


def run(title: str, processes: int, *arguments: str, **environment: str) -> bool:
    """One pytest run under a heading, each file of tests in one of the processes."""
    print(f"\n=== {title} ===", flush=True)
    spread = ["-n", str(processes), "--dist", "loadfile"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *spread, *arguments]
    env = {**os.environ, "TEST_POSTGRES_URL": POSTGRES, "TEST_REDIS_URL": REDIS, **environment}
    return subprocess.run(command, env=env, check=False).returncode == 0


def main() -> int:
    """Run the parts; 0 if all that ran passed, and in CI all ran."""
    have = {
        "PostgreSQL": answers(POSTGRES),
        "Redis": answers(REDIS),
        "PgBouncer": POOLER is not None,
        "Chromium": shutil.which("chromium") is not None,
    }
    alone = ("-m", "not browser and not services", "tests")
    passed = [run("Embedded database", 2, *alone, DATABASE_URL=EMBEDDED)]
    once = [] if IS_WHOLE else [f"--deselect={place}" for places in LEFT_TO_CI.values() for place in places]
    if have["PostgreSQL"]:
        passed.append(run("PostgreSQL", 2, "--with-database", *once, *alone, DATABASE_URL=POSTGRES))
    outside = {
        "services": have["Redis"] and have["PostgreSQL"],
        "browser": have["Chromium"],
    }
    if kinds := [kind for kind, there in outside.items() if there]:
        # Mostly waiting for others, so one process more than there are cores on a small machine.
        places = [f"tests/{kind}" for kind in kinds]
        passed.append(run("Services and browser", 3, "-m", " or ".join(kinds), *once, *places, DATABASE_URL=EMBEDDED))
    missing = [name for name, there in have.items() if not there]
    left = [f"what needs {name}" for name in missing]
    if not IS_WHOLE and have["PostgreSQL"]:
        left += [f"{what} (make test WHOLE=1)" for what in LEFT_TO_CI]
    print(f"\nNot run: {', '.join(left) or 'nothing'}.", flush=True)
    if missing and os.environ.get("CI"):
        print("In CI nothing may be skipped.", flush=True)
        return 1
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
