from uuid import UUID

import pytest

from core.problems import Problem
from randomization.sealing import open_arm, open_salt, open_seed, seal_arm, seal_salt, seal_seed

ONE, OTHER = UUID(int=1), UUID(int=2)
PLACE = {"sequence_id": ONE, "stratum": "high", "position": 7}


def test_a_sealed_arm_opens_at_its_place():
    for index in (0, 1, 300):
        assert open_arm(seal_arm(index, **PLACE), **PLACE) == index


def test_neither_content_nor_length_betrays_an_arm():
    seals = [seal_arm(index, **PLACE) for index in (0, 0, 1, 1, 300)]
    assert len(set(seals)) == 5
    assert len({len(seal) for seal in seals}) == 1


@pytest.mark.parametrize("elsewhere", [{"sequence_id": OTHER}, {"stratum": "low"}, {"position": 8}])
def test_rows_cannot_be_exchanged(elsewhere):
    sealed = seal_arm(1, **PLACE)
    with pytest.raises(Problem, match="Stop randomizing"):
        open_arm(sealed, **{**PLACE, **elsewhere})


def test_an_altered_seal_does_not_open():
    sealed = bytearray(seal_arm(1, **PLACE))
    sealed[-1] ^= 1
    with pytest.raises(Problem, match="altered"):
        open_arm(bytes(sealed), **PLACE)


def test_another_key_does_not_open(settings):
    sealed = seal_arm(1, **PLACE)
    settings.ARMSLENGTH_KEYS = {**settings.ARMSLENGTH_KEYS, "sequence": settings.ARMSLENGTH_KEYS["audit"]}
    with pytest.raises(Problem, match="key"):
        open_arm(sealed, **PLACE)


def test_seed_and_salt_are_sealed_and_not_confused():
    secret = bytes(range(32))
    assert open_seed(seal_seed(secret, sequence_id=ONE), sequence_id=ONE) == secret
    assert open_salt(seal_salt(secret, sequence_id=ONE), sequence_id=ONE) == secret
    with pytest.raises(Problem):
        open_salt(seal_seed(secret, sequence_id=ONE), sequence_id=ONE)
