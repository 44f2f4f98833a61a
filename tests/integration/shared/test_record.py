"""The record of one participant, for every role that may see participants."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from participants.actions import contacts, milestones, withdrawal
from tests import cast as people
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db


def body(client: Client, world: World, number: str) -> str:
    response = client.get(world.url("record", number=number))
    assert response.status_code == 200
    return response.content.decode()


def test_walls(world: World) -> None:
    check_walls(world, "record", number=world.eligible().number)


def test_a_number_that_is_none(world: World, elise: Client) -> None:
    assert elise.get(f"/t/{world.code}/participants/%20%27/").status_code == 404


@pytest.mark.parametrize("who", ["elise", "amelie", "helen", "tomas", "noor"])
def test_blinded_roles_read_it(world: World, who: str) -> None:
    participant = world.consented()
    page = body(world.browser(who), world, participant.number)
    assert "Baseline" in page
    assert "Screened: eligible" in page


def test_identifiers_are_not_on_it(world: World, elise: Client) -> None:
    participant = world.consented(contact=people.person(3))
    page = body(elise, world, participant.number)
    assert "person3@example.org" not in page
    assert "Noémie" not in page


def test_repeats_stand_in_one_strip(world: World, elise: Client) -> None:
    participant = world.randomized()
    clock.advance(timedelta(days=7))
    world.submit(world.form(participant, "weekly_pain", "nprs"))
    page = body(elise, world, participant.number)
    assert "Weekly pain rating" in page
    assert "1 of 16 complete, 0 missed" in page
    assert "16: " in page


def test_forms_of_interviewers_are_not_there(world: World, elise: Client) -> None:
    participant = world.consented()
    people.book_first_session(participant)
    assert "nterview" not in body(world.browser("amelie"), world, participant.number).partition("Consent</h2>")[0]


def test_actions_are_for_those_who_may(world: World, elise: Client) -> None:
    participant = world.eligible()
    consent = world.url("coordinators:consent", number=participant.number)
    assert consent in body(elise, world, participant.number)
    for who in ("amelie", "helen", "tomas"):
        page = body(world.browser(who), world, participant.number)
        assert consent not in page
        assert "coordinators" not in page


def test_the_assessor_sees_no_calls_and_no_messages(world: World, elise: Client) -> None:
    participant = world.eligible()
    contacts.log_attempt(participant=participant, channel="phone", outcome="no_answer", by=world.coordinator)
    assert "Phone: no answer" in body(elise, world, participant.number)
    page = body(world.browser("amelie"), world, participant.number)
    assert "no answer" not in page
    assert "Messages" not in page


def test_sessions_are_hidden_from_the_blind(world: World, elise: Client) -> None:
    participant = world.randomized()
    today = clock.today(world.site.time_zone)
    milestones.hand_down(participant=participant, kind="last_session", day=today, grant=world.grant())
    assert "ession held" not in body(elise, world, participant.number)


def test_a_withdrawal_is_told_in_words(world: World, elise: Client) -> None:
    participant = world.consented()
    withdrawal.withdraw(
        participant=participant,
        scopes=["contact"],
        reason_code="time",
        day=clock.today(world.site.time_zone),
        by=world.coordinator,
    )
    page = body(elise, world, participant.number)
    assert "Withdrew from: being contacted" in page
    assert "asked not to be contacted" in page


def test_the_cost_does_not_grow(world: World, elise: Client) -> None:
    def count(number: str) -> int:
        with CaptureQueriesContext(connection) as held:
            body(elise, world, number)
        return len(held)

    few = world.consented()
    world.book(few, starts_at=clock.now() + timedelta(days=1))
    contacts.log_attempt(participant=few, channel="phone", outcome="reached", by=world.coordinator)
    count(few.number)
    before = count(few.number)
    for days in range(2, 6):
        world.book(few, starts_at=clock.now() + timedelta(days=days))
        contacts.log_attempt(participant=few, channel="phone", outcome="reached", by=world.coordinator)
    assert count(few.number) == before
