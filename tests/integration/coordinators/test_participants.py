"""The list of participants."""

import pytest
from django.test import Client

from audit.models import Entry
from tests import cast as people
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db


def url(world: World) -> str:
    return world.url("coordinators:participants")


def test_only_coordinators_open_it(world: World) -> None:
    check_walls(world, "coordinators:participants")


def test_states_stand_in_words_and_filter(world: World, elise: Client) -> None:
    eligible = world.eligible()
    randomized = world.randomized()
    body = elise.get(url(world)).content.decode()
    assert eligible.number in body
    assert "Randomized" in body
    only = elise.get(url(world), {"state": "randomized"}).content.decode()
    assert randomized.number in only
    assert eligible.number not in only


def test_an_unknown_state_and_page_show_the_whole_list(world: World, elise: Client) -> None:
    participant = world.eligible()
    response = elise.get(url(world), {"state": "x", "page": "x"})
    assert participant.number in response.content.decode()


@pytest.mark.parametrize("typed", ["person0@EXAMPLE.org", "(514) 555-0000", "bouchard camille"])
def test_somebody_is_found_by_who_they_are(world: World, elise: Client, typed: str) -> None:
    participant = world.eligible(contact=people.person(0))
    world.eligible(contact=people.person(1))
    response = elise.post(url(world), {"search": typed})
    assert response.status_code == 302
    assert response["Location"] == world.url("record", number=participant.number)
    noted = Entry.objects.filter(verb="contact.read").values_list("subject_id", "actor_name")
    assert list(noted) == [(str(participant.pk), "Élise Tremblay")]


def test_a_long_address_is_found(world: World, elise: Client) -> None:
    address = f"{'camille.' * 7}bouchard@example.org"
    participant = world.eligible(contact={"name": "Camille Bouchard", "email": address})
    response = elise.post(url(world), {"search": address})
    assert response["Location"] == world.url("record", number=participant.number)


def test_a_name_never_stands_in_an_address(world: World, elise: Client) -> None:
    response = elise.post(url(world), {"search": "Camille Unknown"})
    assert response.status_code == 200
    assert "Nobody found." in response.content.decode()


def test_part_of_a_number_finds(world: World, elise: Client) -> None:
    participant, other = world.eligible(), world.eligible()
    response = elise.post(url(world), {"search": participant.number[-4:].lower()}, follow=True)
    body = response.content.decode()
    assert participant.number in body
    assert other.number not in body


def test_a_person_of_another_site_is_not_found(world: World, elise: Client) -> None:
    other = world.elsewhere()
    assert other.number not in elise.get(url(world)).content.decode()
    found = elise.post(url(world), {"search": other.number}, follow=True).content.decode()
    assert "Nobody found." in found
