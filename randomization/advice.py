"""Warnings about a design, each with its number, for the statistician before the list is sealed."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from django.utils.translation import gettext as _

from core.numbers import to_places
from randomization.design import BigStick, Design, Minimization, PermutedBlocks, UploadedTable
from randomization.predictability import certain_share, guess_rate_long_run
from randomization.simulation import foretell
from randomization.table_figures import apparent_block, same_lists

# A minimization that leans so strongly is nearly deterministic.
HIGH_PROBABILITY = Fraction(9, 10)
# A table further than this from the ratio, as a share of its places, was hardly made for it.
FURTHEST_FROM_RATIO = 0.05
# Fewer blocks than this in a stratum leave most of the balance in unfinished blocks.
FEWEST_BLOCKS = 2


def warnings(design: Design, target: int, *, by_site: bool = False) -> list[str]:
    """Sentences about what makes the design predictable, or too short for the sample.

    `target`: participants to randomize. `by_site`: a stratum, or a factor, is a site whose staff see past arms.
    """
    if isinstance(design, Minimization):
        return [*_minimization_warnings(design, target, by_site=by_site)]
    found = []
    if isinstance(design, PermutedBlocks):
        found += _block_warnings(design, by_site=by_site)
    if isinstance(design, UploadedTable):
        found += _table_warnings(design)
    found += _size_warnings(design, target)
    return found


def _minimization_warnings(design: Minimization, target: int, *, by_site: bool) -> Iterator[str]:
    foretold = foretell(design, target)
    if design.leaning == 1:
        sentence = _(
            "The preferred arm is always given: a share of %(certain)s of allocations is certain to somebody who "
            "knows the past ones (simulated). Regulators discourage this. Choose a probability such as 80/100."
        )
        yield sentence % {"certain": to_places(foretold.certain, 3)}
    elif design.leaning >= HIGH_PROBABILITY:
        sentence = _(
            "With this probability a share of %(rate)s of guesses is right for somebody who knows the past arms and "
            "levels (simulated). Choose a lower one, such as 80/100."
        )
        yield sentence % {"rate": to_places(foretold.guess_rate, 3)}
    if by_site:
        sentence = _(
            "Staff of a site who see its past arms guess a share of %(rate)s right (simulated). Leave the site out "
            "of the factors, or choose a lower probability."
        )
        yield sentence % {"rate": to_places(max(foretold.guess_rate_within.values()), 3)}
    if design.slots_per_stratum < target:
        sentence = _("The design ends after %(slots)d participants, the target is %(target)d. Allow %(target)d.")
        yield sentence % {"slots": design.slots_per_stratum, "target": target}


def _table_warnings(design: UploadedTable) -> Iterator[str]:
    size = apparent_block(design)
    if size is not None:
        sentence = _(
            "The table runs in blocks of %(size)d. Who knows that foresees %(certain)s %% of allocations with "
            "certainty, and a share of %(rate)s of guesses is right. Ask for a list with several sizes."
        )
        certain, rate = to_places(100 * certain_share(design), 1), to_places(guess_rate_long_run(design), 3)
        yield sentence % {"size": size, "certain": certain, "rate": rate}
    for one, other in same_lists(design):
        sentence = _("The lists of the strata %(one)s and %(other)s are the same. Ask whether one was copied.")
        yield sentence % {"one": one, "other": other}
    held = Counter(arm for arms in design.table for arm in arms)
    total = sum(held.values())
    for arm, weight in enumerate(design.ratio):
        share = total * weight / design.ratio_sum
        if abs(held[arm] - share) > FURTHEST_FROM_RATIO * total:
            sentence = _("The table gives %(held)d of %(total)d places to %(arm)s. By the ratio it would be %(share)s.")
            facts = {"held": held[arm], "total": total, "arm": design.arms[arm], "share": to_places(share, 1)}
            yield sentence % facts
            return


def _block_warnings(design: PermutedBlocks, *, by_site: bool) -> list[str]:
    rate = to_places(guess_rate_long_run(design), 3)
    certain = to_places(100 * certain_share(design), 1)
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
        mean = to_places(target / strata, 1)
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
