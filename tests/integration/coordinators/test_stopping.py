"""Stopping randomization and going on: statistician and data manager may, and nobody blind reads why."""

import pytest
from django.test import Client

from core import clock, ids
from core.problems import Problem
from randomization import door
from tests import cast as people
from tests.unit.randomization_db.world import World, build

PAGE = "/t/STRONG-BACK/randomization/stop/"
INCIDENT = "The list was read aloud at the site."


@pytest.fixture
def world(db: None) -> World:
    with clock.moved_to(people.MONDAY), ids.seeded(3):
        held = build()
        held.activate()
        return held


def test_stopped_by_the_data_manager_and_nobody_is_randomized(world: World, client: Client) -> None:
    client.force_login(world.cast.noor)
    with clock.moved_to(people.MONDAY):
        page = client.post(PAGE, {"incident": INCIDENT, "do": "stop"}, follow=True)
        assert "Randomization is stopped." in page.content.decode()
        assert "Stopped since 2 March 2026, 15:00 UTC." in page.content.decode()
        assert INCIDENT not in page.content.decode()
        participant = world.ready()
        with pytest.raises(Problem):
            door.allocate(participant=participant, by=world.marc)
        client.force_login(world.cast.samuel)
        done = client.post(PAGE, {"resolution": "Only past places were read.", "do": "go_on"}, follow=True)
        assert "Randomization is resumed." in done.content.decode()
        assert door.allocate(participant=participant, by=world.marc)


def test_the_statistician_finds_the_records_and_the_data_manager_not(world: World, client: Client) -> None:
    client.force_login(world.cast.samuel)
    assert "Incident records" in client.get(PAGE).content.decode()
    client.force_login(world.cast.noor)
    assert "Incident records" not in client.get(PAGE).content.decode()


def test_what_was_typed_stays_and_is_asked_for(world: World, client: Client) -> None:
    client.force_login(world.cast.noor)
    assert client.post(PAGE, {"incident": "", "do": "stop"}).status_code == 422
    short = client.post(PAGE, {"incident": "Oh no", "do": "stop"})
    assert short.status_code == 400
    assert "Oh no</textarea>" in short.content.decode()
    assert "Say what happened" in short.content.decode()


def test_what_somebody_else_did_meanwhile_is_told(world: World, client: Client) -> None:
    door.freeze(trial=world.trial, incident=INCIDENT, by=world.samuel)
    client.force_login(world.cast.noor)
    again = client.post(PAGE, {"incident": INCIDENT, "do": "stop"})
    assert again.status_code == 409
    assert "Randomization is stopped already." in again.content.decode()
    door.unfreeze(trial=world.trial, resolution="Only past places were read.", by=world.samuel)
    assert client.post(PAGE, {"resolution": "It is resolved.", "do": "go_on"}).status_code == 409


def test_wrong_role_logged_out_other_trial_and_wrong_method(world: World, client: Client) -> None:
    client.force_login(world.cast.noor)
    assert client.put(PAGE).status_code == 405
    assert client.get("/t/OTHER/randomization/stop/").status_code == 404
    for user in (world.cast.elise, world.cast.marc, world.cast.amelie, world.cast.helen, world.cast.tomas):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.post(PAGE, {"incident": INCIDENT}).status_code == 403
    client.logout()
    assert client.get(PAGE).status_code == client.post(PAGE).status_code == 302
