"""How likely each arm was for each allocation, to somebody who knew the design and all that came before.

Berger's reverse propensity score: the probability of an arm given all earlier allocations and the restrictions
of the procedure. Sizes of random blocks are not assumed known: every size the past admits is weighed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from randomization.design import BigStick, Design, Minimization, PermutedBlocks, UploadedTable
from randomization.minimization import Levels, Minimizer
from randomization.table_figures import apparent_block

Chances = tuple[float, ...]
_State = tuple[int, tuple[int, ...]]


class Foreseer:
    """The chances of the next arm of one stratum, followed along its allocations."""

    def __init__(self, design: Design) -> None:
        self._design = design
        self._blocks = blocks_behind(design)
        self._lead = 0
        self._states: dict[_State, float] = self._fresh(1.0) if self._blocks else {}

    def chances(self) -> Chances:
        """The probability of each arm for the next allocation."""
        if self._blocks:
            return self._block_chances()
        if isinstance(self._design, BigStick) and abs(self._lead) == self._design.limit:
            return (0.0, 1.0) if self._lead > 0 else (1.0, 0.0)
        return tuple(weight / self._design.ratio_sum for weight in self._design.ratio)

    def follow(self, arm: int) -> None:
        """Take note of an allocation, as the index of its arm."""
        self._lead += 1 if arm == 0 else -1
        if self._blocks:
            self._follow_blocks(arm)

    def _fresh(self, probability: float) -> dict[_State, float]:
        """A new block of any size, each equally likely; a state is a size and the places left of each arm."""
        sizes = self._blocks.block_sizes if self._blocks else ()
        return {
            (size, tuple(weight * size // self._design.ratio_sum for weight in self._design.ratio)): probability
            / len(sizes)
            for size in sizes
        }

    def _block_chances(self) -> Chances:
        chances = [0.0] * len(self._design.arms)
        for (_size, left), probability in self._states.items():
            for arm, places in enumerate(left):
                chances[arm] += probability * places / sum(left)
        return tuple(chances)

    def _follow_blocks(self, arm: int) -> None:
        following: defaultdict[_State, float] = defaultdict(float)
        for (size, left), probability in self._states.items():
            if not left[arm]:
                continue
            weight = probability * left[arm] / sum(left)
            rest = (*left[:arm], left[arm] - 1, *left[arm + 1 :])
            for state, share in {(size, rest): weight}.items() if any(rest) else self._fresh(weight).items():
                following[state] += share
        total = sum(following.values())
        # A list that does not follow from the design is told by verification, not here.
        self._states = {state: share / total for state, share in following.items()} if total else self._fresh(1.0)


def blocks_behind(design: Design) -> PermutedBlocks | None:
    """The permuted blocks of a design, or those that a table appears to run in."""
    if isinstance(design, PermutedBlocks):
        return design
    size = apparent_block(design) if isinstance(design, UploadedTable) else None
    if size is None:
        return None
    return PermutedBlocks(
        arms=design.arms,
        ratio=design.ratio,
        strata=design.strata,
        slots_per_stratum=design.slots_per_stratum,
        block_sizes=(size,),
    )


def foreseen(design: Design, strata: Sequence[str], arms: Sequence[int]) -> list[Chances]:
    """The chances before each allocation of a list method, in the order they were made."""
    followed = {stratum: Foreseer(design) for stratum in set(strata)}
    chances = []
    for stratum, arm in zip(strata, arms, strict=True):
        chances.append(followed[stratum].chances())
        followed[stratum].follow(arm)
    return chances


def foreseen_by_minimization(design: Minimization, levels: Iterable[Levels], arms: Iterable[int]) -> list[Chances]:
    """The same for minimization; `levels` are those of each participant, as used."""
    # The seed decides no chance.
    minimizer = Minimizer(design, bytes(32))
    chances = []
    for held, arm in zip(levels, arms, strict=True):
        chances.append(tuple(float(chance) for chance in minimizer.chances(held)))
        minimizer.record(held, design.arms[arm])
    return chances
