from collections import Counter
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.problems import Problem
from randomization.sequence import generate, in_order
from tests.unit.randomization.designs import SEED, big_stick, blocks, seed_number, simple


def arms_of(design, **options):
    return {
        stratum: "".join(slot.arm for slot in slots) for stratum, slots in generate(design, SEED, **options).items()
    }


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        (blocks(4, slots=40), {"all": "ABABBBAAAABBBBAAABBAAABBBAABBBAABAABBBAA"}),
        (
            blocks(4, 6, 8, strata=["high", "low"], slots=53),
            {
                "high": "ABABABABBBBBAAAAAABBAABBBBAABABAABABBBAABBAABBAAABABA",
                "low": "BABAABBABAABBBAABAABBBAABAAAABABBBBBAABABBABAAABBBABA",
            },
        ),
        (
            blocks(3, 6, ratio={"A": 2, "B": 1}, strata=["Montréal|>= 9"], slots=36),
            {"Montréal|>= 9": "AABAABAABABAABABBAAAABAAAABAABABAAAB"},
        ),
        (blocks(3, 6, 9, ratio=[1, 1, 1], slots=36), {"all": "ABCABBCACCCAABBABCCBACCABACBABABCAAB"}),
        (big_stick(3, slots=40), {"all": "BBBAABBABABAABBABAABABABBABAABBAAAABABAA"}),
        (simple(slots=40), {"all": "BBBABBBABBBBBABBABBAABBBBBBAABABBBBBBAAB"}),
        (simple(ratio=[3, 2], slots=40), {"all": "ABBABAAABAABAAABAAABABABAABABBAAAAABAAAB"}),
    ],
)
def test_known_lists_never_change(design, expected):
    assert arms_of(design) == expected


def test_slots_are_numbered_from_one_in_every_stratum():
    lists = generate(blocks(4, strata=["high", "low"], slots=10), SEED)
    assert list(lists) == ["high", "low"]
    for stratum, slots in lists.items():
        assert [(slot.stratum, slot.position) for slot in slots] == [(stratum, n) for n in range(1, 11)]
        assert [slot.block for slot in slots] == [1] * 4 + [2] * 4 + [3] * 2


@st.composite
def any_blocks(draw):
    ratio = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    copies = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True))
    return blocks(*(sum(ratio) * copy for copy in copies), ratio=ratio, strata=["x", "y"], slots=80)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(design=any_blocks(), number=st.integers(0, 10**6))
def test_every_whole_block_holds_the_ratio(design, number):
    for slots in generate(design, seed_number(number)).values():
        whole = [list(block) for _, block in groupby(slots, lambda slot: slot.block)][:-1]
        for block in whole:
            assert len(block) in design.block_sizes
            copies = len(block) // design.ratio_sum
            counted = Counter(slot.arm for slot in block)
            assert [counted[arm] for arm in design.arms] == [weight * copies for weight in design.ratio]


@pytest.mark.parametrize("design", [blocks(4, 6, 8, strata=["h", "l"]), big_stick(3), simple(ratio=[2, 1])])
def test_a_longer_list_begins_with_the_shorter_one(design):
    short, long = generate(design, SEED, 37), generate(design, SEED, 90)
    assert {stratum: slots[:37] for stratum, slots in long.items()} == short
    assert generate(design, SEED, 90, after=37) == {stratum: slots[37:] for stratum, slots in long.items()}


def test_a_stratum_does_not_depend_on_the_others():
    alone = generate(blocks(4, 6, strata=["low"]), SEED)["low"]
    assert generate(blocks(4, 6, strata=["high", "low", "other"]), SEED)["low"] == alone


def test_renaming_arms_renames_them_and_changes_nothing_else():
    one = arms_of(blocks(4, 6, 8, ratio={"X": 1, "Y": 1}))["all"]
    other = arms_of(blocks(4, 6, 8, ratio={"Y": 1, "X": 1}))["all"]
    assert other == one.translate(str.maketrans("XY", "YX"))


def test_big_stick_never_exceeds_its_limit():
    for number in range(50):
        lead = 0
        for slot in generate(big_stick(3), seed_number(number))["all"]:
            lead += 1 if slot.arm == "A" else -1
            assert abs(lead) <= 3


def test_another_seed_gives_another_list():
    design = blocks(4, 6, 8)
    assert len({tuple(generate(design, seed_number(number))["all"]) for number in range(20)}) == 20


@pytest.mark.parametrize(("slots", "after"), [(0, 0), (-1, 0), (100_001, 0), (10, 10), (10, -1)])
def test_a_length_out_of_range_is_refused(slots, after):
    with pytest.raises(Problem, match="100000"):
        generate(blocks(4), SEED, slots, after=after)


def test_lists_are_laid_out_stratum_after_stratum():
    design = blocks(4, strata=["b", "a"], slots=2)
    laid_out = in_order(generate(design, SEED))
    assert [(slot.stratum, slot.position) for slot in laid_out] == [("b", 1), ("b", 2), ("a", 1), ("a", 2)]
