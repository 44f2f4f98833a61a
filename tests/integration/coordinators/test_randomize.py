"""Randomizing by a coordinator, where the protocol names them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from core import clock
from participants.models import Participant
from tests import cast as people
from tests.integration.coordinators.walls import check_refused, check_walls
from tests.integration.coordinators.world import World
from tests.unit.randomization_db.world import World as Stage
from trials.actions import memberships

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(db: None) -> Iterator[World]:
    """A trial in which the coordinator randomizes, with an active list."""
    text = people.STRONG_BACK.read_text(encoding="utf-8").replace("roles: [therapist]", "roles: [coordinator]")
    with clock.moved_to(people.MONDAY):
        world = World.build(text)
        Stage(world.trial, world.cast).activate()
        yield world


def url(world: World, participant: Participant) -> str:
    return world.url("coordinators:randomize", number=participant.number)


def ready(world: World) -> Participant:
    participant = Stage(world.trial, world.cast).ready()
    participant.refresh_from_db()
    return participant


def send(world: World, participant: Participant, **changes: str) -> Any:
    typed = {"confirmed": "on", "revision": str(participant.revision), **changes}
    return world.browser("elise").post(url(world, participant), typed, follow=True)


def test_strong_back_names_therapists_so_nobody_gets_in(world: World) -> None:
    number = world.consented().number
    page = world.url("coordinators:randomize", number=number)
    nobody = world.url("coordinators:randomize", number="MTL-0000")
    for who in ("elise", "amelie", "marc"):
        assert check_refused(world, who, page) == check_refused(world, who, nobody)
    record = world.browser("elise").get(world.url("record", number=number)).content.decode()
    assert page not in record


def test_who_is_ready_stands_under_today_and_behind_the_number(named: World) -> None:
    number = ready(named).number
    client, home = named.browser("elise"), named.url("coordinators:home")
    body = client.get(home).content.decode()
    today = body.partition("<h2>Today ")[2].partition("</section>")[0]
    assert number in today
    assert "To be randomized" in today
    assert f'<dd><a href="{home}?show=ready">1<' in body
    assert number in client.get(home, {"show": "ready"}).content.decode()
    assert "of those not randomized yet" in body


def test_where_therapists_randomize_the_list_tells_who_is_ready_and_today_does_not(db: None) -> None:
    with clock.moved_to(people.MONDAY):
        world = World.build()
        Stage(world.trial, world.cast).activate()
        number = ready(world).number
        client, home = world.browser("elise"), world.url("coordinators:home")
        assert "To be randomized" not in client.get(home).content.decode()
        assert number in client.get(home, {"show": "ready"}).content.decode()


@pytest.mark.parametrize("name", ["randomize", "receipt"])
def test_walls(named: World, name: str) -> None:
    check_walls(named, f"coordinators:{name}", number=named.eligible().number)


def test_each_precondition_has_its_sentence_and_nothing_to_press(named: World) -> None:
    body = named.browser("elise").get(url(named, named.eligible())).content.decode()
    assert "The first session is not booked." in body
    assert "not yet" in body
    assert 'name="confirmed"' not in body


def test_read_back_confirm_and_a_receipt_without_arm_or_stratum(named: World) -> None:
    participant = ready(named)
    page = named.browser("elise").get(url(named, participant)).content.decode()
    assert 'name="confirmed"' in page
    body = send(named, participant).content.decode()
    participant.refresh_from_db()
    assert participant.state == Participant.State.RANDOMIZED
    for told in (participant.number, "Élise Tremblay", "Monday 2 March 2026, 10:00 EST"):
        assert told in body
    for text in (page, body):
        assert not re.search(r"MC\+ILEX|\bRT\b|instability|\bhigh\b|\blow\b", text.partition("<main")[2])


def test_unconfirmed_nothing_happens(named: World) -> None:
    participant = ready(named)
    response = send(named, participant, confirmed="")
    assert response.status_code == 422
    participant.refresh_from_db()
    assert participant.state == Participant.State.CONSENTED


def test_pressed_twice_it_is_the_same_receipt(named: World) -> None:
    participant = ready(named)
    first, second = send(named, participant), send(named, participant)
    assert second.status_code == 200
    assert "Monday 2 March 2026" in second.content.decode()
    assert first.redirect_chain == second.redirect_chain


def test_who_read_an_older_state_is_told(named: World) -> None:
    assert send(named, ready(named), revision="0").status_code == 409


def test_the_receipt_is_for_who_randomized(named: World) -> None:
    participant = ready(named)
    send(named, participant)
    receipt = named.url("coordinators:receipt", number=participant.number)
    # A new login is as after an outage: the same page tells what became of it.
    again = named.browser("elise").get(url(named, participant))
    assert again["Location"] == receipt
    assert participant.number in named.browser("elise").get(receipt).content.decode()
    other = User.objects.create_user("second@example.org", "Second Coordinator")
    memberships.grant(
        user=other, trial=named.trial, role=Role.COORDINATOR, site=participant.site, by=people.actor(named.cast.noor)
    )
    stranger = Client()
    stranger.force_login(other)
    assert stranger.get(receipt)["Location"] == named.url("record", number=participant.number)


def test_before_anything_was_done_there_is_no_receipt(named: World) -> None:
    participant = ready(named)
    receipt = named.url("coordinators:receipt", number=participant.number)
    response = named.browser("elise").get(receipt)
    assert response["Location"] == named.url("record", number=participant.number)
