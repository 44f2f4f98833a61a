"""The sequence room of a trial that recruits, with Samuel at the door."""

from collections.abc import Iterator

import pytest
from django.test import Client

from core import clock, ids
from tests import cast as people
from tests.unit.randomization_db.world import World, build


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.moved_to(people.MONDAY), ids.seeded(3):
        yield build()


@pytest.fixture
def client(world: World, client: Client) -> Client:
    client.force_login(world.cast.samuel)
    return client
