"""The link in each message by which somebody asks for no more: signed, for this one purpose, without a login.

Nothing of it is stored. It is bound to the address that the message went to: once that is corrected, the link in the
stranger's mailbox stops nothing. It does not expire, since whoever finds an old message may still want no more.
"""

import base64
import binascii
import hmac
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.problems import NotFound
from participants.models import IdentifierHash
from reminders.models import Message

LONGEST = 100
_SIGNER = signing.Signer(salt="reminders.opt_out")


def link_for(message: Message) -> str:
    """The address of the page with the one button. The message's channel is decided already."""
    token = f"{base64.urlsafe_b64encode(message.pk.bytes).decode().rstrip('=')}.{_signature(message)}"
    return settings.BASE_URL.rstrip("/") + reverse("participants:no_more", kwargs={"token": token})


def message_of(token: str) -> Message:
    """The message whose link this is. NotFound with a sentence when it is made up or was sent elsewhere."""
    key, _dot, signature = token[:LONGEST].partition(".")
    try:
        found = UUID(bytes=base64.urlsafe_b64decode(f"{key}=="))
    except (ValueError, binascii.Error):
        raise _unknown() from None
    rows = Message.objects.select_related("participant__site", "participant__trial", "trial")
    message = rows.filter(pk=found).first()
    if message is None or not hmac.compare_digest(signature.encode(), _signature(message).encode()):
        raise _unknown()
    return message


def _signature(message: Message) -> str:
    """Over the message and the keyed hash of the address it went to, as that is held now."""
    kind = IdentifierHash.Kind.PHONE if message.channel == "sms" else IdentifierHash.Kind.EMAIL
    held = IdentifierHash.objects.filter(participant=message.participant_id, kind=kind)
    address = held.values_list("value", flat=True).first() or ""
    return _SIGNER.signature(f"{message.pk.hex}.{address}")


def _unknown() -> NotFound:
    return NotFound(
        "link.unknown", _("This link does not work. To get no more messages, tell the person who invited you.")
    )
