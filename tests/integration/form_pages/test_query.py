"""The page of one query: what was said, the answer, the end, or the question again."""

from django.test import Client

from core import ids
from outcomes.actions import queries
from review.models import Query
from tests import cast
from tests.integration.form_pages.conftest import World
from tests.integration.form_pages.test_query_new import monitor_elsewhere


def url(world: World, key: object) -> str:
    return f"/t/{world.trial.code}/queries/{key}/"


def state(query: Query) -> str:
    query.refresh_from_db()
    return query.state


def test_asked_answered_asked_again_and_closed(world: World, asked: Query) -> None:
    page = url(world, asked.pk)
    world.client.force_login(world.people.amelie)
    html = world.client.get(page).content.decode()
    assert "Right more than left?" in html
    assert "Tomás Silva (Monitor), 2 March 2026, 10:00 EST" in html
    world.client.post(page, {"step": "answer", "text": "Measured twice."})
    assert state(asked) == "answered"
    world.client.force_login(world.people.tomas)
    assert "Measured twice." in world.client.get(page).content.decode()
    world.client.post(page, {"step": "reopen", "text": "By whom?"})
    assert state(asked) == "open"
    queries.answer(query=asked, text="By me.", by=cast.actor(world.people.amelie))
    assert world.client.post(page, {"step": "close"})["Location"] == page
    assert state(asked) == "closed"
    html = world.client.get(page).content.decode()
    for words in ("Right more than left?", "Measured twice.", "By whom?", "By me.", "Closed"):
        assert words in html


def test_each_is_offered_what_they_may(world: World, asked: Query) -> None:
    page = url(world, asked.pk)
    offers = {
        world.people.tomas: {"close"},
        world.people.amelie: {"answer"},
        world.people.elise: {"close"},
        world.people.noor: {"close"},
    }
    for person, offered in offers.items():
        world.client.force_login(person)
        html = world.client.get(page).content.decode()
        assert {step for step in ("answer", "close", "reopen") if f'value="{step}"' in html} == offered, person.name


def test_a_question_is_taken_back(world: World, asked: Query) -> None:
    assert "Take the question back" in world.client.get(url(world, asked.pk)).content.decode()
    world.client.post(url(world, asked.pk), {"step": "close"})
    assert state(asked) == "closed"


def test_words_are_asked_for_and_kept(world: World, asked: Query) -> None:
    world.client.force_login(world.people.amelie)
    for wrong in ({}, {"step": "answer"}, {"step": "answer", "text": " "}, {"step": "shout", "text": "What?"}):
        assert world.client.post(url(world, asked.pk), wrong).status_code == 422
    queries.close(query=asked, by=cast.actor(world.people.tomas))
    late = world.client.post(url(world, asked.pk), {"step": "answer", "text": "Measured twice."})
    assert (late.status_code, "not open any more" in late.content.decode()) == (409, True)


def test_nobody_does_what_is_the_other_sides(world: World, asked: Query) -> None:
    assert world.client.post(url(world, asked.pk), {"step": "answer", "text": "Right."}).status_code == 403
    world.client.force_login(world.people.amelie)
    assert world.client.post(url(world, asked.pk), {"step": "close"}).status_code == 403
    assert state(asked) == "open"


def test_the_other_five_cases(world: World, asked: Query) -> None:
    there, nowhere = url(world, asked.pk), url(world, ids.new_id())
    assert world.client.get(nowhere).status_code == 404
    assert world.client.put(there).status_code == 405
    assert Client().get(there).status_code == 302
    for person in (world.people.marc, world.people.samuel, world.people.ingrid):
        world.client.force_login(person)
        assert [world.client.get(address).status_code for address in (there, nowhere)] == [403, 403]
    world.client.force_login(monitor_elsewhere(world))
    assert world.client.get(there).status_code == 404
