"""Receipts of a mail service: a message arrived, or came back, whichever way and however often it is said."""

import base64
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings as own
from django.core import mail
from django.test import Client
from django.urls import include, path

from audit.models import Entry
from audit.records import writing
from config.urls import urlpatterns
from participants.models import Task
from reminders.actions import mending, receipts
from reminders.models import BAD_ADDRESS, Message
from review.actions import locks
from tests import cast
from tests.unit.reminders.steps import run
from tests.unit.reminders.world import World

State, Reason = Message.State, Message.Reason
SECRET = "receipts:a long password"


@pytest.fixture
def sent(trial_world: World) -> Message:
    trial_world.person()
    run()
    return Message.objects.get()


def arrive(message: Message) -> Message:
    receipts.arrived(reference=message.pk.hex, by=receipts.RECEIPTS)
    return Message.objects.get()


def return_(message: Message) -> Message:
    receipts.returned(reference=message.pk.hex, by=receipts.RECEIPTS)
    return Message.objects.get()


def test_it_arrived_and_saying_so_twice_changes_nothing(sent: Message) -> None:
    assert arrive(sent).state == State.DELIVERED
    assert arrive(sent).state == State.DELIVERED
    entry = Entry.objects.get(verb="message.delivered")
    assert (entry.actor_kind, entry.actor_name) == ("system", "Mail service")


def test_it_came_back_also_after_it_was_said_to_have_arrived(sent: Message) -> None:
    arrive(sent)
    held = return_(sent)
    assert (held.state, held.reason) == (State.BOUNCED, Reason.RETURNED)
    assert return_(sent).state == arrive(sent).state == State.BOUNCED
    assert Task.objects.filter(kind=BAD_ADDRESS).count() == 1
    assert mending.may_send_again(held)


@pytest.mark.parametrize("state", [State.PLANNED, State.SENDING, State.STOPPED, State.FAILED])
def test_what_never_left_neither_arrives_nor_comes_back(sent: Message, state: str) -> None:
    with writing():
        Message.objects.filter(pk=sent.pk).update(state=state)
    assert arrive(sent).state == return_(sent).state == state


@pytest.mark.parametrize("reference", ["", "nobody", "0" * 32, "é" * 40])
def test_a_reference_of_nobodys_message_changes_nothing(sent: Message, reference: str) -> None:
    assert receipts.arrived(reference=reference, by=receipts.RECEIPTS) is None
    assert receipts.returned(reference=reference, by=receipts.RECEIPTS) is None


def test_a_locked_trial_stays_as_it_is(trial_world: World, sent: Message) -> None:
    locks.lock_trial(
        trial=trial_world.trial, reason="All data are in", by=cast.actor(cast.cast_of(trial_world.trial).noor)
    )
    assert arrive(sent).state == return_(sent).state == State.SENT


@pytest.fixture
def post(settings: Any) -> Any:
    """Sends a receipt as Postmark does, to an installation that uses it."""
    from web.public import receipts as door

    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    found = ModuleType("with_receipts")
    found.urlpatterns = [*urlpatterns, path("receipts/", include(door.urls("anymail.backends.postmark.EmailBackend")))]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = found

    def send(kind: str, reference: str, secret: str = SECRET) -> int:
        facts = {"RecordType": kind, "Metadata": {"message": reference}, "Recipient": "a@b.example"}
        facts |= {"Type": "HardBounce", "DeliveredAt": datetime(2026, 5, 4, tzinfo=UTC).isoformat()}
        answer = Client().post(
            "/receipts/postmark/tracking/",
            facts,
            content_type="application/json",
            headers={"authorization": "Basic " + base64.b64encode(secret.encode()).decode()},
        )
        return answer.status_code

    return send


def test_a_service_says_so_at_an_address_of_its_own(sent: Message, post: Any) -> None:
    assert mail.outbox[-1].metadata == {"message": sent.pk.hex}
    assert post("Delivery", sent.pk.hex) == 200
    assert Message.objects.get().state == State.DELIVERED
    assert post("Bounce", sent.pk.hex) == 200
    assert Message.objects.get().state == State.BOUNCED


def test_whoever_does_not_know_the_secret_is_refused(sent: Message, post: Any) -> None:
    assert post("Delivery", sent.pk.hex, secret="receipts:guessed") == 400
    assert Message.objects.get().state == State.SENT


def test_without_a_service_there_is_no_such_address() -> None:
    assert own.MAIL_RECEIPTS is False
    assert Client().post("/receipts/postmark/tracking/", {}, content_type="application/json").status_code == 404
