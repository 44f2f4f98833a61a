"""The list of corrections that participants asked for."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from accounts.roles import Role
from outcomes.actions import corrections
from outcomes.models import Response
from participants.models import Participant
from tests import cast as people
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World
from trials.actions import memberships

pytestmark = pytest.mark.django_db
PAGE = "coordinators:corrections"


@pytest.fixture
def second(world: World) -> User:
    """Another coordinator of the site, who decides on what Élise recorded."""
    user = User.objects.create_user("second.coordinator@example.org", "Second Coordinator")
    memberships.grant(
        user=user, trial=world.trial, role=Role.COORDINATOR, site=world.site, by=people.actor(world.cast.noor)
    )
    return user


def answered(world: World) -> Participant:
    """Somebody who answered the ODI at baseline."""
    participant = world.consented()
    world.submit(world.form(participant, "baseline", "odi"))
    return participant


def asked(world: World, participant: Participant, item: str = "odi_3") -> Response:
    """A correction of one answer that Élise recorded, and whose response it is."""
    response = Response.objects.get(form__participant=participant, instrument="odi")
    new = (response.answers[item] + 1) % 6
    corrections.request(response=response, item=item, value=new, missing="", why="pressed_wrong", by=world.coordinator)
    return response


def reading(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def test_walls(world: World) -> None:
    check_walls(world, PAGE)


def test_nothing_waits(world: World, elise: Client) -> None:
    assert "No correction waits for a decision." in elise.get(world.url(PAGE)).content.decode()


def test_each_request_says_whose_what_and_why_and_leads_to_the_decision(world: World, second: User) -> None:
    participant = answered(world)
    response = asked(world, participant)
    html = reading(second).get(world.url(PAGE)).content.decode()
    form_url = world.url("form", form=response.form_id)
    for words in (participant.number, "Disability", "Pressed the wrong answer", "Élise Tremblay", "From “", form_url):
        assert words in html
    assert "Accept" in reading(second).get(form_url).content.decode()


def test_who_recorded_it_leaves_the_decision_to_another(world: World, elise: Client) -> None:
    response = asked(world, answered(world))
    html = elise.get(world.url(PAGE)).content.decode()
    assert "Another person decides on it." in html
    assert world.url("form", form=response.form_id) not in html


def test_what_is_decided_is_gone(world: World, second: User) -> None:
    participant = answered(world)
    response = asked(world, participant)
    corrections.accept(request=response.requests.get(), by=people.actor(second))
    assert participant.number not in reading(second).get(world.url(PAGE)).content.decode()


def test_another_sites_requests_are_not_there(world: World, second: User, elise: Client) -> None:
    participant = answered(world)
    asked(world, participant)
    abroad = User.objects.create_user("abroad@example.org", "Abroad")
    site = world.elsewhere().site
    memberships.grant(
        user=abroad, trial=world.trial, role=Role.COORDINATOR, site=site, by=people.actor(world.cast.noor)
    )
    assert participant.number not in reading(abroad).get(world.url(PAGE)).content.decode()
    assert participant.number in elise.get(world.url(PAGE)).content.decode()


def test_the_page_costs_the_same_however_many_wait(world: World, second: User) -> None:
    client, participant = reading(second), answered(world)
    counts = []
    for item in ("odi_3", "odi_4", "odi_5"):
        asked(world, participant, item)
        client.get(world.url(PAGE))
        with CaptureQueriesContext(connection) as queries:
            client.get(world.url(PAGE))
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_in_french(world: World, second: User) -> None:
    asked(world, answered(world))
    client = reading(second)
    client.cookies["django_language"] = "fr"
    with translation.override("en"):  # what a page speaks must not stay behind
        html = client.get(world.url(PAGE)).content.decode()
    assert "Corrections à décider" in html
    assert "Décider" in html
