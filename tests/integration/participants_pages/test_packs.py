"""Participants read the words of the trial's content pack, and their answers say which."""

from collections.abc import Callable
from datetime import timedelta

from core import clock
from outcomes.actions import responses
from outcomes.models import Response
from tests import cast, packs
from tests.integration.participants_pages.conftest import World

ONE, CHECK = "1/", "check/"


def load(world: World, language: str = "en", **more: str) -> None:
    packs.load(world.trial, cast.actor(world.people.noor), "odi", language, **more)  # type: ignore[arg-type]


def page(world: World, rest: str = ONE) -> str:
    return world.client.get(world.url("odi", rest)).content.decode()


def test_topics_stand_in_and_say_so_until_a_pack_is_loaded(make_world: Callable[..., World]) -> None:
    world = make_world()
    assert "Demonstration: these words stand in" in page(world)
    load(world)
    assert "Demonstration" not in page(world)
    assert "Real odi_1" in page(world)
    assert "Real title" in world.client.get(world.url()).content.decode()


def test_each_language_has_its_own_pack(make_world: Callable[..., World]) -> None:
    world = make_world()
    load(world, "en", title="Title in English")
    load(world, "fr", title="Titre en français")
    assert "Title in English" in page(world, "")
    world.client.post(f"/q/{world.token}/language/", {"language": "fr"})
    assert "Titre en français" in page(world, "")


def test_a_form_keeps_the_words_it_was_begun_in(make_world: Callable[..., World]) -> None:
    world = make_world()
    load(world)
    world.answer_all("odi", 0)
    with clock.moved_to(cast.MONDAY + timedelta(hours=1)):
        load(world, version="2", title="Mended title", reason="A word was mistyped.")
        assert "Mended title" not in page(world, CHECK)
        assert "Real 0" in page(world, CHECK)
        world.client.post(world.url("odi", CHECK))
    response = Response.objects.get(instrument="odi")
    assert (response.pack_version, response.language) == ("1", "en")


def test_a_form_begun_later_is_shown_the_newer_words(make_world: Callable[..., World]) -> None:
    world = make_world()
    load(world)
    with clock.moved_to(cast.MONDAY + timedelta(hours=1)):
        load(world, version="2", title="Mended title", reason="A word was mistyped.")
        world.answer_all("odi", 0)
        assert "Mended title" in page(world, CHECK)
        assert responses.submit(form=world.form("odi"), by=world.by, language="en").pack_version == "2"


def test_shipped_words_have_no_pack_version(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.answer_all("odi", 0)
    assert responses.submit(form=world.form("odi"), by=world.by, language="en").pack_version == ""


def test_words_of_the_other_language_are_named_as_such(make_world: Callable[..., World]) -> None:
    world = make_world()
    load(world, "fr")
    assert "Real odi_1" in page(world)
    assert 'lang="fr"' in page(world).split("<main", 1)[1]
    world.answer_all("odi", 0)
    world.client.post(world.url("odi", CHECK))
    assert Response.objects.get(instrument="odi").language == "fr"
