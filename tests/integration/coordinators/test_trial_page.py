"""The page of the trial: every member reads what it is and what its list is held to."""

import pytest
from django.test import Client

from core import clock, ids
from randomization.queries import commitments_of
from tests import cast as people
from tests.unit.randomization_db.world import World, build

PAGE = "/t/STRONG-BACK/trial/"
MEMBERS = ("elise", "marc", "amelie", "ingrid", "samuel", "helen", "tomas", "noor")


@pytest.fixture
def world(db: None) -> World:
    with clock.moved_to(people.MONDAY), ids.seeded(3):
        return build()


def test_every_member_reads_the_commitment_and_the_text_for_the_registry(world: World, client: Client) -> None:
    with clock.moved_to(people.MONDAY):
        world.activate()
    (published,) = commitments_of(world.trial)
    for key in MEMBERS:
        client.force_login(getattr(world.cast, key))
        page = client.get(PAGE)
        assert page.status_code == 200
        assert page.content.decode().count(published.sha256) == 3
        assert "ISRCTN14864451" in page.content.decode()


def test_method_and_places_are_not_there(world: World, client: Client) -> None:
    with clock.moved_to(people.MONDAY):
        world.activate()
    client.force_login(world.cast.elise)
    html = client.get(PAGE).content.decode().lower()
    for word in ("permuted", "block", "stratum", "strata", "places"):
        assert word not in html


def test_before_a_list_is_active(world: World, client: Client) -> None:
    client.force_login(world.cast.amelie)
    html = client.get(PAGE).content.decode()
    assert "No list is active yet." in html
    assert "Text for the registry" not in html


def test_the_code_in_the_bar_leads_there(world: World, client: Client) -> None:
    client.force_login(world.cast.elise)
    assert f'<a class="where" href="{PAGE}">STRONG-BACK</a>' in client.get("/t/STRONG-BACK/today/").content.decode()


def test_outsider_logged_out_and_wrong_method(world: World, client: Client) -> None:
    client.force_login(world.cast.elise)
    assert client.get("/t/OTHER/trial/").status_code == 404
    assert client.post(PAGE).status_code == 405
    client.logout()
    assert client.get(PAGE).status_code == 302
