"""How a text message leaves the house: through one gateway, by apprise, or into the sink of the demo.

Apprise says only that it failed. What is known of it is read from what it reports, and where that tells nothing the
message may have left: it is never repeated by itself.
"""

import logging
import re
from urllib.parse import quote

import apprise
from django.conf import settings
from django.utils.module_loading import import_string

from reminders.models import Message
from reminders.outcomes import NotDelivered

Reason = Message.Reason
SHORTEST, LONGEST = 8, 15
"""Digits of a number with its country's (ITU-T E.164)."""
NEVER_CONNECTED = re.compile(r"NewConnectionError|ConnectTimeoutError|NameResolutionError|SSLCertVerificationError")
REFUSED = re.compile(r"Failed to send .*error=", re.DOTALL)


def is_available() -> bool:
    """Whether this installation can send text messages."""
    return bool(settings.SMS_URL or settings.SMS_SINK)


def send_text(number: str, text: str) -> None:
    """Send one text message; returning means that the gateway took charge of it. Raises NotDelivered."""
    to = international(number, settings.SMS_COUNTRY_CODE)
    if to is None:
        raise NotDelivered(Reason.ADDRESS, bounced=True)
    if settings.SMS_SINK:
        import_string(settings.SMS_SINK)(to, text)
        return
    with apprise.LogCapture(level=logging.DEBUG) as reported:
        try:
            gateway = _gateway(to)
        except TypeError as error:
            # The settings are wrong, and nothing left: it waits until they are right, then is shown as failed.
            raise NotDelivered(Reason.UNREACHABLE, again=True) from error
        taken = gateway.notify(body=text, body_format=apprise.NotifyFormat.TEXT)
        told = reported.getvalue()
    if not taken:
        raise _why(told)


def _gateway(number: str) -> apprise.Apprise:
    """The service of SMS_URL with this one number. The class is named in the settings: apprise loads no other."""
    service = import_string(f"apprise.plugins.{settings.SMS_SERVICES[settings.SMS_URL.partition('://')[0]]}")
    gateway = apprise.Apprise(asset=apprise.AppriseAsset(async_mode=False))
    parsed = service.parse_url(settings.SMS_URL.replace("{number}", quote(number, safe="")))
    gateway.add(service(asset=gateway.asset, **parsed))
    return gateway


def international(number: str, country: str) -> str | None:
    """A number as gateways want it, such as +15145550123; None if it cannot be one.

    Without a plus it is of the ``country`` (digits); a 0 that stands for dialling within the country is left out.
    """
    digits = re.sub(r"\D", "", number)
    if number.strip().startswith("+"):
        full = digits
    elif digits.startswith("00"):
        full = digits[2:]
    elif country == "1" and len(digits) == 11 and digits.startswith("1"):
        full = digits
    else:
        full = country + digits.removeprefix("0")
    return f"+{full}" if SHORTEST <= len(full) <= LONGEST else None


def _why(told: str) -> NotDelivered:
    if NEVER_CONNECTED.search(told):
        return NotDelivered(Reason.UNREACHABLE, again=True)
    if REFUSED.search(told):
        return NotDelivered(Reason.REFUSED)
    return NotDelivered(Reason.NO_ANSWER)
