"""Printing, and measuring without the noise of the machine."""

import time
from collections.abc import Callable


def title(text: str) -> None:
    print(f"\n{text}\n{'-' * len(text)}", flush=True)


def line(*cells: object, widths: tuple[int, ...] = (34,)) -> None:
    """One row of a table; the first column stands left, the others right."""
    texts = [str(cell) for cell in cells]
    padded = [texts[0].ljust(widths[0]), *(text.rjust(11) for text in texts[1:])]
    print("  ".join(padded).rstrip(), flush=True)


def note(text: str) -> None:
    print(f"  {text}", flush=True)


def not_run(what: str, why: str) -> None:
    print(f"  NOT RUN: {what}: {why}", flush=True)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def best_of(times: int, do: Callable[[], object], clock: Callable[[], float]) -> float:
    """The shortest of several runs, in seconds: what it costs when nothing else disturbs it."""
    return min(seconds_of(do, clock) for _time in range(times))


def median_of(runs: list[float]) -> float:
    """The middle one, in seconds: what a person usually waits, the disk included."""
    return sorted(runs)[len(runs) // 2]


def seconds_of(do: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """What one run takes."""
    begun = clock()
    do()
    return clock() - begun
