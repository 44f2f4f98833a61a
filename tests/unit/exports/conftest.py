"""The trial of these tests: three people, one of them randomized and trained."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from core import clock, ids
from participants.models import Participant
from tests import cast as people
from tests.unit.exports import world as exported
from tests.unit.randomization_db.world import World, build


@dataclass
class Story:
    """``treated`` is randomized and trained; ``filled`` answered with gaps; ``new`` was only screened."""

    world: World
    treated: Participant
    filled: Participant
    new: Participant


@pytest.fixture
def story(db: None) -> Iterator[Story]:
    with clock.moved_to(people.MONDAY), ids.seeded(7):
        world = build()
        world.activate()
        treated, filled = world.ready(), world.baseline(unstable=False)
        new = people.screen_eligible(world.trial, world.cast)
        exported.fill(world, filled)
        exported.treat(world, treated)
        yield Story(world, treated, filled, new)
