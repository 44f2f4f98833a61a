"""How much one good link takes: a person is never held up, a program is, and nothing is lost."""

import pytest
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError

from core import clock
from outcomes.models import Draft
from tests.integration.participants_pages.conftest import World
from web.participants.doors import REQUESTS


def spend(world: World, but: int) -> None:
    """All requests of this minute but so many."""
    world.client.get(world.url())
    cache.set(f"link-requests:{world.link.pk}:0", REQUESTS - but, 60)


def test_the_last_request_of_the_minute_goes_and_the_next_one_waits(world: World) -> None:
    spend(world, but=1)
    assert world.client.get(world.url()).status_code == 200
    told = world.client.get(world.url())
    assert told.status_code == 429
    assert told["Retry-After"] == "60"
    assert "<title>Please wait a moment" in told.content.decode()
    assert "Your saved answers are kept. Wait a minute, then go on." in told.content.decode()
    world.client.cookies["questionnaire_language"] = "fr"
    assert "Vos réponses enregistrées sont conservées." in world.client.get(world.url()).content.decode()


def test_what_was_saved_stays_and_the_script_is_told_to_try_again(world: World) -> None:
    world.answer_all("nprs", 4)
    held = Draft.objects.count()
    spend(world, but=0)
    answer = world.client.get(world.url("nprs"), headers={"accept": "application/json"})
    assert answer.status_code == 429
    assert "Wait a minute" in answer.json()["sentence"]
    assert Draft.objects.count() == held == 1
    cache.clear()
    assert world.client.get(world.url("nprs")).status_code < 400


def test_another_link_behind_the_same_address_is_not_held_up(world: World) -> None:
    spend(world, but=0)
    assert world.client.get(world.url()).status_code == 429
    assert Client().get(f"/q/{world.link_to('baseline')}/").status_code == 200


def test_a_minute_later_it_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    spend(world, but=0)
    assert world.client.get(world.url()).status_code == 429
    monkeypatch.setattr(clock, "machine_time", lambda: 60.0)
    assert world.client.get(world.url()).status_code == 200


def test_without_the_cache_everybody_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache, "add", away)
    assert world.client.get(world.url()).status_code == 200
