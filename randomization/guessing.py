"""The convergence guesser (Blackwell and Hodges 1957): name the arm that is furthest behind its share.

With equal weights that is the arm that occurred least; a coin decides between equals. With unequal weights
counts are divided by the weights, and between equals the heavier arm is named, since it comes more often.
"""

from collections.abc import Iterable, Sequence
from math import lcm


def guessed(counts: Sequence[int], ratio: Sequence[int]) -> list[int]:
    """The arms that are named, each equally likely, given how many of each came before."""
    scale = lcm(*ratio)
    return _furthest_behind([count * (scale // weight) for count, weight in zip(counts, ratio, strict=True)], ratio)


def right_guesses(arms: Iterable[int], ratio: Sequence[int]) -> float:
    """The expected number of right guesses along one stratum's allocations, given as arm indexes."""
    scale = lcm(*ratio)
    scaled = [0] * len(ratio)
    right = 0.0
    for arm in arms:
        named = _furthest_behind(scaled, ratio)
        right += (arm in named) / len(named)
        scaled[arm] += scale // ratio[arm]
    return right


def _furthest_behind(scaled: Sequence[int], ratio: Sequence[int]) -> list[int]:
    """The arms with the smallest count by weight; of several, the heaviest."""
    smallest = min(scaled)
    least = [arm for arm, share in enumerate(scaled) if share == smallest]
    if len(least) == 1:
        return least
    heaviest = max(ratio[arm] for arm in least)
    return [arm for arm in least if ratio[arm] == heaviest]
