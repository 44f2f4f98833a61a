import json

import pytest

from core.problems import Invalid
from randomization.design import BigStick, PermutedBlocks, canonical_json, read_design
from tests.unit.randomization.designs import big_stick, blocks, simple


def problems_of(**changes):
    data = {"method": "permuted_blocks", "ratio": {"X": 1, "Y": 1}, "block_sizes": [4, 6], "slots_per_stratum": 60}
    with pytest.raises(Invalid) as caught:
        read_design({**data, **changes})
    return {problem.field: problem.sentence for problem in caught.value.problems}


def test_the_method_decides_the_design():
    assert isinstance(blocks(4), PermutedBlocks)
    assert isinstance(big_stick(3), BigStick)
    assert simple().method == "simple"


def test_the_ratio_may_name_its_arms_in_order():
    design = blocks(6, ratio={"RT": 2, "MC+ILEX": 1})
    assert design.arms == ("RT", "MC+ILEX")
    assert design.ratio == (2, 1)
    assert design.arm_index("MC+ILEX") == 1


def test_a_ratio_without_names_gets_letters():
    assert blocks(9, ratio=[1, 1, 1]).arms == ("A", "B", "C")


def test_a_size_that_cannot_hold_the_ratio_is_refused_with_its_number():
    sentence = problems_of(ratio=[2, 1], block_sizes=[6, 8])["block_sizes"]
    assert "8" in sentence
    assert "2:1" in sentence
    assert "multiples of 3" in sentence


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("method", {"method": "dice"}),
        ("method", {"method": None}),
        ("block_sizes", {"block_sizes": []}),
        ("block_sizes", {"block_sizes": [4, 4]}),
        ("block_sizes", {"block_sizes": [0]}),
        ("block_sizes", {"block_sizes": [-4]}),
        ("block_sizes", {"block_sizes": [4, True]}),
        ("block_sizes", {"block_sizes": ["4"]}),
        ("block_sizes", {"block_sizes": [402]}),
        ("block_sizes", {"block_sizes": "4"}),
        ("ratio", {"ratio": [1, 0]}),
        ("ratio", {"ratio": [1, -1]}),
        ("ratio", {"ratio": [1, 1000]}),
        ("ratio", {"ratio": "1:1"}),
        ("ratio", {"arms": ["X", "Y", "Z"], "ratio": [1, 1]}),
        ("arms", {"ratio": [1]}),
        ("arms", {"arms": ["X", "X"], "ratio": [1, 1]}),
        ("arms", {"arms": ["X", " "], "ratio": [1, 1]}),
        ("strata", {"strata": []}),
        ("strata", {"strata": ["high", "high"]}),
        ("strata", {"strata": ["high\n"]}),
        ("slots_per_stratum", {"slots_per_stratum": 0}),
        ("slots_per_stratum", {"slots_per_stratum": 10**9}),
        ("slots_per_stratum", {"slots_per_stratum": "60"}),
        ("limit", {"limit": 3}),
        ("limit", {"method": "big_stick", "limit": 0}),
        ("ratio", {"method": "big_stick", "limit": 3, "ratio": [2, 1]}),
        ("ratio", {"method": "big_stick", "limit": 3, "ratio": [1, 1, 1]}),
    ],
)
def test_a_bad_value_is_refused_at_its_field(field, changes):
    if changes.get("method") == "big_stick":
        with pytest.raises(Invalid) as caught:
            read_design({"ratio": [1, 1], "slots_per_stratum": 60, **changes})
        assert field in {problem.field for problem in caught.value.problems}
    else:
        assert field in problems_of(**changes)


def test_all_faults_are_told_at_once():
    found = problems_of(strata=[], slots_per_stratum=0, ratio=[1, 0])
    assert set(found) == {"strata", "slots_per_stratum", "ratio"}


@pytest.mark.parametrize("data", [None, 3, [], {}, "permuted_blocks"])
def test_what_is_no_design_is_refused(data):
    with pytest.raises(Invalid):
        read_design(data)


def test_a_huge_value_is_not_echoed():
    assert len(problems_of(slots_per_stratum="9" * 1_000_000)["slots_per_stratum"]) < 200


def test_a_stored_design_reads_back_as_itself():
    for design in (blocks(8, 4, ratio={"RT": 1, "MC+ILEX": 1}), big_stick(3), simple(ratio=[2, 1])):
        # A database may hand the entries back in another order.
        stored = json.loads(json.dumps(design.document(), sort_keys=True))
        assert read_design(stored) == design


def test_only_what_shapes_the_draw_enters_the_fingerprint():
    design = blocks(4, 6, ratio={"X": 1, "Y": 1}, strata=["high", "low"], slots=60)
    same = blocks(6, 4, ratio={"Q": 1, "P": 1}, strata=["other"], slots=90)
    assert design.fingerprint() == same.fingerprint()
    for other in (blocks(4), blocks(4, 6, 8), blocks(6, ratio=[2, 1]), blocks(6, ratio=[1, 2]), simple(), big_stick(4)):
        assert design.fingerprint() != other.fingerprint()


def test_canonical_json_has_one_form():
    assert canonical_json({"b": [1, "é"], "a": 'x"\n'}) == '{"a":"x\\"\\n","b":[1,"é"]}'.encode()
