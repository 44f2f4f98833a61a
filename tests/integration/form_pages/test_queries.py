"""The list of queries, and where else they stand: on worklists, on the record."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from outcomes.actions import queries, responses
from outcomes.models import Response
from review.models import Query
from tests import cast
from tests.integration.form_pages.conftest import World
from tests.integration.form_pages.test_query_new import monitor_elsewhere
from tests.unit.outcomes.world import answered, participant_actor


def url(world: World) -> str:
    return f"/t/{world.trial.code}/queries/"


def query_url(world: World, query: Query) -> str:
    return f"{url(world)}{query.pk}/"


def html_of(world: World, address: str) -> str:
    return world.client.get(address).content.decode()


def test_it_says_whose_what_and_how_it_stands(world: World, asked: Query) -> None:
    html = html_of(world, url(world))
    for words in (world.participant.number, "The value is unlikely", "Right more than left?", query_url(world, asked)):
        assert words in html
    assert 'class="st st-query"' in html
    queries.answer(query=asked, text="Measured twice.", by=cast.actor(world.people.amelie))
    html = html_of(world, url(world))
    assert "Measured twice." in html
    assert 'class="st st-query"' not in html


def test_what_is_closed_stands_apart(world: World, asked: Query) -> None:
    queries.close(query=asked, by=cast.actor(world.people.tomas))
    assert query_url(world, asked) not in html_of(world, url(world))
    assert "There is no such query." in html_of(world, url(world))
    assert query_url(world, asked) in html_of(world, url(world) + "?show=closed")


def test_who_must_answer_meets_it_at_home_until_it_is_answered(world: World, asked: Query) -> None:
    world.client.force_login(world.people.amelie)
    assert query_url(world, asked) in html_of(world, world.home())
    queries.answer(query=asked, text="Measured twice.", by=cast.actor(world.people.amelie))
    assert query_url(world, asked) not in html_of(world, world.home())


def test_coordinators_meet_those_about_answers_at_home(world: World, asked: Query) -> None:
    by = participant_actor(world.participant)
    own = responses.submit(form=world.form("odi"), answers=answered("odi"), by=by)
    about = queries.raise_about(form=own.form, kind="missing", text="Item 8?", by=cast.actor(world.people.tomas))
    world.client.force_login(world.people.elise)
    html = html_of(world, home_of(world))
    assert query_url(world, about) in html
    assert query_url(world, asked) not in html


def home_of(world: World) -> str:
    """Where the person logged in begins."""
    return str(world.client.get(f"/t/{world.trial.code}/")["Location"])


def test_the_record_shows_it_to_those_who_work_with_queries(world: World, asked: Query) -> None:
    record = f"/t/{world.trial.code}/participants/{world.participant.number}/"
    for person in (world.people.tomas, world.people.elise, world.people.amelie):
        world.client.force_login(person)
        assert query_url(world, asked) in html_of(world, record)
    world.client.force_login(world.people.leila)
    assert query_url(world, asked) not in html_of(world, record)
    assert "Right more than left?" not in html_of(world, world.shared_url("hip_rom"))


def test_another_query_costs_no_further_database_query(world: World, asked: Query, measured: Response) -> None:
    counts = []
    for kind in ("other", "source"):
        html_of(world, url(world))
        with CaptureQueriesContext(connection) as found:
            html_of(world, url(world))
        counts.append(len(found))
        queries.raise_about(form=measured.form, kind=kind, text="And?", by=cast.actor(world.people.tomas))
    assert len(set(counts)) == 1


def test_the_other_cases(world: World, asked: Query) -> None:
    assert world.client.post(url(world)).status_code == 405
    assert Client().get(url(world)).status_code == 302
    for person in (world.people.marc, world.people.samuel, world.people.ingrid, world.people.leila):
        world.client.force_login(person)
        assert world.client.get(url(world)).status_code == 403
    world.client.force_login(monitor_elsewhere(world))
    assert query_url(world, asked) not in html_of(world, url(world))
