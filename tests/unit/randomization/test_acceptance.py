"""The generator against the statistics that its design promises. All seeds are fixed.

Bounds are the 99.9th percentiles of chi square; mean guess rates must lie within 0.003 of the exact
value for the list's length.
"""

from collections import Counter
from math import comb

import pytest

from randomization.minimization import simulate
from randomization.predictability import guess_rate
from randomization.sequence import generate
from randomization.simulation import simulate_trials
from tests.unit.randomization.designs import SEED, big_stick, blocks, minimization, seed_number, simple
from tests.unit.randomization.statistics import blocks_of, chi_square, independence_chi_square, right_guesses

LISTS = [str(number) for number in range(1000)]
PERCENTILE = {1: 10.83, 2: 13.82, 5: 20.52, 19: 43.82, 25: 52.62, 69: 111.06}


def whole_blocks(design, seed=SEED):
    """The blocks of each list that surely end before the list does."""
    surely_whole = design.slots_per_stratum // max(design.block_sizes)
    return [blocks_of(slots)[:surely_whole] for slots in generate(design, seed).values()]


@pytest.fixture(scope="module")
def random_blocks():
    small = whole_blocks(blocks(2, 4, 6, strata=LISTS[:500]))
    large = whole_blocks(blocks(4, 6, 8, strata=LISTS[:500]), seed_number(1))
    return {"2, 4, 6": small, "4, 6, 8": large}


def test_every_block_is_balanced(random_blocks):
    for lists in random_blocks.values():
        assert all(2 * block.count("A") == len(block) for found in lists for block in found)


@pytest.mark.parametrize(
    ("sizes", "size"), [("2, 4, 6", 2), ("2, 4, 6", 4), ("2, 4, 6", 6), ("4, 6, 8", 6), ("4, 6, 8", 8)]
)
def test_permutations_of_a_block_are_equally_likely(random_blocks, sizes, size):
    counts = Counter(block for found in random_blocks[sizes] for block in found if len(block) == size)
    assert len(counts) == comb(size, size // 2)
    assert chi_square(counts.values()) < PERCENTILE[len(counts) - 1]


@pytest.mark.parametrize(("ratio", "size", "permutations"), [([2, 1], 3, 3), ([1, 1, 1], 3, 6), ([1, 1], 4, 6)])
def test_permutations_are_equally_likely_for_any_ratio(ratio, size, permutations):
    found = whole_blocks(blocks(size, ratio=ratio, strata=LISTS[:100]))
    counts = Counter(block for list_blocks in found for block in list_blocks)
    assert len(counts) == permutations
    assert chi_square(counts.values()) < PERCENTILE[permutations - 1]


def test_sizes_are_equally_likely(random_blocks):
    for lists in random_blocks.values():
        counts = Counter(len(block) for found in lists for block in found)
        assert len(counts) == 3
        assert chi_square(counts.values()) < PERCENTILE[2]


def test_strata_are_independent():
    design = blocks(4, strata=["high", "low"], slots=4)
    pairs = []
    for number in range(3000):
        lists = generate(design, seed_number(number))
        pairs.append((blocks_of(lists["high"])[0], blocks_of(lists["low"])[0]))
    statistic, freedom = independence_chi_square(pairs)
    assert freedom == 25
    assert statistic < PERCENTILE[25]


def test_consecutive_blocks_are_independent():
    found = whole_blocks(blocks(4, strata=LISTS[:3000], slots=8))
    statistic, freedom = independence_chi_square([(one, two) for one, two in found])
    assert freedom == 25
    assert statistic < PERCENTILE[25]


@pytest.mark.parametrize(
    "design",
    [
        blocks(4, strata=LISTS),
        blocks(6, strata=LISTS),
        blocks(2, 4, 6, strata=LISTS),
        blocks(4, 6, 8, strata=LISTS),
        blocks(4, 6, 8, strata=LISTS, slots=40),
        blocks(4, 6, 8, strata=LISTS, slots=20),
        blocks(3, 6, ratio=[1, 1, 1], strata=LISTS, slots=50),
        big_stick(3, strata=LISTS),
        big_stick(2, strata=LISTS, slots=24),
        big_stick(4, strata=LISTS, slots=60),
        simple(strata=LISTS),
        simple(ratio=[1, 1, 1], strata=LISTS),
    ],
    ids=lambda design: f"{design.method} {getattr(design, 'block_sizes', '')} {design.slots_per_stratum}",
)
def test_the_guess_rate_is_that_of_the_design(design):
    length = design.slots_per_stratum
    lists = generate(design, SEED).values()
    right = sum(right_guesses("".join(slot.arm for slot in slots), design.arms) for slots in lists)
    assert right / (length * len(LISTS)) == pytest.approx(guess_rate(design, length), abs=0.003)


def test_simple_draws_follow_their_weights():
    counts = Counter(
        slot.arm for slots in generate(simple(ratio=[2, 1], strata=LISTS[:100]), SEED).values() for slot in slots
    )
    drawn = counts["A"] + counts["B"]
    assert counts["A"] / drawn == pytest.approx(2 / 3, abs=4 * (2 / 9 / drawn) ** 0.5)


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_big_stick_tosses_fairly_below_its_limit(limit):
    tosses = Counter()
    for slots in generate(big_stick(limit, strata=LISTS[:200]), SEED).values():
        lead = 0
        for slot in slots:
            if abs(lead) < limit:
                tosses[lead, slot.arm] += 1
            lead += 1 if slot.arm == "A" else -1
    for lead in range(1 - limit, limit):
        assert chi_square([tosses[lead, "A"], tosses[lead, "B"]]) < PERCENTILE[1]


def test_free_draws_are_independent():
    lists = ["".join(slot.arm for slot in slots) for slots in generate(simple(strata=LISTS[:100]), SEED).values()]
    pairs = [(found[place], found[place + 1]) for found in lists for place in range(0, 240, 2)]
    statistic, freedom = independence_chi_square(pairs)
    assert freedom == 1
    assert statistic < PERCENTILE[1]


def test_first_arrivals_of_a_minimization_are_independent_of_the_second():
    # The first two arrivals of one sort: the second arm comes four times in five, whichever was first.
    design = minimization(factors={"sex": ("f", "m")}, slots=2)
    pairs = []
    for number in range(4000):
        one, two = simulate(design, seed_number(number), 2)
        if one.levels == two.levels:
            pairs.append(one.arm + two.arm)
    counts = Counter(pairs)
    assert chi_square([counts["AA"] + counts["AB"], counts["BA"] + counts["BB"]]) < PERCENTILE[1]
    assert chi_square([counts["AB"], counts["BA"]]) < PERCENTILE[1]
    assert (counts["AB"] + counts["BA"]) / len(pairs) == pytest.approx(0.8, abs=4 * (0.16 / len(pairs)) ** 0.5)


@pytest.mark.parametrize(
    ("probability", "knows_all", "own_site"),
    [("1/1", 0.88359, 0.69796), ("9/10", 0.81081, 0.66501), ("8/10", 0.73785, 0.62842), ("7/10", 0.66331, 0.58840)],
)
def test_the_guess_rate_of_minimization_is_the_published_one(probability, knows_all, own_site):
    # There is no exact value: the reference is simulated too, over three sites and two factors of two levels.
    found = simulate_trials(minimization(probability=probability), 120, 200)
    assert found.guess_rate == pytest.approx(knows_all, abs=0.003)
    assert found.guess_rate_within["site"] == pytest.approx(own_site, abs=0.003)
