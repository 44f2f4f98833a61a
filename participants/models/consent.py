"""What a participant agreed to, and when."""

from typing import ClassVar

from django.db import models

from accounts.models import User
from audit.classes import FieldClass, classify
from audit.records import Record
from participants.models.participant import Participant
from trials.models import ProtocolVersion


class Consent(Record):
    """One signed document. A new version of the document is a new row; the newest is in force.

    ``age`` is in whole years on the day of consent, from the date of birth if that was known.
    """

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="version language day age clauses",
        technical="participant protocol signed_at explained_by recorded_at recorded_by revision",
    )

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="consents")
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="+")
    version = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    clauses = models.JSONField(default=dict, blank=True)
    explained_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    day = models.DateField()
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["participant", "signed_at"], name="consent_participant")]

    def label(self) -> str:
        return self.version
