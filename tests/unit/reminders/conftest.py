"""A trial with a held clock; mail stays in memory."""

from collections.abc import Iterator

import pytest

from core import clock
from tests.unit.reminders import world
from tests.unit.reminders.world import World


@pytest.fixture
def trial_world(db: None) -> Iterator[World]:
    with clock.moved_to(world.START):
        yield world.build()
