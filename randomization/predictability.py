"""How well somebody who knows the past arms can guess the next one, before anybody is randomized.

The guesser is that of Blackwell and Hodges (1957): name the arm that occurred least so far in the
stratum, toss a coin between equals. With equal weights and permuted blocks this needs neither sizes
nor boundaries, since the arms are level at the end of each block. With unequal weights the figures are
for a guesser who sees the block and names the arm with most places left: the most anybody can reach.

Minimization has no such formula: its figures are simulated, for a guesser who knows everything but the seed. Those
of an uploaded table are counted in the table. ``basis`` says which it is; all others are exact. Rates and shares
run from 0 to 1.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb, exp, floor, lgamma, log
from typing import Literal

from randomization.certainty import certain_share_set_known
from randomization.design import LONGEST_LIST, BigStick, Design, Minimization, PermutedBlocks, UploadedTable
from randomization.simulation import foretell
from randomization.table_figures import table_certain_share, table_guess_rate, table_imbalance

Ratio = tuple[int, ...]


@dataclass(frozen=True)
class Predictability:
    """Figures for one stratum's list of a given length.

    `certain_if_sizes_known`: share of allocations that are certain to somebody who knows the size of
    each block (for big stick: who knows the limit). `certain_if_set_known`: the same for somebody who
    knows only which sizes occur; None where it is not computed (more than three arms, blocks over 12).
    `bias`: expected difference between arms when a recruiter shifts prognosis by the given effect on
    each guess, in units of that effect; None unless two arms of equal weight.
    `expected_imbalance`: participants by which the arms are expected to miss the ratio at the end,
    summed over arms; for 1:1 the difference between the arms. `basis`: ``exact``, ``simulated`` (minimization, the
    whole trial as one stratum) or ``table``, where the long run is the whole table.
    """

    length: int
    guess_rate: float
    guess_rate_long_run: float
    chance: float
    certain_if_sizes_known: float
    certain_if_set_known: float | None
    expected_imbalance: float
    bias: float | None
    basis: Literal["exact", "simulated", "table"] = "exact"


def predict(design: Design, length: int, *, effect: float = 0.2) -> Predictability:
    """All figures for a stratum in which `length` (1 or more) participants are expected.

    `effect`: prognosis shift per guess, for example 0.2 standard deviations.
    """
    rate = guess_rate(design, length)
    fair = len(design.arms) == 2 and design.is_equal
    return Predictability(
        length=length,
        guess_rate=rate,
        guess_rate_long_run=guess_rate_long_run(design),
        chance=max(design.ratio) / design.ratio_sum,
        certain_if_sizes_known=certain_share(design),
        certain_if_set_known=_certain_if_set_known(design, length),
        expected_imbalance=expected_imbalance(design, length),
        bias=selection_bias(rate, effect) if fair else None,
        basis=_basis(design),
    )


def _basis(design: Design) -> Literal["exact", "simulated", "table"]:
    if isinstance(design, Minimization):
        return "simulated"
    return "table" if isinstance(design, UploadedTable) else "exact"


def guess_rate(design: Design, length: int) -> float:
    """Expected share of right guesses over the first `length` allocations of a stratum."""
    if isinstance(design, PermutedBlocks):
        return _sum_over_list(design, length, _block_guesses) / length
    if isinstance(design, BigStick):
        # Right at the limit always, anywhere else half the time: the guesser's arm or a tie, fair toss.
        return (1 + big_stick_certain_share(design, length)) / 2
    if isinstance(design, Minimization):
        return foretell(design, length).guess_rate
    if isinstance(design, UploadedTable):
        return table_guess_rate(design, length)
    return max(design.ratio) / design.ratio_sum


def guess_rate_long_run(design: Design) -> float:
    """The guess rate of an endless list; of the whole table; of the later half of a minimization."""
    if isinstance(design, PermutedBlocks):
        right = sum(sum(_block_guesses(design.ratio, size)) for size in design.block_sizes)
        return right / sum(design.block_sizes)
    if isinstance(design, BigStick):
        return 1 / 2 + 1 / (4 * design.limit)
    if isinstance(design, Minimization):
        return foretell(design, design.slots_per_stratum).second_half
    if isinstance(design, UploadedTable):
        return table_guess_rate(design, LONGEST_LIST)
    return max(design.ratio) / design.ratio_sum


def certain_share(design: Design) -> float:
    """Long-run share of allocations certain to somebody who knows each block's size, or the limit."""
    if isinstance(design, PermutedBlocks):
        certain = sum(sum(_block_certainties(design.ratio, size)) for size in design.block_sizes)
        return certain / sum(design.block_sizes)
    if isinstance(design, Minimization):
        return foretell(design, design.slots_per_stratum).certain
    if isinstance(design, UploadedTable):
        return table_certain_share(design)
    return 1 / (2 * design.limit) if isinstance(design, BigStick) else 0.0


def _certain_if_set_known(design: Design, length: int) -> float | None:
    if isinstance(design, PermutedBlocks):
        return certain_share_set_known(design, length)
    # Without blocks there is no set of sizes: what is certain depends on past arms alone.
    if isinstance(design, BigStick):
        return big_stick_certain_share(design, length)
    if isinstance(design, Minimization):
        return foretell(design, length).certain
    # Nobody says in which sizes a table was made.
    return None if isinstance(design, UploadedTable) else 0.0


def selection_bias(rate: float, effect: float) -> float:
    """Expected difference between two equal arms without any true effect: 2 effect (2 rate - 1)."""
    return 2 * effect * (2 * rate - 1)


def expected_imbalance(design: Design, length: int) -> float:
    """Expected distance of the arms' numbers from the ratio after `length` allocations in a stratum.

    Sum over arms of |number - length x weight / sum of weights|, in participants.
    """
    if isinstance(design, PermutedBlocks):
        return _open_block_imbalance(design, length)
    if isinstance(design, BigStick):
        return sum(abs(lead) * share for lead, share in _leads(design, length + 1)[-1].items())
    if isinstance(design, Minimization):
        return foretell(design, length).expected_imbalance
    if isinstance(design, UploadedTable):
        return table_imbalance(design, length)
    return sum(_binomial_distance(length, w / design.ratio_sum) for w in design.ratio)


def _sum_over_list(design: PermutedBlocks, length: int, per_place: Callable[[Ratio, int], Sequence[float]]) -> float:
    """Expected sum, over the places of a list, of a figure given per place of a block."""
    starts = _block_starts(design, length)
    total = 0.0
    for size in design.block_sizes:
        figures = per_place(design.ratio, size)
        for start, probability in enumerate(starts[:length]):
            total += probability * sum(figures[: length - start])
    return total / len(design.block_sizes)


def _block_starts(design: PermutedBlocks, length: int) -> list[float]:
    """Probability that a block begins after 0, 1, ... length allocations."""
    starts = [1.0] + [0.0] * length
    for place in range(1, length + 1):
        before = [starts[place - size] for size in design.block_sizes if size <= place]
        starts[place] = sum(before) / len(design.block_sizes)
    return starts


@lru_cache(maxsize=256)
def _block_guesses(ratio: Ratio, size: int) -> tuple[float, ...]:
    """For each place of a block, the probability that the arm with most places left comes."""
    copies = size // sum(ratio)
    totals = [weight * copies for weight in ratio]
    # The expected greatest remainder is the sum of P(greatest remainder > most) over most = 0, 1, ...
    greatest = [0.0] * (size + 1)
    for most in range(max(totals)):
        ways = [1]
        for total in totals:
            ways = _multiply(ways, [comb(total, left) for left in range(min(most, total) + 1)])
        for left in range(1, size + 1):
            within = ways[left] if left < len(ways) else 0
            greatest[left] += 1 - within / comb(size, left)
    return tuple(greatest[left] / left for left in range(size, 0, -1))


@lru_cache(maxsize=256)
def _block_certainties(ratio: Ratio, size: int) -> tuple[float, ...]:
    """For each place of a block, the probability that one arm alone is left."""
    copies = size // sum(ratio)
    return tuple(sum(comb(weight * copies, left) for weight in ratio) / comb(size, left) for left in range(size, 0, -1))


def _multiply(one: list[int], other: list[int]) -> list[int]:
    """Product of two polynomials given by their coefficients."""
    product = [0] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            product[i + j] += a * b
    return product


def _open_block_imbalance(design: PermutedBlocks, length: int) -> float:
    """Expected distance from the ratio within the block that the list's end cuts."""
    starts = _block_starts(design, length)
    total = 0.0
    for size in design.block_sizes:
        copies = size // design.ratio_sum
        for taken in range(1, min(size, length + 1)):
            distance = sum(_distance(weight * copies, size, taken) for weight in design.ratio)
            total += starts[length - taken] * distance
    return total / len(design.block_sizes)


def _distance(places: int, size: int, taken: int) -> float:
    """E|X - mean| of a hypergeometric X: an arm's places among the first `taken` of a block."""
    mean = taken * places / size
    return sum(
        abs(n - mean) * comb(places, n) * comb(size - places, taken - n)
        for n in range(max(0, taken - size + places), min(places, taken) + 1)
    ) / comb(size, taken)


def _binomial_distance(length: int, p: float) -> float:
    """E|X - length x p| of a binomial X, by De Moivre's closed form; 0 < p < 1."""
    n = floor(length * p) + 1
    ways = lgamma(length + 1) - lgamma(n + 1) - lgamma(length - n + 1)
    return 2 * n * exp(ways + n * log(p) + (length - n + 1) * log(1 - p))


def _leads(design: BigStick, length: int) -> list[dict[int, float]]:
    """Distribution of the first arm's lead before each of `length` allocations."""
    distribution = {0: 1.0}
    before = []
    for _place in range(length):
        before.append(distribution)
        following: defaultdict[int, float] = defaultdict(float)
        for lead, share in distribution.items():
            if abs(lead) == design.limit:
                following[lead - (1 if lead > 0 else -1)] += share
            else:
                following[lead + 1] += share / 2
                following[lead - 1] += share / 2
        distribution = following
    return before


def big_stick_certain_share(design: BigStick, length: int) -> float:
    """Expected share of the first `length` allocations made at the limit, where the arm is certain."""
    at_limit = sum(
        share for leads in _leads(design, length) for lead, share in leads.items() if abs(lead) == design.limit
    )
    return at_limit / length
