"""The messages page."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from reminders.actions import by_hand
from tests import cast as people
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World
from trials.actions import protocols

pytestmark = pytest.mark.django_db


def test_walls(world: World) -> None:
    check_walls(world, "coordinators:messages")


def test_sent_and_coming(world: World, elise: Client) -> None:
    participant = world.consented(contact=people.person(5))
    visit = participant.visits.get(code="baseline")
    by_hand.send_link(participant=participant, visit=visit, by=world.coordinator)
    url = world.url("coordinators:messages")
    body = elise.get(url).content.decode()
    assert participant.number in body
    assert "Sent" in body
    assert "person5@example.org" not in body
    clock.advance(timedelta(days=3))
    coming = elise.get(url, {"show": "coming"}).content.decode()
    assert participant.number in coming
    assert participant.number not in elise.get(url, {"show": "trouble"}).content.decode()


def test_nonsense_shows_all(world: World, elise: Client) -> None:
    assert elise.get(world.url("coordinators:messages"), {"show": "x", "page": "-1"}).status_code == 200


def test_a_month_ahead_and_what_an_amendment_changed(world: World, elise: Client) -> None:
    participant = world.randomized(contact=people.person(5))
    url = world.url("coordinators:messages")
    assert "not amended yet" in elise.get(url, {"show": "changes"}).content.decode()
    text = people.STRONG_BACK.read_text(encoding="utf-8")
    amended = text.replace(
        "      - {after_opening: 1}\n      - {before_closing: 1}\n", "      - {after_opening: 2}\n", 1
    )
    assert amended != text
    protocols.load(text=amended, by=people.actor(world.cast.noor))
    changes = elise.get(url, {"show": "changes"}).content.decode()
    assert "between version 2, in force, and version 1" in changes
    assert "not sent" in changes
    assert participant.number in changes
    month = elise.get(url, {"show": "month"}).content.decode()
    assert month.count(participant.number) > elise.get(url, {"show": "coming"}).content.decode().count(
        participant.number
    )
