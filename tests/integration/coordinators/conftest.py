"""The coordinator's trial: one Monday, one site, the cast; every state by the real verbs."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from tests import cast as people
from tests.integration.coordinators.world import World


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The trial on a Monday, with the clock held."""
    with clock.moved_to(people.MONDAY - timedelta(days=60)):
        world = World.build()
        clock.advance(timedelta(days=60))
        yield world


@pytest.fixture
def elise(world: World) -> Client:
    """The coordinator, logged in."""
    return world.browser("elise")
