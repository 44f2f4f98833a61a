"""How a text leaves the house, and what is known of its arrival when that fails."""

import logging
import smtplib
from collections.abc import Mapping
from contextlib import suppress

from django.core.mail import EmailMessage, get_connection

from reminders import texting
from reminders.letters import Letter
from reminders.models import Message
from reminders.outcomes import NotDelivered

logger = logging.getLogger(__name__)
Reason = Message.Reason
EMAIL, SMS = "email", "sms"


def usable(channel: str) -> str:
    """The channel itself where it has a gateway, else e-mail; the message's row says by which it went."""
    return SMS if channel == SMS and texting.is_available() else EMAIL


def in_turn(channel: str) -> tuple[str, ...]:
    """The ways to try for a message of this channel: whoever has no number gets an e-mail, and the other way round."""
    first = usable(channel)
    return (first, *(each for each in (EMAIL, SMS) if each != first and usable(each) == each))


def deliver(channel: str, address: str, letter: Letter, reference: str = "") -> None:
    """Send one letter by a channel; returning means that somebody took charge of it. Raises NotDelivered.

    ``reference``: by which receipts of a mail service name the message.
    """
    if channel == SMS:
        texting.send_text(address, letter.text)
    else:
        send_mail(address, letter.subject, letter.body, letter.headers, reference)


def send_mail(
    address: str, subject: str, body: str, more_headers: Mapping[str, str] | None = None, reference: str = ""
) -> None:
    """Send one mail; returning means that the server took charge of it. Raises NotDelivered."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        # Nothing was handed over yet: safe to try again.
        raise NotDelivered(Reason.UNREACHABLE, again=True) from error
    try:
        # RFC 3834: keeps holiday notices from answering.
        headers = {"Auto-Submitted": "auto-generated", **(more_headers or {})}
        mail = EmailMessage(subject, body, to=[address], headers=headers)
        # Mail services (django-anymail) hand it back with their receipts; SMTP knows nothing of it.
        mail.metadata = {"message": reference} if reference else {}  # type: ignore[attr-defined]
        connection.send_messages([mail])
    except smtplib.SMTPServerDisconnected as error:
        raise NotDelivered(Reason.NO_ANSWER) from error
    except smtplib.SMTPRecipientsRefused as error:
        # Of the one recipient: not now (400 to 499), or never.
        later = 400 <= _code(error) < 500
        raise NotDelivered(Reason.REFUSED if later else Reason.ADDRESS, again=later, bounced=not later) from error
    except (smtplib.SMTPResponseException, smtplib.SMTPNotSupportedError) as error:
        # The server answered, and its answer was no. Codes of 400 to 499 mean: not now.
        raise NotDelivered(Reason.REFUSED, again=400 <= _code(error) < 500) from error
    except (OSError, smtplib.SMTPException) as error:
        # The answer was lost somewhere after the text may have been handed over: never repeated silently.
        raise NotDelivered(Reason.NO_ANSWER) from error
    except Exception as error:
        # Backends of mail services raise errors of their own. What these say may hold the address.
        logger.error("The mail backend failed: %s.", type(error).__name__)
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
