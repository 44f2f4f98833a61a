"""What is known of a text message after each way in which a real gateway can answer, or not; and what is logged."""

import logging
import socket
from collections.abc import Iterator

import pytest

from reminders.models import Message
from reminders.outcomes import NotDelivered
from reminders.texting import send_text
from tests.services.gateway import Gateway, answering

pytestmark = pytest.mark.services
Reason = Message.Reason


@pytest.fixture
def gateway(settings) -> Iterator[Gateway]:  # type: ignore[no-untyped-def]
    with answering() as own:
        settings.SMS_URL = own.url
        yield own


def test_a_text_arrives_as_it_was_written_at_one_number(gateway: Gateway) -> None:
    send_text("514 555 0123", "Vos réponses : https://example.org/q/abc/?x=1 & <b>")
    (taken,) = gateway.received
    assert (taken["to"], taken["message"]) == ("+15145550123", "Vos réponses : https://example.org/q/abc/?x=1 & <b>")


@pytest.mark.parametrize(
    ("behaviour", "reason"), [("refuse", Reason.REFUSED), ("drop", Reason.NO_ANSWER), ("hold", Reason.NO_ANSWER)]
)
def test_every_other_answer_is_told_apart_and_never_repeated(gateway: Gateway, behaviour: str, reason: str) -> None:
    gateway.behaviour = behaviour
    with pytest.raises(NotDelivered) as caught:
        send_text("514 555 0123", "Hello")
    assert (caught.value.reason, caught.value.again, caught.value.bounced) == (reason, False, False)
    assert len(gateway.received) == 1


def test_where_nobody_listens_the_text_is_kept_for_later(settings) -> None:  # type: ignore[no-untyped-def]
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.SMS_URL = f"smseagle://token@127.0.0.1:{closed.getsockname()[1]}/{{number}}"
        with pytest.raises(NotDelivered) as caught:
            send_text("514 555 0123", "Hello")
    assert (caught.value.reason, caught.value.again) == (Reason.UNREACHABLE, True)


@pytest.mark.parametrize("behaviour", ["accept", "refuse", "drop"])
def test_no_log_holds_the_number_the_text_or_the_password(
    gateway: Gateway, behaviour: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    console = logging.StreamHandler()
    monkeypatch.setattr(logging.getLogger(), "level", logging.DEBUG)
    monkeypatch.setattr(logging.getLogger(), "handlers", [console])
    gateway.behaviour = behaviour
    try:
        send_text("514 555 0123", "Bonjour Anna")
    except NotDelivered:
        assert behaviour != "accept"
    told = "".join(capfd.readouterr())
    for secret in ("5550123", "Bonjour", "secret-token"):
        assert secret not in told
