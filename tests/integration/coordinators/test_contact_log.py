"""The log of attempts to reach somebody."""

from datetime import timedelta

import pytest
from django.test import Client

from audit.acts import act
from core import clock
from participants.actions import contacts, withdrawal
from participants.models import ContactAttempt, Participant
from tests import cast as people
from tests.integration.coordinators.typed import moment
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db


def url(world: World, participant: Participant) -> str:
    return world.url("coordinators:contact_log", number=participant.number)


def test_walls(world: World) -> None:
    check_walls(world, "coordinators:contact_log", number=world.eligible().number)


def test_logged_with_an_encrypted_note(world: World, elise: Client) -> None:
    participant = world.eligible(contact=people.person(2))
    typed = {"channel": "phone", "outcome": "call_back", "note": "Calls after six"}
    body = elise.post(url(world, participant), typed, follow=True).content.decode()
    assert "Calls after six" in body
    assert people.person(2)["phone"] in body
    assert b"Calls" not in bytes(ContactAttempt.objects.get().note or b"")


def test_an_earlier_time_and_one_ahead(world: World, elise: Client) -> None:
    participant = world.eligible()
    typed = {"channel": "phone", "outcome": "no_answer", "note": ""}
    yesterday = clock.now() - timedelta(days=1)
    elise.post(url(world, participant), {**typed, **moment("at", "at_time", yesterday)})
    assert ContactAttempt.objects.get().at == yesterday
    ahead = elise.post(url(world, participant), {**typed, **moment("at", "at_time", clock.now() + timedelta(days=1))})
    assert ahead.status_code == 422
    half = elise.post(url(world, participant), {**typed, "at_time": "09:00"})
    assert half.status_code == 422


def test_nothing_chosen_is_refused(world: World, elise: Client) -> None:
    assert elise.post(url(world, world.eligible()), {}).status_code == 422


def test_notes_of_those_who_know_the_arm_are_hidden(world: World, elise: Client) -> None:
    participant = world.eligible()
    contacts.log_attempt(
        participant=participant, channel="phone", outcome="reached", note="Secret", by=world.coordinator
    )
    attempt = ContactAttempt.objects.get()
    with act("test.mark", grant=world.grant(), subject=participant) as a:
        a.change(attempt, by_unblinded=True)
    body = elise.get(url(world, participant)).content.decode()
    assert "Secret" not in body
    assert "Phone: Reached" in body


def test_who_asked_for_silence_is_not_called(world: World, elise: Client) -> None:
    participant = world.consented()
    withdrawal.withdraw(
        participant=participant,
        scopes=["contact"],
        reason_code="time",
        day=clock.today(world.site.time_zone),
        by=world.coordinator,
    )
    response = elise.post(url(world, participant), {"channel": "phone", "outcome": "reached"})
    assert response.status_code == 409
