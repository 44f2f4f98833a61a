"""A held clock, an active list, and somebody randomized into each arm."""

from collections.abc import Callable, Iterator

import pytest

from core import clock
from participants.models import Participant
from randomization.blindfold import Purpose, unblinded
from randomization.queries import arm_of
from tests import cast as people
from tests.unit.randomization_db.world import World, build
from therapy.actions.first_session import randomize_at_first_session

InArm = Callable[[str], Participant]


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.moved_to(people.MONDAY):
        made = build()
        made.activate()
        yield made


@pytest.fixture
def in_arm(world: World) -> InArm:
    """Somebody randomized by Marc into an arm; as many are randomized as it takes (a block has 6 at most)."""

    def randomized(arm: str) -> Participant:
        for _each in range(7):
            participant = world.ready()
            randomize_at_first_session(participant=participant, by=world.marc)
            if arm_in_the_list(world, participant) == arm:
                participant.refresh_from_db()
                return participant
        raise AssertionError(f"nobody came into {arm}")

    return randomized


@pytest.fixture
def marcs(in_arm: InArm) -> Participant:
    """Somebody in the arm that Marc, an athletic therapist, delivers; he is assigned."""
    return in_arm("MC+ILEX")


@pytest.fixture
def waiting(in_arm: InArm) -> Participant:
    """Somebody in the arm that Marc does not deliver."""
    return in_arm("RT")


def arm_in_the_list(world: World, participant: Participant) -> str | None:
    with unblinded(by=world.samuel, trial=world.trial, purpose=Purpose.SEQUENCE):
        return arm_of(participant)
