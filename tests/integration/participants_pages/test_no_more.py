"""The page of the link "no more messages": looking changes nothing, one button stops them."""

import re

import pytest
from django.core import mail
from django.test import Client

from reminders.actions.sending import send
from reminders.actions.sweep import REMINDERS, sweep
from reminders.models import OptOut
from review.actions import locks
from tests import cast as people
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World.build()


def address(world: World, language: str = "en") -> str:
    """The address in the message that somebody got just now."""
    world.consented(language=language, contact=people.person(6))
    sweep(by=REMINDERS, hand_over=lambda key: send(message_id=key, by=REMINDERS))
    found = re.search(r"(/q/[^/\s]+/no-more/)", mail.outbox[-1].body)
    assert found
    return found[1]


def test_looking_changes_nothing_and_the_button_stops(world: World) -> None:
    url, browser = address(world), Client()
    looked = browser.get(url)
    assert looked.status_code == 200
    assert "Send me no more messages" in looked.content.decode()
    assert browser.head(url).status_code == 200
    assert not OptOut.objects.exists()
    done = browser.post(url).content.decode()
    assert "You get no more messages" in done
    assert OptOut.objects.get().message is not None
    again = browser.get(url).content.decode()
    assert "You get no more messages" in again
    assert '<form method="post" class' not in again


def test_a_mail_program_presses_the_button_without_a_form_of_ours(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(address(world), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert OptOut.objects.count() == 1


def test_it_speaks_the_language_of_the_participant_and_names_nothing(world: World) -> None:
    url = address(world, "fr")
    body = Client().get(url).content.decode()
    assert 'lang="fr"' in body
    number = OptOut.objects.model.participant.field.related_model.objects.get().number
    assert number not in body
    for word in (world.code, "person6", people.person(6)["name"], "STRONG"):
        assert word not in body


def test_made_up_links_are_told_so_and_held_up_at_last(world: World) -> None:
    browser = Client()
    assert browser.get("/q/AAAA.BBBB/no-more/").status_code == 404
    assert browser.post("/q/AAAA.BBBB/no-more/").status_code == 404
    statuses = {browser.get(f"/q/x{n}.y/no-more/").status_code for n in range(30)}
    assert statuses == {404, 429}
    assert browser.delete("/q/AAAA.BBBB/no-more/").status_code == 405


def test_a_locked_trial_writes_nothing(world: World) -> None:
    url = address(world)
    locks.lock_trial(trial=world.trial, by=people.actor(world.cast.noor), reason="All data are in and queries closed")
    response = Client().post(url)
    assert response.status_code == 410
    assert not OptOut.objects.exists()
