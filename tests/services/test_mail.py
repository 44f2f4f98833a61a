"""What is known of a mail after each way in which a real mail server can answer, or not."""

import socket

import pytest

from reminders.channels import send_mail
from reminders.models import Message
from reminders.outcomes import NotDelivered
from tests.services.smtp import MailServer, serving

pytestmark = pytest.mark.services
Reason = Message.Reason


@pytest.fixture
def server(settings):  # type: ignore[no-untyped-def]
    with serving() as mail_server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
        settings.EMAIL_TIMEOUT = 20
        yield mail_server


def test_an_accepted_mail_arrives_as_it_was_written(server: MailServer) -> None:
    send_mail("anna@example.org", "Vos réponses", "Bonjour,\n.\nÀ bientôt\n")
    (mail,) = server.received
    assert (mail["To"], mail["Subject"]) == ("anna@example.org", "Vos réponses")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().replace("\r\n", "\n") == "Bonjour,\n.\nÀ bientôt\n"


@pytest.mark.parametrize(
    ("behaviour", "reason", "again", "texts"),
    [
        ("refuse", Reason.ADDRESS, False, 0),
        ("busy", Reason.REFUSED, True, 0),
        ("reject", Reason.REFUSED, False, 1),
        ("hang_up", Reason.UNREACHABLE, True, 0),
        ("drop", Reason.NO_ANSWER, False, 1),
    ],
)
def test_every_other_answer_is_told_apart(
    server: MailServer, behaviour: str, reason: str, again: bool, texts: int
) -> None:
    server.behaviour = behaviour
    with pytest.raises(NotDelivered) as caught:
        send_mail("anna@example.org", "Hello", "Hello")
    assert (caught.value.reason, caught.value.again) == (reason, again)
    assert len(server.received) == texts


def test_an_answer_that_does_not_come_in_time_is_not_waited_for_and_not_repeated(server: MailServer, settings) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_TIMEOUT = 0.3
    server.behaviour = "hold"
    with pytest.raises(NotDelivered) as caught:
        send_mail("anna@example.org", "Hello", "Hello")
    assert (caught.value.reason, caught.value.again) == (Reason.NO_ANSWER, False)
    assert len(server.received) == 1


def test_where_nobody_listens_the_mail_is_kept_for_later(settings) -> None:  # type: ignore[no-untyped-def]
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed.getsockname()[1]
        with pytest.raises(NotDelivered) as caught:
            send_mail("anna@example.org", "Hello", "Hello")
    assert (caught.value.reason, caught.value.again) == (Reason.UNREACHABLE, True)
