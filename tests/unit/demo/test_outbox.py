"""The demo's mail is kept in files that the outbox page reads."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection

from core import clock
from demo.outbox import read_outbox
from reminders.texting import send_text


@pytest.fixture(autouse=True)
def _outbox(settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_BACKEND = "demo.outbox.OutboxBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "outbox")


def test_mails_are_read_newest_first_as_they_were_sent() -> None:
    start = datetime(2026, 5, 3, 13, tzinfo=UTC)
    with clock.moved_to(start):
        for subject in ("first", "Deuxième"):
            EmailMessage(subject, "Voilà\nhttp://127.0.0.1/q/x", to=["a@example.org"]).send()
            clock.advance(timedelta(seconds=1))
    newest, oldest = read_outbox()
    assert (newest.subject, newest.body, newest.to) == ("Deuxième", "Voilà\nhttp://127.0.0.1/q/x", ("a@example.org",))
    assert (oldest.subject, oldest.at) == ("first", start)


def test_an_outbox_nobody_wrote_to_is_empty() -> None:
    assert read_outbox() == []


def test_at_most_as_many_as_asked_for() -> None:
    get_connection().send_messages([EmailMessage(str(n), "x", to=["a@example.org"]) for n in range(5)])
    assert len(read_outbox(limit=3)) == 3


def test_a_half_written_mail_is_not_read(settings) -> None:  # type: ignore[no-untyped-def]
    folder = Path(settings.EMAIL_FILE_PATH)
    folder.mkdir()
    (folder / "20260503T130000000000Z-x.part").write_text('{"to": [')
    assert read_outbox() == []


def test_text_messages_lie_beside_the_mail(settings) -> None:  # type: ignore[no-untyped-def]
    settings.SMS_SINK = "demo.outbox.keep_text"
    send_text("514 555 0123", "Some questions are ready for you: http://127.0.0.1:8000/q/x/")
    (found,) = read_outbox()
    assert (found.to, found.subject) == (("+15145550123",), "")
    assert found.body.startswith("Some questions are ready")
