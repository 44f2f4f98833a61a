"""The blinded export of all participants: its time against COPY of the same rows, and the memory it takes.

``python -m tests.bench.exporting`` makes one export in a process of its own and prints what it took.
"""

import json
import subprocess
import sys
import time
from typing import Any

import django

TABLES = (
    "participants_participant",
    "participants_screening",
    "participants_decision",
    "participants_consent",
    "participants_milestone",
    "participants_withdrawal",
    "outcomes_visit",
    "outcomes_form",
    "outcomes_response",
)
"""The rows that the blinded dataset is made of."""


def one(environment: dict[str, str], timeout: float) -> dict[str, float]:
    """Seconds, megabytes of memory at most, and before the export, and rows of one export."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.exporting"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=timeout)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def copied(held: Any) -> tuple[float, int]:
    """Seconds to read the same rows as bare text, and how many bytes they are."""
    begun, size = time.perf_counter(), 0
    for table in TABLES:
        size += _copy_out(held, table) if held.is_postgres else _read(held, table)
    return time.perf_counter() - begun, size


class _Sink:
    """Counts and forgets."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: Any) -> int:
        self.size += len(data)
        return len(data)


def _copy_out(held: Any, table: str) -> int:
    sink = _Sink()
    held.raw.cursor().copy_expert(f'COPY "{table}" TO STDOUT WITH CSV', sink)
    return sink.size


def _read(held: Any, table: str) -> int:
    import csv

    sink = _Sink()
    csv.writer(sink).writerows(held.raw.cursor().execute(f'SELECT * FROM "{table}"'))
    return sink.size


def tell(few: dict[str, float], many: dict[str, float], bare: float, size: int, way: str) -> None:
    from tests.bench import report

    report.line("participants", "rows", "seconds", "memory MB", "of it data")
    for each in (few, many):
        own = each["peak"] - each["before"]
        report.line(
            int(each["participants"]), int(each["rows"]), f"{each['seconds']:.1f}", f"{each['peak']:.0f}", f"{own:.0f}"
        )
    grown = (many["peak"] - few["peak"]) / (many["rows"] - few["rows"]) * 1000
    report.line("memory for 1000 rows more", f"{grown * 1024:.0f} kB")
    report.line(f"{way} of the same rows", f"{size / 1e6:.0f} MB", f"{bare:.1f}")
    report.line(f"export / {way}", f"{many['seconds'] / bare:.0f}")


def run() -> None:
    """Make one export as the statistician, and say what it took."""
    from demo.cast import actor, user_of
    from exports import blinded
    from participants.models import Participant
    from trials.models import Trial

    trial = Trial.objects.get()
    people = Participant.objects.filter(trial=trial).count()
    before, begun = _peak(), time.perf_counter()
    made = blinded.export(trial=trial, by=actor(user_of("samuel")))
    seconds = time.perf_counter() - begun
    made.file.close()
    rows = sum(each["rows"] for each in made.manifest["files"])
    print(json.dumps({"participants": people, "rows": rows, "seconds": seconds, "peak": _peak(), "before": before}))


def _peak() -> float:
    """Megabytes of memory at most so far. What getrusage tells includes the process that started this one."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024


if __name__ == "__main__":
    django.setup()
    run()
