"""Figures of published designs: Blackwell and Hodges' guesser, long run and finite lists."""

from itertools import permutations

import pytest

from randomization.certainty import certain_share_set_known
from randomization.predictability import (
    certain_share,
    expected_imbalance,
    guess_rate,
    guess_rate_long_run,
    predict,
    selection_bias,
)
from randomization.simulation import foretell
from randomization.table_figures import apparent_block
from tests.unit.randomization.designs import big_stick, blocks, minimization, simple, table_of, uploaded
from tests.unit.randomization.statistics import right_guesses


@pytest.mark.parametrize(
    ("sizes", "rate", "certain"),
    [
        ([2], 0.75000, 0.50000),
        ([4], 0.70833, 0.33333),
        ([6], 0.68333, 0.25000),
        ([8], 0.66607, 0.20000),
        ([10], 0.65317, 0.16667),
        ([12], 0.64304, 0.14286),
        ([2, 4], 0.72222, 0.38889),
        ([4, 6], 0.69333, 0.28333),
        ([2, 4, 6], 0.70278, 0.31944),
        ([4, 8], 0.68016, 0.24444),
        ([6, 8], 0.67347, 0.22143),
        ([4, 6, 8], 0.68122, 0.24630),
        ([2, 4, 6, 8], 0.68810, 0.27167),
        ([6, 8, 10], 0.66501, 0.19861),
        ([4, 6, 8, 10], 0.67120, 0.21786),
    ],
)
def test_permuted_blocks_in_the_long_run(sizes, rate, certain):
    design = blocks(*sizes)
    assert guess_rate_long_run(design) == pytest.approx(rate, abs=1e-5)
    assert certain_share(design) == pytest.approx(certain, abs=1e-5)


@pytest.mark.parametrize(
    ("ratio", "size", "rate"),
    [
        ([2, 1], 3, 0.77778),
        ([2, 1], 6, 0.74444),
        ([2, 1], 9, 0.72751),
        ([1, 1, 1], 3, 0.61111),
        ([1, 1, 1], 6, 0.56111),
        ([1, 1, 1], 9, 0.53188),
    ],
)
def test_other_ratios_and_more_arms(ratio, size, rate):
    assert guess_rate_long_run(blocks(size, ratio=ratio)) == pytest.approx(rate, abs=1e-5)


@pytest.mark.parametrize(("length", "rate"), [(24, 0.60842), (60, 0.57291), (120, 0.55316)])
def test_one_block_as_long_as_the_list(length, rate):
    assert guess_rate(blocks(length), length) == pytest.approx(rate, abs=1e-5)


@pytest.mark.parametrize(
    ("sizes", "length", "rate", "tolerance"),
    [
        ([4], 48, 0.70833, 1e-5),
        ([2, 4, 6], 240, 0.70226, 0.0003),
        ([4, 6, 8], 240, 0.68023, 0.0003),
        ([2, 4, 6], 40, 0.69954, 0.0006),
        ([4, 6, 8], 40, 0.67654, 0.0008),
        ([4, 6, 8], 20, 0.67122, 0.0011),
    ],
)
def test_short_lists_against_simulated_rates(sizes, length, rate, tolerance):
    # Tolerance: four simulation errors of the reference.
    assert guess_rate(blocks(*sizes), length) == pytest.approx(rate, abs=tolerance)


def test_a_cut_list_against_all_its_possibilities():
    # Five places with blocks of 4 or 2: enumerated block by block.
    def lists(room):
        if room <= 0:
            yield "", 1.0
            return
        for size in (2, 4):
            orders = sorted(set(permutations("AB" * (size // 2))))
            for order in orders:
                for rest, share in lists(room - size):
                    yield "".join(order) + rest, share / 2 / len(orders)

    expected = sum(right_guesses(arms[:5]) * share for arms, share in lists(5)) / 5
    assert guess_rate(blocks(2, 4), 5) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("limit", "length", "rate", "certain"),
    [
        (2, 24, 0.61458, 0.22917),
        (3, 24, 0.57407, 0.14815),
        (4, 24, 0.54688, 0.09376),
        (3, 60, 0.57963, 0.15926),
        (4, 60, 0.55625, 0.11250),
        (2, 120, 0.62292, 0.24583),
        (3, 120, 0.58148, 0.16296),
    ],
)
def test_big_stick_on_finite_lists(limit, length, rate, certain):
    figures = predict(big_stick(limit), length)
    assert figures.guess_rate == pytest.approx(rate, abs=1e-5)
    assert figures.certain_if_set_known == pytest.approx(certain, abs=1e-5)


@pytest.mark.parametrize(("limit", "rate", "certain"), [(2, 0.625, 0.25), (3, 0.58333, 0.16667), (5, 0.55, 0.1)])
def test_big_stick_in_the_long_run(limit, rate, certain):
    assert guess_rate_long_run(big_stick(limit)) == pytest.approx(rate, abs=1e-5)
    assert certain_share(big_stick(limit)) == pytest.approx(certain, abs=1e-5)


def test_simple_randomization_cannot_be_guessed():
    figures = predict(simple(), 106)
    assert figures.guess_rate == figures.guess_rate_long_run == figures.chance == 0.5
    assert figures.certain_if_set_known == figures.certain_if_sizes_known == figures.bias == 0
    assert guess_rate(simple(ratio=[2, 1]), 30) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("sizes", "certain"),
    [
        ([2, 4], 0.11208),
        ([4, 6], 0.05588),
        ([2, 4, 6], 0.04113),
        ([4, 8], 0.07636),
        ([6, 8], 0.03716),
        ([4, 6, 8], 0.02325),
    ],
)
def test_certainty_of_who_knows_the_set_of_sizes(sizes, certain):
    # The reference is simulated over lists of about 200; it errs by less than 0.0015.
    assert certain_share_set_known(blocks(*sizes), 240) == pytest.approx(certain, abs=0.0016)


def test_a_single_size_is_a_known_size():
    assert certain_share_set_known(blocks(6), 60) == pytest.approx(certain_share(blocks(6)))


def test_certainty_is_left_out_where_it_would_take_too_long():
    assert predict(blocks(40, 60), 120).certain_if_set_known is None


@pytest.mark.parametrize(("rate", "bias"), [(0.70833, 0.1667), (0.68122, 0.145), (0.5, 0)])
def test_selection_bias_at_an_assumed_effect(rate, bias):
    assert selection_bias(rate, 0.2) == pytest.approx(bias, abs=1e-4)


def test_bias_is_told_for_two_equal_arms_only():
    assert predict(blocks(4), 48).bias == pytest.approx(0.1667, abs=1e-4)
    assert predict(blocks(6, ratio=[2, 1]), 48).bias is None


def test_expected_imbalance():
    assert expected_imbalance(blocks(4), 48) == 0
    assert expected_imbalance(blocks(4), 49) == pytest.approx(1)
    # After two of a block of 4: both alike in a third of the orders, then a difference of 2.
    assert expected_imbalance(blocks(4), 50) == pytest.approx(2 / 3)
    # Lists shorter than a block: the second of a block of 6 equals the first in two of five orders.
    assert expected_imbalance(blocks(6), 1) == pytest.approx(1)
    assert expected_imbalance(blocks(6), 2) == pytest.approx(2 * 2 / 5)
    assert expected_imbalance(big_stick(1), 7) == pytest.approx(1)
    # Four fair tosses: difference 0, 2, 4 with 6, 8, 2 of 16.
    assert expected_imbalance(simple(), 4) == pytest.approx(24 / 16)
    assert expected_imbalance(simple(), 50_000) == pytest.approx((2 * 50_000 / 3.141593) ** 0.5, rel=1e-3)


def test_the_figures_say_what_they_rest_on():
    assert predict(blocks(4), 48).basis == predict(simple(), 48).basis == "exact"
    assert predict(minimization(), 60).basis == "simulated"
    assert predict(uploaded(), 16).basis == "table"


def test_a_minimization_is_foretold_by_simulation():
    found = predict(minimization(), 120)
    assert found.guess_rate == pytest.approx(0.738, abs=0.004)
    assert found.guess_rate_long_run == pytest.approx(found.guess_rate, abs=0.01)
    assert found.certain_if_sizes_known == found.certain_if_set_known == 0
    assert found.bias == pytest.approx(0.4 * (2 * found.guess_rate - 1))
    assert 0 < found.expected_imbalance < expected_imbalance(simple(), 120)
    assert predict(minimization(), 120) == found


def test_a_deterministic_minimization_is_certain_but_for_ties():
    found = predict(minimization(probability="1/1"), 120)
    # Right when certain, half the time at a tie.
    assert found.guess_rate == pytest.approx((1 + found.certain_if_sizes_known) / 2)
    assert found.certain_if_sizes_known == pytest.approx(2 * 0.88359 - 1, abs=0.01)


def test_sites_foresee_more_when_the_site_is_a_factor():
    within = foretell(minimization(), 120).guess_rate_within
    assert set(within) == {"site", "sex", "age"}
    assert all(0.6 < rate < 0.68 for rate in within.values())


def test_a_minimization_of_three_arms_and_unequal_weights_is_foretold():
    found = predict(minimization(ratio=[2, 1, 1], slots=60), 60)
    assert found.chance == 0.5
    assert found.guess_rate > 0.6
    assert found.bias is None


def test_a_long_minimization_is_foretold_at_the_length_where_it_stands_still():
    assert foretell(minimization(), 100_000).length == 500


def test_a_table_is_counted_as_it_is():
    design = table_of(*(f",{arm},0" for arm in "1221"), *(f",{arm},1" for arm in "1122"))
    # A B B A: 1/2, 1, 1/2, 1. A A B B: 1/2, 0, 1, 1.
    assert guess_rate(design, 4) == pytest.approx((3 + 2.5) / 8)
    assert guess_rate(design, 2) == pytest.approx((1.5 + 0.5) / 4)
    assert guess_rate_long_run(design) == guess_rate(design, 4)
    # After two: A B is even, A A is one too many and one too few.
    assert expected_imbalance(design, 2) == pytest.approx((0 + 2) / 2)
    assert expected_imbalance(design, 4) == 0


@pytest.mark.parametrize(
    ("arms", "size", "certain"),
    [
        ("ABBAAB", 2, 0.5),
        ("AABBABBA", 4, 3 / 8),
        ("AABBABBAAB", 4, 3 / 10),
        ("AAABBBABABAB", 6, 4 / 12),
        ("AAAABBBB", None, 0.0),
        ("AAAB", None, 0.0),
    ],
)
def test_the_blocks_that_a_table_runs_in_are_noticed(arms, size, certain):
    design = uploaded(arms)
    assert apparent_block(design) == size
    assert certain_share(design) == pytest.approx(certain)
    assert predict(design, len(arms)).certain_if_set_known is None
