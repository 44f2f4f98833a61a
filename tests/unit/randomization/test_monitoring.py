from fractions import Fraction as F
from random import Random
from statistics import fmean

import pytest

from randomization.foresight import Foreseer, blocks_behind, foreseen
from randomization.guessing import guessed, right_guesses
from randomization.minimization import simulate
from randomization.monitoring import Observed, berger_exner, convergence_score
from randomization.sequence import generate
from tests.unit.randomization import statistics
from tests.unit.randomization.designs import SEED, big_stick, blocks, minimization, seed_number, simple, uploaded

STRATA = ["high", "low"]
BLOCKS = blocks(4, strata=STRATA, slots=60)


def along(design, arms):
    """The chances of the first arm before each allocation of one stratum."""
    return [odds[0] for odds in foreseen(design, ["all"] * len(arms), ["AB".index(arm) for arm in arms])]


def trial(design, number, shift, *, size=60):
    """A trial whose recruiters shift prognosis when they think an arm likely."""
    chance = Random(number)
    lists = {stratum: iter(slots) for stratum, slots in generate(design, seed_number(number)).items()}
    strata = [chance.choice(design.strata) for _arrival in range(size)]
    arms = [next(lists[stratum]).arm for stratum in strata]
    odds = foreseen(design, strata, [design.arm_index(arm) for arm in arms])
    return [
        Observed(stratum, arm, chance.gauss(0, 1) + shift * ((first > 0.5) - (first < 0.5)))
        for stratum, arm, (first, *_others) in zip(strata, arms, odds, strict=True)
    ]


def test_the_arm_that_is_furthest_behind_is_named():
    assert guessed([2, 1], [1, 1]) == [1]
    assert guessed([2, 2], [1, 1]) == [0, 1]
    assert guessed([2, 2], [2, 1]) == [0]
    assert guessed([0, 0], [2, 1]) == [0]
    assert guessed([4, 2, 2], [2, 1, 1]) == [0]
    assert guessed([4, 1, 1], [2, 1, 1]) == [1, 2]


@pytest.mark.parametrize("arms", ["", "A", "ABBA", "ABCCBAABC", "CCCAB"])
def test_right_guesses_are_counted(arms):
    assert right_guesses(["ABC".index(arm) for arm in arms], [1, 1, 1]) == statistics.right_guesses(arms, "ABC")


def test_the_chances_within_a_block_are_the_places_left():
    assert along(blocks(4), "AABBA") == pytest.approx([0.5, 1 / 3, 0, 0, 0.5])
    assert along(blocks(3, ratio=[2, 1]), "ABAB") == pytest.approx([2 / 3, 1 / 2, 1, 2 / 3])


def test_every_size_that_the_past_admits_is_weighed():
    # After A B: a block of 2 is over (weight 1/2 of 1/2), one of 4 goes on with one A and one B left, or
    # both are even anyway. After A A the block can be one of 4 only.
    assert along(blocks(2, 4), "AAB") == pytest.approx([0.5, 0.5 * 0 + 0.5 / 3, 0.0])
    # After A: 2 has B left alone, 4 has one A and two B left; both were as likely.
    assert along(blocks(2, 4), "AB")[1] == pytest.approx((0 + 1 / 3) / 2)


def test_the_chances_of_the_other_methods():
    assert along(big_stick(2), "AABBB") == pytest.approx([0.5, 0.5, 0, 0.5, 0.5])
    assert along(simple(ratio=[3, 1]), "AAA") == pytest.approx([0.75] * 3)
    assert along(uploaded(), "ABBA") == pytest.approx([0.5, 0, 0.5, 1])


def test_chances_come_true():
    # Over many lists, what was given a chance of a third comes a third of the time.
    design = blocks(4, 6, strata=[str(number) for number in range(300)], slots=60)
    given, came = {}, {}
    for slots in generate(design, SEED).values():
        foreseer = Foreseer(design)
        for slot in slots:
            odds = round(foreseer.chances()[0], 1)
            given[odds] = given.get(odds, 0) + 1
            came[odds] = came.get(odds, 0) + (slot.arm == "A")
            foreseer.follow(design.arm_index(slot.arm))
    for odds, times in given.items():
        if times > 500:
            assert came[odds] / times == pytest.approx(odds, abs=0.06)


def test_a_list_that_breaks_its_design_does_not_stop_the_watch():
    assert len(along(blocks(4), "AAAAAAAA")) == 8


def test_a_table_is_watched_by_the_blocks_it_runs_in():
    assert blocks_behind(uploaded("AABBABBABAAB")).block_sizes == (4,)
    assert blocks_behind(uploaded("AAAAAABBBBBABA")) is None
    assert blocks_behind(simple()) is None


def test_the_convergence_score_beside_its_expectation():
    allocations = [Observed("high", arm) for arm in "AABB"] + [Observed("low", arm) for arm in "BA"]
    score = convergence_score(BLOCKS, allocations)
    # 1/2 + 0 + 1 + 1 and 1/2 + 1.
    assert (score.right, score.allocations) == (4.0, 6)
    assert score.observed == pytest.approx(4 / 6)
    assert score.expected == pytest.approx((2.8333 + 0.5 + 2 / 3) / 6, abs=1e-4)
    assert convergence_score(BLOCKS, []) is None


@pytest.mark.parametrize(
    "design", [blocks(4, 6, strata=STRATA), blocks(6, ratio=[2, 1], strata=STRATA), simple(ratio=[2, 1], strata=STRATA)]
)
def test_scores_of_lists_come_close_to_their_expectation(design):
    found = [
        convergence_score(design, [Observed(each.stratum, each.arm) for each in trial(design, number, 0)])
        for number in range(60)
    ]
    # Half of 3600 guesses are open tosses, so four standard errors of their share are about 0.03.
    assert fmean(score.observed for score in found) == pytest.approx(found[0].expected, abs=0.03)


def test_the_score_of_a_minimization_is_expected_by_simulation():
    design = minimization()
    made = [Observed("all", each.arm, levels=each.levels) for each in simulate(design, SEED, 120)]
    score = convergence_score(design, made)
    assert score.expected == pytest.approx(0.628, abs=0.006)
    assert score.observed == pytest.approx(score.expected, abs=0.15)


def test_the_score_of_a_table_is_expected_of_its_blocks():
    assert convergence_score(uploaded(), [Observed("sex=f", arm) for arm in "AB"]).expected == pytest.approx(0.75)
    free = uploaded("AAAAAABBBBBABA")
    assert convergence_score(free, [Observed("sex=f", "A")]).expected == 0.5


def test_the_statistic_is_that_of_the_regression():
    # Chances of A are 1/2 1/3 0 0 in one stratum and 1/2 2/3 in the other; their means are 5/24 and 7/12.
    values = [2.0, 1.0, 0.0, 1.0, 0.5, 2.5]
    strata = ["high"] * 4 + ["low"] * 2
    allocations = [Observed(*each) for each in zip(strata, "AABBBA", values, strict=True)]
    found = berger_exner(BLOCKS, allocations, draws=19)
    x = [F(1, 2) - F(5, 24), F(1, 3) - F(5, 24), -F(5, 24), -F(5, 24), -F(1, 12), F(1, 12)]
    y = [F(1), F(0), F(-1), F(0), F(-1), F(1)]
    sxx, sxy, syy = (sum(a * b for a, b in zip(one, other, strict=True)) for one, other in ((x, x), (x, y), (y, y)))
    assert found.coefficient == pytest.approx(float(sxy / sxx))
    # Six values less two strata less one coefficient: three degrees of freedom.
    error = float((syy - sxy * sxy / sxx) / 3 / sxx) ** 0.5
    assert found.statistic == pytest.approx(float(sxy / sxx) / error)
    assert (found.participants, found.arm) == (6, "A")


def test_selection_by_recruiters_is_found():
    for number in range(5):
        assert berger_exner(BLOCKS, trial(BLOCKS, number, 1.0), draws=99).p_value <= 0.05


def test_without_selection_the_test_keeps_its_level():
    # 150 trials at 5 %: 7.5 expected, and 16 or more less than once in two hundred.
    arrivals = ["high", "low"] * 20
    flagged = 0
    for number in range(150):
        chance = Random(number)
        lists = {stratum: iter(slots) for stratum, slots in generate(BLOCKS, seed_number(number)).items()}
        made = [Observed(stratum, next(lists[stratum]).arm, float(chance.random() < 0.3)) for stratum in arrivals]
        found = berger_exner(BLOCKS, made, draws=99)
        flagged += found is not None and found.p_value <= 0.05
    assert 1 <= flagged <= 15


def test_selection_is_found_under_minimization():
    design = minimization(probability="9/10", slots=60)
    chance = Random(3)
    made = []
    for each in simulate(design, SEED, 60):
        value = chance.gauss(0, 1) + 1.5 * (each.preferred == "A") * (len(each.tied) == 1)
        made.append(Observed("all", each.arm, value, each.levels))
    assert berger_exner(design, made, draws=99).p_value <= 0.05


def test_the_same_data_give_the_same_result():
    made = trial(BLOCKS, 1, 0.3)
    assert berger_exner(BLOCKS, made, draws=49) == berger_exner(BLOCKS, made, draws=49)


def test_unknown_values_are_left_out_but_their_allocations_are_followed():
    made = trial(BLOCKS, 1, 1.0)
    partly = [each if number % 3 else Observed(each.stratum, each.arm) for number, each in enumerate(made)]
    found = berger_exner(BLOCKS, partly, draws=49)
    assert found.participants == 40
    assert found.p_value <= 0.05


def test_any_arm_can_be_watched():
    design = blocks(3, 6, ratio=[1, 1, 1], slots=60)
    made = trial(design, 2, 0)
    assert {berger_exner(design, made, arm=arm, draws=9).arm for arm in "ABC"} == set("ABC")


@pytest.mark.parametrize(
    ("design", "made"),
    [
        (simple(), [Observed("all", arm, number) for number, arm in enumerate("ABBABAAB")]),
        (uploaded("AAAAAABBBBBABA"), [Observed("sex=f", arm, number) for number, arm in enumerate("AAAAAABB")]),
        (BLOCKS, []),
        (BLOCKS, [Observed("high", arm) for arm in "ABBABAAB"]),
        (BLOCKS, [Observed("high", arm, 1.0) for arm in "ABBABAAB"]),
        (BLOCKS, [Observed("high", arm, number) for number, arm in enumerate("AB")]),
    ],
    ids=["simple", "no blocks", "nobody", "no values", "equal values", "too few"],
)
def test_where_nothing_can_be_told_nothing_is(design, made):
    assert berger_exner(design, made, draws=9) is None
