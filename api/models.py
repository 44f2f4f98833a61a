"""What the API itself remembers."""

from typing import ClassVar

from django.db import models

from accounts.models import User
from audit.classes import FieldClass, classify
from core import ids
from participants.models import Participant


class IdempotencyKey(models.Model):
    """A caller's own name for one request to randomize, so that a repeated request is known as such.

    ``participant`` and ``seen`` are the request: nothing else is asked with this name. Not a record: the allocation
    is. It tells no more than that somebody was randomized.
    """

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(technical="id user key participant seen used_at")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    seen = models.PositiveIntegerField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_use_of_a_key")]
