"""Mail servers that refuse, hang up or are away, and workers that die: nothing is lost or repeated silently."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from core import clock
from outcomes.actions import links
from participants.models import Task
from reminders import queries
from reminders.actions import mending, sending
from reminders.models import BAD_ADDRESS, Message
from tests.unit.reminders.steps import run, token_in
from tests.unit.reminders.world import World

State = Message.State
Reason = Message.Reason


class Unreachable(EmailBackend):
    def open(self) -> bool:
        raise ConnectionRefusedError


class Dropping(EmailBackend):
    def send_messages(self, messages):  # type: ignore[no-untyped-def]
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


class Strange(EmailBackend):
    """A backend of a mail service, with an error of its own."""

    def send_messages(self, messages):  # type: ignore[no-untyped-def]
        raise LookupError("500 from anna@example.org")


class Refusing(EmailBackend):
    code = 550

    def send_messages(self, messages):  # type: ignore[no-untyped-def]
        raise smtplib.SMTPRecipientsRefused({"anna@example.org": (self.code, b"no")})


class Busy(Refusing):
    code = 451


def through(settings, backend: type) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_BACKEND = f"{__name__}.{backend.__name__}"


@pytest.mark.parametrize("backend", [Unreachable, Busy])
def test_a_server_that_cannot_now_is_tried_again_later_and_given_up_visibly(
    trial_world: World,
    settings,  # type: ignore[no-untyped-def]
    backend: type,
) -> None:
    through(settings, backend)
    trial_world.person()
    run()
    message = Message.objects.get()
    assert (message.state, message.tries) == (State.PLANNED, 1)
    assert message.next_try_at == clock.now() + timedelta(minutes=2)
    run()
    assert Message.objects.get().tries == 1
    for wait in sending.BACK_OFF:
        clock.advance(wait)
        run()
    message.refresh_from_db()
    assert (message.state, message.tries) == (State.FAILED, 5)
    assert list(queries.failures([trial_world.site])) == [message]


def test_after_the_server_is_back_the_message_leaves_once(trial_world: World, settings) -> None:  # type: ignore[no-untyped-def]
    held = settings.EMAIL_BACKEND
    through(settings, Unreachable)
    trial_world.person()
    run()
    settings.EMAIL_BACKEND = held
    clock.advance(timedelta(minutes=2))
    run()
    run()
    assert len(mail.outbox) == 1
    assert Message.objects.get().state == State.SENT


def test_an_address_the_server_refuses_is_not_tried_again(trial_world: World, settings) -> None:  # type: ignore[no-untyped-def]
    through(settings, Refusing)
    trial_world.person()
    run()
    message = Message.objects.get()
    assert (message.state, message.reason, message.tries) == (State.BOUNCED, Reason.ADDRESS, 1)
    assert list(queries.failures([trial_world.site])) == [message]
    task = Task.objects.get()
    assert (task.kind, task.about, task.role) == (BAD_ADDRESS, "email", "coordinator")


@pytest.mark.parametrize("backend", [Dropping, Strange])
def test_a_lost_answer_is_uncertain_and_never_repeated(
    trial_world: World,
    settings,  # type: ignore[no-untyped-def]
    backend: type,
    caplog: pytest.LogCaptureFixture,
) -> None:
    held = settings.EMAIL_BACKEND
    through(settings, backend)
    trial_world.person()
    run()
    settings.EMAIL_BACKEND = held
    clock.advance(timedelta(hours=1))
    run()
    message = Message.objects.get()
    assert (message.state, message.reason) == (State.UNCERTAIN, Reason.NO_ANSWER)
    assert mail.outbox == []
    assert "anna@" not in caplog.text
    assert list(queries.failures([trial_world.site])) == [message]


def test_what_perhaps_was_sent_has_arrived_once_its_link_is_opened(
    trial_world: World,
    settings,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bodies: list[str] = []

    def written(self: Dropping, messages: list[mail.EmailMessage]) -> None:
        bodies.extend(each.body for each in messages)
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(Dropping, "send_messages", written)
    through(settings, Dropping)
    trial_world.person()
    run()
    (message,) = queries.failures([trial_world.site])
    assert mending.may_send_again(message)
    links.open(token_in(bodies[0]))
    assert not queries.failures([trial_world.site])
    (message,) = queries.messages_of(message.participant)
    assert message.has_arrived
    assert not mending.may_send_again(message)


def test_a_worker_killed_while_sending_leaves_an_uncertain_message(
    trial_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial_world.person()

    def killed(*_args: str) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(sending.channels, "send_mail", killed)
        with pytest.raises(SystemExit):
            run()
    assert Message.objects.get().state == State.SENDING
    clock.advance(timedelta(minutes=9))
    run()
    assert Message.objects.get().state == State.SENDING
    clock.advance(timedelta(minutes=2))
    run()
    message = Message.objects.get()
    assert (message.state, message.reason) == (State.UNCERTAIN, Reason.INTERRUPTED)
    assert mail.outbox == []


def test_without_an_address_the_message_is_stopped_and_seen(trial_world: World) -> None:
    trial_world.person(email="")
    run()
    (message,) = queries.failures([trial_world.site])
    assert (message.state, message.reason) == (State.STOPPED, Reason.NO_ADDRESS)
