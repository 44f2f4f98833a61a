"""Deviations in sessions, for those who may know every arm: recorded by number, listed, reviewed in time."""

from datetime import date, timedelta

import pytest
from django.test import Client

from core import clock, ids
from participants.models import Participant
from tests.integration.therapists.conftest import in_arm, marcs
from tests.integration.unblinded.test_events import at, browser
from tests.unit.randomization_db.world import World
from tests.unit.therapy.conftest import world
from therapy.actions import deviations
from therapy.models import DeliveryDeviation

__all__ = ["in_arm", "marcs", "world"]
WORDS = "A student led it."


def place(world: World, rest: str = "") -> str:
    return f"/t/{world.trial.code}/unblinded/deliveries/{rest}"


@pytest.fixture
def held(world: World, marcs: Participant) -> DeliveryDeviation:
    known = {"kind": "unqualified", "importance": "important", "happened_on": date(2026, 3, 2), "remedy": "none"}
    return deviations.record(participant=marcs, text=WORDS, by=world.marc, **known)


def test_it_is_recorded_by_number(world: World, marcs: Participant) -> None:
    leila, known = browser(world, "leila"), {"person": marcs.number, "what": "delivery"}
    assert "Record a deviation in the sessions" in leila.get(at(world, "new/"), known).content.decode()
    day = {"happened_on_day": "2", "happened_on_month": "3", "happened_on_year": "2026"}
    typed = {**known, **day, "kind": "place", "importance": "minor", "remedy": "none", "text": WORDS}
    assert leila.post(at(world, "new/"), {**typed, "kind": ""}).status_code == 422
    assert "It is recorded." in leila.post(at(world, "new/"), typed, follow=True).content.decode()
    assert WORDS in leila.get(place(world)).content.decode()


def test_what_is_late_is_said_and_reviewed_once(world: World, held: DeliveryDeviation) -> None:
    leila, url = browser(world, "leila"), place(world, f"{held.pk}/review/")

    def state() -> str:
        return leila.get(place(world)).context["rows"][0].status

    assert url in leila.get(place(world)).content.decode()
    assert state() == "due"
    clock.advance(timedelta(days=8))
    assert state() == "late"
    assert WORDS in leila.get(url).content.decode()
    assert leila.post(url, {}).status_code == 422
    assert leila.post(url, {"seen": "on"}).status_code == 302
    assert leila.post(url, {"seen": "on"}).status_code == 409
    assert state() == "complete"


def test_the_walls(world: World, held: DeliveryDeviation) -> None:
    urls = [place(world), place(world, f"{held.pk}/review/"), place(world, f"{ids.new_id()}/review/")]
    for url in urls:
        assert Client().get(url).status_code == 302
        for name in ("elise", "amelie", "helen", "noor", "marc", "ingrid", "samuel"):
            assert browser(world, name).get(url).status_code == 403
    leila = browser(world, "leila")
    assert leila.get(urls[2]).status_code == 404
    assert [leila.delete(url).status_code for url in urls] == [405] * 3
