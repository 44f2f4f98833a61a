"""A held clock, and the trial of these tests with and without an active list."""

from collections.abc import Iterator

import pytest

from core import clock
from participants.models import Participant
from tests import cast as people
from tests.unit.randomization_db.world import World, build


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.moved_to(people.MONDAY):
        yield build()


@pytest.fixture
def active(world: World) -> World:
    world.activate()
    return world


@pytest.fixture
def ready(active: World) -> Participant:
    return active.ready()
