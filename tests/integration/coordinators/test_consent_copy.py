"""The copy of a consent for the participant: printed, sent, and seen on the record."""

import re

import pytest
from django.core import mail
from django.test import Client

from participants.models import Consent
from reminders.actions.sending import send
from reminders.actions.sweep import REMINDERS
from reminders.models import Message
from review.actions import locks
from tests import cast as people
from tests.integration.coordinators.test_consent import typed
from tests.integration.coordinators.test_consent import url as consent_url
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db


def url(world: World, consent: Consent) -> str:
    return world.url("coordinators:consent_copy", number=consent.participant.number, consent=consent.pk)


def recorded(world: World, elise: Client, **changes: str) -> tuple[Consent, str]:
    """Somebody whose consent was recorded on the page, and what was said then."""
    contact = {**people.person(3), **changes}
    participant = world.eligible(contact=contact)
    answer = elise.post(consent_url(world, participant), typed(world, **{"clauses.interview": "no"}), follow=True)
    return Consent.objects.get(participant=participant), answer.content.decode()


def test_walls(world: World) -> None:
    consent = people.consent(world.eligible())
    check_walls(world, "coordinators:consent_copy", number=consent.participant.number, consent=consent.pk)


def test_another_participants_consent_is_not_here(world: World, elise: Client) -> None:
    consent = people.consent(world.eligible())
    other = world.eligible(contact=None)
    wrong = world.url("coordinators:consent_copy", number=other.number, consent=consent.pk)
    assert elise.get(wrong).status_code == 404


def test_it_shows_what_was_agreed_to_and_no_name(world: World, elise: Client) -> None:
    consent, _said = recorded(world, elise)
    body = elise.get(url(world, consent)).content.decode()
    sheet = body.partition("<article")[2].partition("</article>")[0]
    assert "Information and consent form" in sheet
    assert "<b>No</b>: I may be invited to one interview" in sheet
    assert "<b>Yes</b>: My data" in sheet
    assert "Élise Tremblay" in sheet
    assert "2 March 2026, 09:00 EST" in sheet
    assert people.person(3)["name"] not in body
    assert consent.participant.number not in sheet


def test_after_a_consent_the_copy_goes_by_mail_where_that_is_wished(world: World, elise: Client) -> None:
    consent, said = recorded(world, elise)
    assert "A copy goes to the participant by e-mail." in said
    message = Message.objects.get(consent=consent)
    send(message_id=message.pk, by=REMINDERS)
    address = re.search(r"http\S+(/q/\S+/copy/)", mail.outbox[0].body)
    assert address
    page = Client().get(address[1])
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert "I may be invited to one interview" in page.content.decode()
    record = elise.get(world.url("record", number=consent.participant.number)).content.decode()
    assert "Copy of the consent, version 1.0" in record
    assert "Sent, opened" in record
    assert url(world, consent) in record
    listed = elise.get(world.url("coordinators:messages")).content.decode()
    assert "Copy of the consent, version 1.0" in listed
    assert "Send by e-mail" not in elise.get(url(world, consent)).content.decode()


def test_who_prefers_the_phone_is_given_a_print_and_a_mail_only_on_demand(world: World, elise: Client) -> None:
    consent, said = recorded(world, elise, preferred_channel="phone")
    assert "Print the copy for the participant" in said
    assert not Message.objects.exists()
    assert "Send by e-mail" in elise.get(url(world, consent)).content.decode()
    assert elise.post(url(world, consent)).status_code == 302
    again = elise.post(url(world, consent))
    assert again.status_code == 409
    assert "The copy was sent already, or is about to be." in again.content.decode()
    assert Message.objects.count() == 1


def test_without_an_address_the_page_says_what_to_do(world: World, elise: Client) -> None:
    consent = people.consent(world.eligible(contact=None))
    answer = elise.post(url(world, consent))
    assert answer.status_code == 400
    assert "Print the copy, or add an address first." in answer.content.decode()


def test_a_locked_trial_shows_it_and_sends_nothing(world: World, elise: Client) -> None:
    consent = people.consent(world.eligible())
    locks.lock_trial(trial=world.trial, reason="The end", by=people.actor(world.cast.noor))
    assert elise.get(url(world, consent)).status_code == 200
    assert elise.post(url(world, consent)).status_code == 409
    assert not Message.objects.exists()


def test_the_link_of_a_stranger_says_whom_to_ask(world: World) -> None:
    page = Client().get("/q/made-up/copy/")
    assert page.status_code == 404
    assert "Ask the study team for another copy." in page.content.decode()
    assert Client().post("/q/made-up/copy/").status_code == 405
