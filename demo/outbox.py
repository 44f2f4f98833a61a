"""The demo's post: every mail becomes one file in a folder, read on the outbox page. Nothing is really sent."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from core import clock, ids

_NAME_TIME = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True)
class OutboxMail:
    """A mail as it lies in the outbox; ``at`` is the moment it was sent by the demo's clock, in UTC."""

    to: tuple[str, ...]
    subject: str
    body: str
    at: datetime


class OutboxBackend(BaseEmailBackend):
    """Django's mail backend of the demo. Writes to ``settings.EMAIL_FILE_PATH``."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            mail = OutboxMail(tuple(message.recipients()), str(message.subject), str(message.body), clock.now())
            _write(mail)
        return len(email_messages)


def keep_text(number: str, text: str) -> None:
    """A text message of the demo: it lies beside the mail, and has no subject."""
    _write(OutboxMail((number,), "", text, clock.now()))


def read_outbox(limit: int = 200) -> list[OutboxMail]:
    """The newest mails first, at most ``limit``."""
    folder = _folder()
    names = sorted((path.name for path in folder.glob("*.json")), reverse=True) if folder.is_dir() else []
    return [_read(folder / name) for name in names[:limit]]


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _write(mail: OutboxMail) -> None:
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{mail.at.astimezone(UTC).strftime(_NAME_TIME)}-{ids.new_id()}"
    # Renaming is atomic: a reader never sees half a mail.
    half = folder / f"{name}.part"
    half.write_text(json.dumps(asdict(mail) | {"at": mail.at.isoformat()}, ensure_ascii=False), encoding="utf-8")
    os.replace(half, folder / f"{name}.json")


def _read(path: Path) -> OutboxMail:
    found = json.loads(path.read_text(encoding="utf-8"))
    return OutboxMail(tuple(found["to"]), found["subject"], found["body"], datetime.fromisoformat(found["at"]))
