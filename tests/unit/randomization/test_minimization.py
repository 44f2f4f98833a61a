from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.problems import Invalid, Problem
from randomization.design import read_design
from randomization.minimization import Minimizer, Placed, next_arm, simulate
from randomization.sequence import generate
from tests.unit.randomization.designs import SEED, minimization, seed_number
from tests.unit.randomization.statistics import chi_square

DISTANCES = ["range", "variance", "standard_deviation", "marginal_balance"]
ONE = {"sex": ("f", "m")}


def history(design, arms, levels):
    return [Placed(levels, arm) for arm in arms]


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({}, "ABBABAABAABBABAABBBAAAAABBABBBBABAABBABA"),
        ({"distance": "variance"}, "ABBABBABAAAABBAABBBAABABABABBABABABAAAAB"),
        ({"distance": "standard_deviation"}, "BABAAABBBAAAABBBAAABBBBBABBABAAABAABAABA"),
        ({"distance": "marginal_balance", "overall_weight": 2}, "BBBAAAAAABABBBAAABBABBBABABAABBABABBBABA"),
        ({"ratio": [2, 1], "probability": "9/10"}, "ABAAAAABBBAAABAABAABABAAABABAAABABABAAAA"),
        (
            {"ratio": [1, 1, 1], "weights": {"site": 3}, "distance": "variance"},
            "CABBBCACCACACAABBACABBCBBAACCABCBCABCCCA",
        ),
    ],
)
def test_known_runs_never_change(own, expected):
    assert "".join(made.arm for made in simulate(minimization(**own), SEED, 40)) == expected


def test_the_same_probability_is_written_in_one_way():
    design = minimization(probability="80/100")
    assert design.probability == "4/5"
    assert design.fingerprint() == minimization(probability="4/5").fingerprint()
    assert design == read_design(design.document())


def test_names_of_arms_and_the_length_do_not_enter_the_fingerprint():
    design = minimization(ratio={"X": 1, "Y": 1}, slots=60)
    assert design.fingerprint() == minimization(ratio={"Q": 1, "R": 1}, slots=600).fingerprint()
    others = [
        minimization(distance="variance"),
        minimization(probability="3/4"),
        minimization(overall_weight=1),
        minimization(weights={"site": 2}),
        minimization(factors=ONE),
        minimization(ratio=[2, 1]),
    ]
    assert len({other.fingerprint() for other in others} | {design.fingerprint()}) == 7


@pytest.mark.parametrize(
    ("field", "own"),
    [
        ("factors", {"factors": {}}),
        ("factors", {"factors": {"sex": ["f"]}}),
        ("factors", {"factors": {"sex": ["f", "f"]}}),
        ("factors", {"factors": {"sex;": ["f", "m"]}}),
        ("factors", {"factors": {"sex": ["f", "a=b"]}}),
        ("factors", {"weights": {"sex": 0}}),
        ("factors", {"weights": {"sex": 101}}),
        ("probability", {"probability": 0.8}),
        ("probability", {"probability": "0.8"}),
        ("probability", {"probability": "80 %"}),
        ("probability", {"probability": "4/0"}),
        ("probability", {"probability": "1/2"}),
        ("probability", {"probability": "5/4"}),
        ("probability", {"probability": "99999/100000"}),
        ("distance", {"distance": "euclid"}),
        ("overall_weight", {"overall_weight": -1}),
        ("strata", {"strata": ["high", "low"]}),
        ("block_sizes", {"block_sizes": [4]}),
        ("slots_per_stratum", {"slots": 0}),
    ],
)
def test_a_bad_value_is_refused_at_its_field(field, own):
    with pytest.raises(Invalid) as caught:
        minimization(**own)
    assert field in {problem.field for problem in caught.value.problems}


def test_a_fraction_is_asked_for_in_a_sentence():
    with pytest.raises(Invalid, match="such as 80/100"):
        minimization(probability=0.8)


def test_unequal_weights_lower_the_least_probability():
    # By chance the smaller of 2:1 has a third.
    assert minimization(ratio=[2, 1], probability="2/5").probability == "2/5"
    with pytest.raises(Invalid, match="1/3"):
        minimization(ratio=[2, 1], probability="1/3")


def test_it_draws_no_list_ahead():
    with pytest.raises(Problem, match="no list ahead"):
        generate(minimization(), SEED)


def test_the_table_of_pocock_and_simon():
    # Counts by level as two arms stand: sex f 5 and 3, site 1 2 and 4. A newcomer (f, 1) makes
    # range: A |6-3| + |3-4| = 4, B |5-4| + |2-5| = 4; with sex weighing 2, A 7 and B 5.
    def standing(design):
        minimizer = Minimizer(design, SEED)
        for sex, site, arm, times in [
            ("f", "1", "A", 2),
            ("f", "1", "B", 2),
            ("f", "2", "A", 3),
            ("f", "2", "B", 1),
            ("m", "1", "B", 2),
        ]:
            for _time in range(times):
                minimizer.record({"sex": sex, "site": site}, arm)
        return minimizer.decide({"sex": "f", "site": "1"})

    factors = {"sex": ("f", "m"), "site": ("1", "2")}
    even = standing(minimization(factors=factors))
    assert even.imbalance == {"A": "4", "B": "4"}
    assert even.tied == ("A", "B")
    assert even.tie is not None
    leaning = standing(minimization(factors=factors, weights={"sex": 2}))
    assert leaning.imbalance == {"A": "7", "B": "5"}
    assert (leaning.tied, leaning.tie, leaning.preferred) == (("B",), None, "B")
    assert leaning.coin.below == 5
    assert leaning.arm == ("B" if leaning.coin.drawn < 4 else "A")
    # 2 (36 + 9) - 81 = 9 and 2 (9 + 16) - 49 = 1; 1 and 9: equal sums again.
    assert standing(minimization(factors=factors, distance="variance")).imbalance == {"A": "10", "B": "10"}
    # 3/9 + 1/7 and 1/9 + 3/7.
    assert standing(minimization(factors=factors, distance="marginal_balance")).imbalance == {
        "A": "10/21",
        "B": "34/63",
    }
    # The totals of the arms count too: 6 against 5, and 5 against 6.
    assert standing(minimization(factors=factors, overall_weight=3)).imbalance == {"A": "7", "B": "7"}


def naive_totals(design, placed, levels):
    """The totals as a textbook writes them, in floating point."""
    totals = []
    for candidate in design.arms:
        total = 0.0
        for factor in design.factors:
            x = [
                (
                    sum(p.arm == arm and p.levels[factor.code] == levels[factor.code] for p in placed)
                    + (arm == candidate)
                )
                / weight
                for arm, weight in zip(design.arms, design.ratio, strict=True)
            ]
            mean = sum(x) / len(x)
            variance = sum((each - mean) ** 2 for each in x) / (len(x) - 1)
            pairs = sum(abs(a - b) for a, b in combinations(x, 2))
            total += (
                factor.weight
                * {
                    "range": max(x) - min(x),
                    "variance": variance,
                    "standard_deviation": sqrt(variance),
                    "marginal_balance": pairs / ((len(x) - 1) * sum(x)),
                }[design.distance]
            )
        totals.append(total)
    return totals


@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize("ratio", [[1, 1], [2, 1], [1, 1, 1], [3, 2, 2]])
def test_the_least_imbalance_is_that_of_the_textbook(distance, ratio):
    design = minimization(ratio=ratio, distance=distance, weights={"site": 2})
    placed = []
    for made in simulate(design, SEED, 60):
        totals = naive_totals(design, placed, made.levels)
        least = {arm for arm, total in zip(design.arms, totals, strict=True) if total <= min(totals) + 1e-9}
        assert set(made.tied) == least
        placed.append(Placed(made.levels, made.arm))


def test_sums_of_roots_that_are_equal_are_ties():
    # Counts 1 1 0 at one level and 1 4 6 at the other. To A: sqrt 6 + sqrt 24; to C: 0 + sqrt 54. Both are
    # 3 sqrt 6, though cut roots, and floating-point ones, do not add up to the same.
    factors = {"a": ("x", "y"), "b": ("x", "y")}
    minimizer = Minimizer(minimization(ratio=[1, 1, 1], factors=factors, distance="standard_deviation"), SEED)
    for levels, arms in [({"a": "x", "b": "y"}, "AB"), ({"a": "y", "b": "x"}, "ABBBBCCCCCC")]:
        for arm in arms:
            minimizer.record(levels, arm)
    decision = minimizer.decide({"a": "x", "b": "x"})
    assert decision.tied == ("A", "C")
    assert decision.imbalance["A"] != decision.imbalance["C"]


@pytest.mark.parametrize("ratio", [[1, 1], [2, 1], [1, 2], [1, 1, 1], [3, 2, 1]])
def test_the_first_of_equals_come_in_the_ratio(ratio):
    # When all arms are tied, tie and coin together give each arm its share, whatever the probability.
    design = minimization(ratio=ratio, probability="7/10")
    shares = [Fraction(0)] * len(ratio)
    minimizer = Minimizer(design, SEED)
    for preferred, weight in enumerate(ratio):
        for arm, tickets in enumerate(minimizer._coin.tickets(preferred)):
            shares[arm] += Fraction(weight * tickets, sum(ratio) * minimizer._coin.faces)
    assert shares == [Fraction(weight, sum(ratio)) for weight in ratio]


def test_the_coin_has_its_probability():
    design = minimization(ratio=[2, 1], probability="8/10")
    coin = Minimizer(design, SEED)._coin
    # The smaller arm has 4/5; the larger 1 - 1/5 (3 - 2) / (3 - 1) = 9/10.
    assert [Fraction(each, coin.faces) for each in coin.tickets(1)] == [Fraction(1, 5), Fraction(4, 5)]
    assert [Fraction(each, coin.faces) for each in coin.tickets(0)] == [Fraction(9, 10), Fraction(1, 10)]


def test_chances_are_those_of_many_seeds():
    design = minimization(ratio=[1, 1, 1], factors=ONE, probability="7/10")
    placed = history(design, "AB", {"sex": "f"})
    minimizer = Minimizer(design, SEED)
    for each in placed:
        minimizer.record(*each)
    assert minimizer.chances({"sex": "f"}) == (Fraction(3, 20), Fraction(3, 20), Fraction(7, 10))
    drawn = Counter(next_arm(design, seed_number(n), placed, {"sex": "f"}).arm for n in range(2000))
    assert drawn["C"] / 2000 == pytest.approx(0.7, abs=4 * (0.21 / 2000) ** 0.5)


def test_ties_are_broken_evenly():
    design = minimization(ratio=[1, 1, 1], factors=ONE, probability="1/1")
    drawn = Counter(next_arm(design, seed_number(n), [], {"sex": "f"}).arm for n in range(3000))
    assert chi_square(drawn.values()) < 13.82


@pytest.mark.parametrize("ratio", [[1, 1], [2, 1], [3, 2, 1]])
def test_the_ratio_is_kept_in_the_long_run(ratio):
    arms = Counter(made.arm for n in range(20) for made in simulate(minimization(ratio=ratio), seed_number(n), 120))
    for arm, weight in zip("ABC", ratio, strict=False):
        assert arms[arm] / 2400 == pytest.approx(weight / sum(ratio), abs=0.01)


def test_factors_are_balanced_better_than_by_chance():
    design = minimization()
    for number in range(20):
        minimizer = Minimizer(design, SEED)
        for made in simulate(design, seed_number(number), 120):
            minimizer.record(made.levels, made.arm)
        assert all(abs(one - other) <= 10 for one, other in minimizer.imbalance().values())


@settings(derandomize=True, max_examples=30, deadline=None)
@given(
    number=st.integers(0, 10**6),
    distance=st.sampled_from(DISTANCES),
    ratio=st.lists(st.integers(1, 4), min_size=2, max_size=4),
)
def test_a_history_is_replayed(number, distance, ratio):
    design = minimization(ratio=ratio, distance=distance, probability="95/100")
    made = list(simulate(design, seed_number(number), 25))
    placed = [Placed(each.levels, each.arm) for each in made]
    again = [next_arm(design, seed_number(number), placed[:at], each.levels) for at, each in enumerate(placed)]
    assert again == made
    assert made[-1].number == 25


def test_an_allocation_depends_on_those_before_and_not_on_those_after():
    design = minimization()
    made = list(simulate(design, SEED, 30))
    assert list(simulate(design, SEED, 20)) == made[:20]


@pytest.mark.parametrize("levels", [{}, {"sex": "x"}, {"sex": "f", "age": "old"}, {"age": "old"}])
def test_unknown_levels_are_refused(levels):
    with pytest.raises(Problem, match="factor"):
        next_arm(minimization(factors=ONE), SEED, [], levels)


def test_an_unknown_arm_in_the_history_is_refused():
    with pytest.raises(Problem, match="no arm Z"):
        next_arm(minimization(factors=ONE), SEED, [Placed({"sex": "f"}, "Z")], {"sex": "f"})


def test_the_sealed_record_holds_state_and_draws():
    document = next(simulate(minimization(factors=ONE), SEED, 1)).document()
    assert set(document) == {"number", "levels", "imbalance", "tied", "tie", "preferred", "coin", "arm"}
    assert document["tied"] == ["A", "B"]
    assert document["tie"][1] == 2
    assert document["coin"][1] == 5


def test_the_totals_are_not_mistaken_for_a_factor():
    design = minimization(factors={"all": ("all", "none")}, overall_weight=1)
    minimizer = Minimizer(design, SEED)
    minimizer.record({"all": "all"}, "A")
    minimizer.record({"all": "none"}, "A")
    # To A: 2 at the level and 3 in all; to B: 0 at the level and 1 in all.
    assert minimizer.decide({"all": "all"}).imbalance == {"A": "5", "B": "1"}
