"""The time zone a participant lives in."""

import pytest
from django.test import Client

from audit.models import Entry
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db


def test_walls(world: World) -> None:
    check_walls(world, "coordinators:time_zone", number=world.consented().number)


def test_kept_changed_with_a_reason_and_taken_back(world: World, elise: Client) -> None:
    participant = world.consented()
    url = world.url("coordinators:time_zone", number=participant.number)
    assert url in elise.get(world.url("record", number=participant.number)).content.decode()
    assert "As at the site (America/Toronto)" in elise.get(url).content.decode()
    assert (
        "The time zone is saved." in elise.post(url, {"time_zone": "America/Vancouver"}, follow=True).content.decode()
    )
    participant.refresh_from_db()
    assert participant.time_zone == "America/Vancouver"
    told = elise.post(url, {"time_zone": "site", "reason": ""})
    assert told.status_code == 422
    elise.post(url, {"time_zone": "site", "reason": "Moved back in June"})
    participant.refresh_from_db()
    assert participant.time_zone == ""
    assert [each.reason for each in Entry.objects.filter(verb="participant.time_zone").order_by("number")] == [
        "",
        "Moved back in June",
    ]


@pytest.mark.parametrize("typed", ["", "Montreal", "Etc/GMT+5", "../etc/passwd"])
def test_only_a_zone_of_the_list_is_taken(world: World, elise: Client, typed: str) -> None:
    participant = world.consented()
    url = world.url("coordinators:time_zone", number=participant.number)
    assert elise.post(url, {"time_zone": typed}).status_code == 422
    participant.refresh_from_db()
    assert participant.time_zone == ""


def test_of_two_who_save_the_second_is_told(world: World, elise: Client) -> None:
    participant = world.consented()
    url = world.url("coordinators:time_zone", number=participant.number)
    old = participant.revision
    assert elise.post(url, {"time_zone": "America/Vancouver", "revision": old}).status_code == 302
    again = elise.post(url, {"time_zone": "Europe/Paris", "reason": "Moved", "revision": old})
    assert again.status_code == 409
