"""Who treats whom."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.classes import FieldClass, classify
from audit.records import Record
from participants.models import Participant
from therapy.models.keys import sealed_key


class Assignment(Record):
    """A therapist treats a participant, from a moment until it is handed over or ended."""

    class Kind(models.TextChoices):
        PRIMARY = "primary", _("Took over")
        HANDOVER = "handover", _("Handed over")

    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="participant revision", unblinding="therapist kind since until"
    )

    participant = sealed_key(Participant)
    therapist = sealed_key(User)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], condition=models.Q(until=None), name="one_therapist_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["therapist", "until"], name="assignment_therapist")]


class Cover(Record):
    """Another therapist treats during the assigned one's leave; both days included."""

    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="revision", unblinding="assignment therapist starts_on ends_on arranged_at arranged_by"
    )

    assignment = sealed_key(Assignment, db_constraint=True)
    therapist = sealed_key(User)
    starts_on = models.DateField()
    ends_on = models.DateField()
    arranged_at = models.DateTimeField()
    arranged_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="cover_ends_after_it_starts"
            )
        ]
        indexes = [models.Index(fields=["therapist", "ends_on"], name="cover_therapist")]

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on
