"""What an uploaded table shows of itself: how well it can be guessed, and whether it runs in blocks.

Where a table came from is not known here, so every figure is that of this very list.
"""

from collections.abc import Sequence
from functools import lru_cache

from randomization.design import UploadedTable
from randomization.guessing import right_guesses

# Two honest lists of this length agree by chance about once in a thousand.
TELLING_LENGTH = 12


def table_guess_rate(design: UploadedTable, length: int) -> float:
    """Share of right guesses over the first `length` allocations of all strata, by the convergence guesser."""
    lists = [arms[:length] for arms in design.table]
    return sum(right_guesses(arms, design.ratio) for arms in lists) / sum(len(arms) for arms in lists)


def table_imbalance(design: UploadedTable, length: int) -> float:
    """Mean over strata of the distance from the ratio after `length` allocations, as in ``predictability``."""
    found = []
    for listed in design.table:
        arms = listed[:length]
        shares = [len(arms) * weight / design.ratio_sum for weight in design.ratio]
        found.append(sum(abs(arms.count(arm) - share) for arm, share in enumerate(shares)))
    return sum(found) / len(found)


def table_certain_share(design: UploadedTable) -> float:
    """Share of allocations that are certain to somebody who knows the blocks the table runs in; 0 without blocks."""
    size = apparent_block(design)
    if size is None:
        return 0.0
    certain = sum(_last_of_their_run(arms, size) for arms in design.table)
    return certain / sum(len(arms) for arms in design.table)


@lru_cache(maxsize=64)
def apparent_block(design: UploadedTable) -> int | None:
    """The smallest size in which every run of every stratum holds the ratio exactly; None if there is none.

    A last run may be cut. At least two whole runs have to fit into each list.
    """
    shortest = min(len(arms) for arms in design.table)
    for size in range(design.ratio_sum, shortest // 2 + 1, design.ratio_sum):
        if all(_runs_in(arms, size, design.ratio) for arms in design.table):
            return size
    return None


def _runs_in(arms: Sequence[int], size: int, ratio: Sequence[int]) -> bool:
    """Whether a list is made of runs of a size that hold the ratio."""
    copies = size // sum(ratio)
    for start in range(0, len(arms), size):
        run = arms[start : start + size]
        if any(run.count(arm) > weight * copies for arm, weight in enumerate(ratio)):
            return False
    return True


def _last_of_their_run(arms: Sequence[int], size: int) -> int:
    """How many places come when one arm alone is left in their run; a cut run tells nothing."""
    certain = 0
    for start in range(0, len(arms) - size + 1, size):
        run = arms[start : start + size]
        certain += sum(len(set(run[place:])) == 1 for place in range(size))
    return certain


def same_lists(design: UploadedTable) -> list[tuple[str, str]]:
    """Pairs of strata of which one list begins like the other, as far as both go; a copy, in all likelihood."""
    pairs = []
    for number, (one, arms) in enumerate(zip(design.strata, design.table, strict=True)):
        for other, others in list(zip(design.strata, design.table, strict=True))[number + 1 :]:
            common = min(len(arms), len(others))
            if common >= TELLING_LENGTH and arms[:common] == others[:common]:
                pairs.append((one, other))
    return pairs
