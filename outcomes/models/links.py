"""Links by which participants answer without a login."""

from typing import ClassVar

from django.db import models

from audit.classes import FieldClass, classify
from audit.records import Record
from outcomes.models.visits import Visit
from participants.models import Participant
from trials.models import Trial


class Link(Record):
    """The right to answer the participant's own forms of one visit, until a moment. Only the hash is kept."""

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="trial participant visit token_hash issued_at expires_at revoked_at last_used_at revision"
    )

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="links")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
