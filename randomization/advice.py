"""Warnings about a design, each with its number, for the statistician before the list is sealed."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from randomization.design import BigStick, Design, PermutedBlocks
from randomization.predictability import certain_share, guess_rate_long_run

# Fewer blocks than this in a stratum leave most of the balance in unfinished blocks.
FEWEST_BLOCKS = 2


def warnings(design: Design, target: int, *, by_site: bool = False) -> list[str]:
    """Sentences about what makes the design predictable, or too short for the sample.

    `target`: participants to randomize. `by_site`: a stratum is a site whose staff see past arms.
    """
    found = []
    if isinstance(design, PermutedBlocks):
        found += _block_warnings(design, by_site=by_site)
    found += _size_warnings(design, target)
    return found


def _block_warnings(design: PermutedBlocks, *, by_site: bool) -> list[str]:
    rate = number_format(guess_rate_long_run(design), 3)
    certain = number_format(100 * certain_share(design), 1)
    found = []
    if 2 in design.block_sizes:
        sentence = _(
            "A block of 2 gives its second arm away. With these sizes a share of %(rate)s of guesses "
            "is right. Leave 2 out."
        )
        found.append(sentence % {"rate": rate})
    if len(design.block_sizes) == 1:
        sentence = _(
            "All blocks have %(size)d places. Who knows that foresees %(certain)s %% of allocations "
            "with certainty, and a share of %(rate)s of guesses is right. Use several sizes."
        )
        facts = {"size": design.block_sizes[0], "certain": certain, "rate": rate}
        found.append(sentence % facts)
    if by_site:
        sentence = _(
            "Blocks run within a site whose staff see past arms: a share of %(rate)s of their guesses "
            "is right. Consider big stick, or do not stratify by site."
        )
        found.append(sentence % {"rate": rate})
    return found


def _size_warnings(design: Design, target: int) -> list[str]:
    found = []
    strata = len(design.strata)
    unit = _balancing_unit(design)
    if unit and strata * unit * FEWEST_BLOCKS > target:
        sentence = _(
            "%(target)d participants in %(strata)d strata are %(mean)s each, fewer than two runs of "
            "%(unit)d. Up to %(open)d allocations would lie in unfinished runs. Use fewer strata or "
            "smaller sizes."
        )
        mean = number_format(target / strata, 1)
        facts = {"target": target, "strata": strata, "mean": mean, "unit": unit}
        found.append(sentence % {**facts, "open": strata * (unit - 1)})
    if design.slots_per_stratum < target:
        sentence = _(
            "Each stratum has %(slots)d slots, the target is %(target)d. If recruitment falls into "
            "one stratum it runs out. Prepare %(target)d slots in each."
        )
        found.append(sentence % {"slots": design.slots_per_stratum, "target": target})
    return found


def _balancing_unit(design: Design) -> int:
    """Allocations after which the arms are level again at the latest; 0 if never promised."""
    if isinstance(design, PermutedBlocks):
        return max(design.block_sizes)
    return 2 * design.limit if isinstance(design, BigStick) else 0
