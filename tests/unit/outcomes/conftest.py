"""The held clock, seeded ids, and the trial of these tests."""

from collections.abc import Iterator

import pytest

from core import clock, ids
from participants.models import Participant
from tests.unit.outcomes.world import START, World, build


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.moved_to(START), ids.seeded(1):
        yield build()


@pytest.fixture
def participant(world: World) -> Participant:
    return world.consented()
