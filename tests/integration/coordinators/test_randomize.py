"""Randomizing by a coordinator, where the protocol names them."""

import pytest

from tests.integration.coordinators.walls import check_refused
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db


def test_strong_back_names_therapists_so_nobody_gets_in(world: World) -> None:
    number = world.consented().number
    url = world.url("coordinators:randomize", number=number)
    nobody = world.url("coordinators:randomize", number="MTL-0000")
    for who in ("elise", "amelie", "marc"):
        assert check_refused(world, who, url) == check_refused(world, who, nobody)
    record = world.browser("elise").get(world.url("record", number=number)).content.decode()
    assert url not in record
