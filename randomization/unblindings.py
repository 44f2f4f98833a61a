"""Where the code was opened on purpose: for one participant in an emergency, or for the trial after its lock."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.classes import FieldClass, classify
from audit.records import Record
from participants.models import Participant
from trials.models import Trial


def _key(to: Any) -> Any:
    """A key that makes no way back into this room, as ``models.sealed_key``, which imports this module."""
    return models.ForeignKey(to, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)


class EmergencyUnblinding(Record):
    """One participant's arm shown to one person, with the reason. Never changed."""

    class Reason(models.TextChoices):
        CARE = "care", _("Somebody who treats the participant needs it for an urgent decision")
        EVENT = "event", _("A serious event: what to do depends on the group")
        REPORTING = "reporting", _("An authority or ethics committee requires it")
        OTHER = "other", _("Another reason")

    APPEND_ONLY = True
    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="participant at by role revision", unblinding="reason explanation"
    )

    participant = _key(Participant)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    explanation = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    role = models.CharField(max_length=24)


class CodeBreak(Record):
    """The arms of all participants handed out after the lock, with the purpose. Never changed. Open: that it was."""

    APPEND_ONLY = True
    OPEN_COLUMNS = frozenset({"id", "trial_id", "at"})
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(technical="trial at by role revision", unblinding="purpose")

    trial = _key(Trial)
    purpose = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    role = models.CharField(max_length=24)
