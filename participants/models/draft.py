"""A screening that is being typed."""

from typing import ClassVar

from django.db import models

from accounts.models import User
from audit.classes import FieldClass, classify
from core import ids
from participants.encrypted import SealedField
from participants.models.participant import Participant
from trials.models import Trial


class ScreeningDraft(models.Model):
    """What one person typed of one screening so far. Not a record: saving the screening is the entry.

    It is about somebody who has agreed to nothing yet, so all of it is ciphertext, and it goes when the screening is
    saved or after some days. ``token`` names the opened page; two tabs of it share one draft.
    """

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        identifying="typed", technical="id trial participant group token user revision saved_at"
    )

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, null=True, related_name="screening_drafts")
    group = models.CharField(max_length=40, blank=True)
    token = models.CharField(max_length=64)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    typed = SealedField()
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "token"], name="one_screening_draft")]
        indexes = [models.Index(fields=["saved_at"], name="screening_draft_age")]
