"""One message: what became of it, sent again with a reason, or noted as come back."""

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from reminders.actions.sending import send
from reminders.actions.sweep import REMINDERS, sweep
from reminders.models import Message
from tests import cast as people
from tests.integration.coordinators.walls import check_refused
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db
State = Message.State


class Refusing(EmailBackend):
    def send_messages(self, messages):  # type: ignore[no-untyped-def]
        raise smtplib.SMTPRecipientsRefused({"person6@example.org": (550, b"no")})


def swept(world: World) -> Message:
    world.consented(contact=people.person(6))
    sweep(by=REMINDERS, hand_over=lambda key: send(message_id=key, by=REMINDERS))
    return Message.objects.get()


@pytest.fixture
def refused(world: World, settings) -> Message:  # type: ignore[no-untyped-def]
    held, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Refusing"
    message = swept(world)
    settings.EMAIL_BACKEND = held
    return message


def url(world: World, message: Message) -> str:
    return world.url("coordinators:message", message=message.pk)


def test_walls(world: World, refused: Message) -> None:
    address = url(world, refused)
    assert Client().get(address).status_code == 302
    nobody = world.url("coordinators:message", message=world.site.pk)
    assert check_refused(world, "marc", address) == check_refused(world, "marc", nobody)
    assert world.browser("elise").get(nobody).status_code == 404
    assert world.browser("elise").delete(address).status_code == 405
    assert world.browser("tomas").get(address).status_code == 200
    assert world.browser("tomas").post(address, {"step": "again", "reason": "Corrected"}).status_code == 403


def test_it_is_on_the_list_of_trouble_and_sent_again(world: World, elise: Client, refused: Message) -> None:
    trouble = elise.get(world.url("coordinators:messages"), {"show": "trouble"}).content.decode()
    assert url(world, refused) in trouble
    body = elise.get(url(world, refused)).content.decode()
    assert "There is no such address" in body
    assert "person6@example.org" not in body
    assert elise.post(url(world, refused), {"step": "again", "reason": ""}).status_code == 422
    said = elise.post(url(world, refused), {"step": "again", "reason": "Server mended"}, follow=True)
    assert "sent again within minutes" in said.content.decode()
    sweep(by=REMINDERS, hand_over=lambda key: send(message_id=key, by=REMINDERS))
    assert len(mail.outbox) == 1
    refused.refresh_from_db()
    assert refused.state == State.SENT


def test_what_was_sent_can_be_noted_as_come_back(world: World, elise: Client) -> None:
    message = swept(world)
    assert elise.post(url(world, message), {"step": "back"}).status_code == 302
    message.refresh_from_db()
    assert (message.state, message.reason) == (State.BOUNCED, Message.Reason.RETURNED)
    home = elise.get(world.url("coordinators:home"), {"show": "coming"}).content.decode()
    assert "Messages come back" in home


def test_two_at_once_the_second_is_told(world: World, elise: Client, refused: Message) -> None:
    assert elise.post(url(world, refused), {"step": "again", "reason": "Server mended"}).status_code == 302
    assert elise.post(url(world, refused), {"step": "back"}).status_code == 409


class Away(EmailBackend):
    def send_messages(self, messages):  # type: ignore[no-untyped-def]
        raise smtplib.SMTPServerDisconnected("gone")


def test_what_perhaps_arrived_waits_on_the_home_page_until_it_is_mended(world: World, elise: Client, settings) -> None:  # type: ignore[no-untyped-def]
    held, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Away"
    message = swept(world)
    settings.EMAIL_BACKEND = held
    home = world.url("coordinators:home")
    body = elise.get(home).content.decode()
    assert "Message not delivered: Baseline" in body
    assert "Perhaps sent" in body
    assert url(world, message) in body
    elise.post(url(world, message), {"step": "again", "reason": "She says that nothing came"})
    assert "Message not delivered" not in elise.get(home).content.decode()
