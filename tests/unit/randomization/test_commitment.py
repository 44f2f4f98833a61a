from itertools import pairwise

import pytest

from core.problems import Problem
from randomization.commitment import commit, verify
from randomization.sequence import generate, in_order
from randomization.stream import ALGORITHM
from tests.unit.randomization.designs import SEED, blocks, seed_number

SALT = bytes(range(32, 64))
DESIGN = blocks(4, 6, 8, strata=["high", "low"], slots=20)
LIST = in_order(generate(DESIGN, SEED))
COMMITMENT = commit(ALGORITHM, DESIGN, LIST, SALT)


def verified(slots=LIST, *, commitment=COMMITMENT, algorithm=ALGORITHM, design=DESIGN, salt=SALT, seed=SEED):
    return verify(commitment, algorithm=algorithm, design=design, slots=slots, salt=salt, seed=seed)


def exchanged(one, other):
    """The list with the arms of two slots exchanged."""
    slots = list(LIST)
    slots[one], slots[other] = slots[one]._replace(arm=slots[other].arm), slots[other]._replace(arm=slots[one].arm)
    return slots


def test_an_unaltered_list_is_verified():
    assert verified() is None
    assert verified(commitment=COMMITMENT.upper()) is None


def test_the_order_in_which_rows_are_read_does_not_matter():
    assert commit(ALGORITHM, DESIGN, reversed(LIST), SALT) == COMMITMENT


def test_everything_that_is_committed_to_changes_the_commitment():
    longer = blocks(4, 6, 8, strata=["high", "low"], slots=21)
    renamed = blocks(4, 6, 8, ratio={"B": 1, "A": 1}, strata=["high", "low"], slots=20)
    first = next(n for n, (one, two) in enumerate(pairwise(LIST)) if one.arm != two.arm)
    commitments = {
        COMMITMENT,
        commit("armslength-2", DESIGN, LIST, SALT),
        commit(ALGORITHM, longer, LIST, SALT),
        commit(ALGORITHM, renamed, LIST, SALT),
        commit(ALGORITHM, DESIGN, exchanged(first, first + 1), SALT),
        commit(ALGORITHM, DESIGN, LIST[:-1], SALT),
        commit(ALGORITHM, DESIGN, LIST, SALT[::-1]),
    }
    assert len(commitments) == 7


def test_the_first_altered_slot_is_named():
    number = next(n for n in range(22, 40) if LIST[n].arm != LIST[n + 1].arm)
    discrepancy = verified(exchanged(number, number + 1))
    assert discrepancy.code == "verify.slot"
    assert f"Stratum low, position {LIST[number].position}:" in discrepancy.sentence


def test_a_missing_slot_is_named():
    discrepancy = verified(LIST[:4] + LIST[5:])
    assert discrepancy.sentence.startswith("Stratum high, position 5:")
    assert discrepancy.code == "verify.missing"


@pytest.mark.parametrize("surplus", [LIST[3], LIST[3]._replace(stratum="middle")])
def test_a_slot_too_many_is_named(surplus):
    discrepancy = verified([*LIST, surplus])
    assert discrepancy.code == "verify.surplus"
    assert f"Stratum {surplus.stratum}, position 4:" in discrepancy.sentence


def test_another_seed_salt_or_commitment_is_told():
    assert verified(seed=seed_number(3)).code == "verify.slot"
    assert verified(salt=SALT[::-1]).code == "verify.commitment"
    assert verified(commitment="0" * 64).code == "verify.commitment"
    assert verified(algorithm="armslength-0").code == "verify.algorithm"
    assert verified([]).code == "verify.list"


def test_a_list_forged_with_its_own_seed_does_not_fit_the_commitment():
    forged = in_order(generate(DESIGN, seed_number(3)))
    assert verified(forged, seed=seed_number(3)).code == "verify.commitment"


def test_an_extension_is_verified_as_its_own_segment():
    extension = in_order(generate(DESIGN, SEED, 30, after=20))
    commitment = commit(ALGORITHM, DESIGN, extension, SALT)
    assert verified(extension, commitment=commitment) is None


def test_a_salt_of_another_size_is_refused():
    with pytest.raises(Problem, match="256 bits"):
        commit(ALGORITHM, DESIGN, LIST, b"salt")
