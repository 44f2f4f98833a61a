"""Links by which participants answer without a login."""

from typing import ClassVar

from django.db import models

from audit.classes import FieldClass, classify
from audit.records import Record
from outcomes.models.visits import Visit
from participants.models import Participant
from trials.models import Trial


class Link(Record):
    """The right to answer the participant's own forms of one visit, until a moment. Only the hash is kept.

    ``email_then`` and ``phone_then`` are fingerprints of the e-mail address and phone number held when it was
    made, bound to this link: once one of them is changed or erased, it opens no more. Empty: none was held.
    """

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="trial participant visit token_hash email_then phone_then issued_at expires_at revoked_at "
        "last_used_at revision"
    )

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="links")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    email_then = models.CharField(max_length=64, blank=True)
    phone_then = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
