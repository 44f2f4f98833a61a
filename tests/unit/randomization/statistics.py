"""Small statistics that the tests measure lists with."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter

from randomization.sequence import SlotPlan


def chi_square(counts: Iterable[int]) -> float:
    """Chi square of counts that are expected to be equal."""
    observed = list(counts)
    mean = sum(observed) / len(observed)
    return sum((count - mean) ** 2 / mean for count in observed)


def independence_chi_square(pairs: Sequence[tuple[str, str]]) -> tuple[float, int]:
    """Chi square of independence of two labels, and its degrees of freedom."""
    rows, columns = sorted({row for row, _ in pairs}), sorted({column for _, column in pairs})
    of_row = {row: sum(pair[0] == row for pair in pairs) for row in rows}
    of_column = {column: sum(pair[1] == column for pair in pairs) for column in columns}
    total = 0.0
    for row in rows:
        for column in columns:
            expected = of_row[row] * of_column[column] / len(pairs)
            total += (pairs.count((row, column)) - expected) ** 2 / expected
    return total, (len(rows) - 1) * (len(columns) - 1)


def blocks_of(slots: Iterable[SlotPlan]) -> list[str]:
    """The arms of each block of one stratum as text; arms are single letters."""
    return ["".join(slot.arm for slot in block) for _, block in groupby(slots, attrgetter("block"))]


def right_guesses(arms: str, letters: str = "AB") -> float:
    """Expected right guesses of a convergence guesser who sees a list of equally likely letters."""
    right, counts = 0.0, dict.fromkeys(letters, 0)
    for arm in arms:
        fewest = min(counts.values())
        if counts[arm] == fewest:
            right += 1 / list(counts.values()).count(fewest)
        counts[arm] += 1
    return right
