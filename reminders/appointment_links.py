"""The link to somebody's own appointment as a calendar file: signed, for this one purpose, without a login.

Nothing of it is stored. It opens nothing once the appointment is over or cancelled, nor once the participant's
e-mail address or phone number is corrected.
"""

import hmac
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.problems import NotFound
from participants.models import Appointment, IdentifierHash

LONGEST = 100
_SIGNER = signing.Signer(salt="appointment")


def link_for(appointment: Appointment) -> str:
    """The address of the file."""
    return settings.BASE_URL.rstrip("/") + reverse("calendar_appointment", kwargs={"signed": signed(appointment)})


def signed(appointment: Appointment) -> str:
    """What stands in the address: the appointment's key, signed with 256 bits."""
    return f"{appointment.pk.hex}~{_signature(appointment)}"


def appointment_of(signed: str) -> Appointment:
    """The appointment ahead whose link this is; NotFound with a sentence when there is none."""
    key, _tilde, signature = signed[:LONGEST].partition("~")
    try:
        found = UUID(hex=key)
    except ValueError:
        raise _unknown() from None
    rows = Appointment.objects.select_related("participant__site", "participant__trial")
    held = rows.filter(pk=found).first()
    if held is None or not hmac.compare_digest(signature.encode(), _signature(held).encode()):
        raise _unknown()
    if held.state != Appointment.State.BOOKED or held.ends_at <= clock.now():
        raise NotFound(
            "appointment.gone",
            _("This appointment is over or was cancelled. Call the study team if you are not sure."),
        )
    return held


def _signature(appointment: Appointment) -> str:
    """Over the appointment and the keyed hashes of how its participant is reached now."""
    kinds = (IdentifierHash.Kind.EMAIL, IdentifierHash.Kind.PHONE)
    held = IdentifierHash.objects.filter(participant=appointment.participant_id, kind__in=kinds)
    reached = [f"{kind}={value}" for kind, value in held.order_by("kind", "pk").values_list("kind", "value")]
    return _SIGNER.signature(".".join([appointment.pk.hex, *reached]))


def _unknown() -> NotFound:
    return NotFound("link.unknown", _("This link does not work. Call the study team if you are not sure."))
