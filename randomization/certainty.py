"""The share of allocations that are certain to somebody who knows the set of block sizes.

Such a guesser knows every past arm of the stratum and which sizes occur, but not where blocks begin.
The possible fillings of the current block are followed exactly along the list, together with the true
one: an allocation is certain when every possible filling admits the same single arm.
"""

from collections import defaultdict
from functools import cache

from randomization.design import PermutedBlocks

LARGEST_FOLLOWED_BLOCK = 12
MOST_FOLLOWED_ARMS = 3

Filling = tuple[int, ...]
Fillings = frozenset[Filling]


class _Blocks:
    """How blocks of a design can be filled, arm by arm."""

    def __init__(self, design: PermutedBlocks) -> None:
        self.empty: Filling = (0,) * len(design.arms)
        self.sizes = design.block_sizes
        self.full = {
            size: tuple(weight * size // design.ratio_sum for weight in design.ratio) for size in design.block_sizes
        }
        self.follow = cache(self._follow)

    def _follow(self, possible: Fillings) -> tuple[Fillings, ...]:
        """The fillings possible after each arm; none at all where the arm cannot come."""
        return tuple(self._after(possible, arm) for arm in range(len(self.empty)))

    def _after(self, possible: Fillings, arm: int) -> Fillings:
        following = set()
        for filling in possible:
            filled = add(filling, arm)
            for full in self.full.values():
                if filled == full:
                    following.add(self.empty)
                elif all(have <= most for have, most in zip(filled, full, strict=True)):
                    following.add(filled)
        return frozenset(following)


def add(filling: Filling, arm: int) -> Filling:
    """The filling with one more of an arm."""
    return (*filling[:arm], filling[arm] + 1, *filling[arm + 1 :])


def certain_share_set_known(design: PermutedBlocks, length: int) -> float | None:
    """Expected share (0 to 1) of certain allocations over the first `length` of a stratum.

    None where following all fillings would take too long for a page: blocks of more than 12 or more
    than three arms.
    """
    if max(design.block_sizes) > LARGEST_FOLLOWED_BLOCK or len(design.arms) > MOST_FOLLOWED_ARMS:
        return None
    blocks = _Blocks(design)
    share = 1 / len(blocks.sizes)
    states = {(frozenset({blocks.empty}), blocks.empty, size): share for size in blocks.sizes}
    certain = 0.0
    for _place in range(length):
        following: defaultdict[tuple[Fillings, Filling, int], float] = defaultdict(float)
        for (possible, filling, size), probability in states.items():
            options = blocks.follow(possible)
            if sum(bool(option) for option in options) == 1:
                certain += probability
            for arm, most in enumerate(blocks.full[size]):
                chance = probability * (most - filling[arm]) / (size - sum(filling))
                if not chance:
                    continue
                filled = add(filling, arm)
                if sum(filled) < size:
                    following[options[arm], filled, size] += chance
                    continue
                for new_size in blocks.sizes:
                    following[options[arm], blocks.empty, new_size] += chance * share
        states = dict(following)
    return certain / length
