"""The link to the copy of a consent: signed, for this one purpose, until a day, to one address.

Nothing of it is stored. It dies with the address it was sent to: once that is corrected or erased, it opens no more.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.problems import NotFound
from participants.models import IdentifierHash, Participant
from reminders.models import Message

OPENS_FOR = timedelta(days=30)
LONGEST = 200
_SIGNER = signing.Signer(salt="reminders.consent_copy")


def link_for(message: Message, participant: Participant) -> str:
    """The address that opens the copy."""
    parts = (message.pk.hex, str(int(expiry().timestamp())), _address_of(participant))
    token = _SIGNER.sign(".".join(parts))
    return settings.BASE_URL.rstrip("/") + reverse("participants:consent_copy", kwargs={"token": token})


def expiry() -> datetime:
    """Until when a link made now opens."""
    return clock.now() + OPENS_FOR


def message_of(token: str) -> Message:
    """The message whose link this is. NotFound with a sentence when it is made up, expired or was sent elsewhere."""
    try:
        key, until, address = _SIGNER.unsign(token[:LONGEST]).split(".")
    except (signing.BadSignature, ValueError):
        raise _unknown() from None
    if datetime.fromtimestamp(int(until), UTC) <= clock.now():
        raise NotFound("link.expired", _("This link was open for 30 days. Ask the study team for another copy."))
    rows = Message.objects.select_related("consent__explained_by", "consent__protocol", "participant__site", "trial")
    message = rows.filter(pk=UUID(hex=key)).exclude(consent=None).first()
    if message is None or address != _address_of(message.participant):
        raise _unknown()
    return message


def _unknown() -> NotFound:
    return NotFound("link.unknown", _("This link does not work. Ask the study team for another copy."))


def _address_of(participant: Participant) -> str:
    """The beginning of the keyed hash of the e-mail address held now; empty if none is."""
    held = IdentifierHash.objects.filter(participant=participant, kind=IdentifierHash.Kind.EMAIL)
    return (held.values_list("value", flat=True).first() or "")[:16]
