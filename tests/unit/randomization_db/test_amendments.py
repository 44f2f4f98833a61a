"""Once a list is active, no amendment moves what it was drawn from."""

import pytest

from core.problems import Invalid, Problem
from randomization.actions import sequences
from tests import cast as people
from tests.unit.randomization_db.world import DESIGN, World
from trials.actions import protocols
from trials.queries import protocol_version

TEXT = people.STRONG_BACK.read_text(encoding="utf-8")
MOVED = {
    "ratio": [("ratio: {MC+ILEX: 1, RT: 1}", "ratio: {MC+ILEX: 2, RT: 1}")],
    "strata": [("code: high, at_least: 9", "code: high, at_least: 8"), ("code: low, below: 9", "code: low, below: 8")],
}


def amended(part: str) -> str:
    text = TEXT
    for old, new in MOVED[part]:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("part", MOVED)
def test_an_amendment_of_what_the_list_was_drawn_from_is_refused(active: World, part: str) -> None:
    with pytest.raises(Invalid) as caught:
        protocols.load(text=amended(part), by=active.noor)
    assert [problem.code for problem in caught.value.problems] == [f"amendment.{part}"]
    assert caught.value.sentence == (
        f"The allocation list was drawn from version 1 of the protocol, and this version changes: the {part}. "
        "Put back what stood there, and load it again."
    )
    assert protocol_version(active.trial).number == 1


def test_another_arm_is_refused(active: World) -> None:
    text = TEXT.replace("code: MC+ILEX\n", "code: MC\n").replace("{MC+ILEX: 1, RT: 1}", "{MC: 1, RT: 1}")
    with pytest.raises(Invalid) as caught:
        protocols.load(text=text, by=active.noor)
    assert [problem.code for problem in caught.value.problems] == ["amendment.arms", "amendment.ratio"]


def test_anything_else_may_be_amended(active: World) -> None:
    text = TEXT.replace("{en: High (9 or more)", "{en: High score (9 or more)")
    assert text != TEXT
    assert protocols.load(text=text, by=active.noor).number == 2
    active.allocate()
    active.extend(120)


@pytest.mark.parametrize("part", MOVED)
def test_before_activation_everything_may_be_amended(world: World, part: str) -> None:
    world.sign_strata()
    draft = sequences.prepare(trial=world.trial, design=DESIGN, by=world.samuel)
    assert protocols.load(text=amended(part), by=world.noor).number == 2
    if part == "strata":
        world.sign_strata()
    # The draft was drawn from what the protocol says no longer.
    with pytest.raises(Problem) as caught:
        sequences.activate(sequence=draft, by=world.ruth)
    assert caught.value.code == {"ratio": "design.ratio", "strata": "sequence.strata_changed"}[part]
