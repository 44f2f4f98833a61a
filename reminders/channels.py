"""How a text leaves the house, and what is known of its arrival when that fails."""

import smtplib
from contextlib import suppress

from django.core.mail import EmailMessage, get_connection

from reminders.models import Message

Reason = Message.Reason

AVAILABLE = ("email",)
"""Channels with a gateway. A message planned for another goes by e-mail, and its row says so."""


class NotDelivered(Exception):
    """A text did not leave, or nobody knows: ``again`` if it surely did not and may be tried again."""

    def __init__(self, reason: Message.Reason, *, again: bool = False) -> None:
        self.reason = reason
        self.again = again
        super().__init__(reason)


def usable(channel: str) -> str:
    """The channel itself where it has a gateway, else e-mail."""
    return channel if channel in AVAILABLE else "email"


def send_mail(address: str, subject: str, body: str) -> None:
    """Send one mail; returning means that the server took charge of it. Raises NotDelivered."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        # Nothing was handed over yet: safe to try again.
        raise NotDelivered(Reason.UNREACHABLE, again=True) from error
    try:
        # RFC 3834: keeps holiday notices from answering.
        headers = {"Auto-Submitted": "auto-generated"}
        connection.send_messages([EmailMessage(subject, body, to=[address], headers=headers)])
    except smtplib.SMTPServerDisconnected as error:
        raise NotDelivered(Reason.NO_ANSWER) from error
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError) as error:
        # The server answered, and its answer was no. Codes of 400 to 499 mean: not now.
        raise NotDelivered(Reason.REFUSED, again=400 <= _code(error) < 500) from error
    except (OSError, smtplib.SMTPException) as error:
        # The answer was lost somewhere after the text may have been handed over: never repeated silently.
        raise NotDelivered(Reason.NO_ANSWER) from error
    finally:
        with suppress(OSError, smtplib.SMTPException):
            connection.close()


def _code(error: smtplib.SMTPException) -> int:
    """The reply code of a refusal; a definite refusal where there is none."""
    if isinstance(error, smtplib.SMTPResponseException):
        return int(error.smtp_code)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _text in error.recipients.values()), default=550)
    return 550
