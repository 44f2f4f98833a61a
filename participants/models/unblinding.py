"""Who is no longer blind for a participant, and what they were told."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.classes import FieldClass, classify
from audit.records import Record
from participants.codes import LearnedHow
from participants.models.participant import Participant


class Unblinding(Record):
    """Somebody who must not know a participant's arm may know it now. Never changed, never taken back.

    ``learner`` is who; what they learned is not here, so that blind code may ask whom it must keep away.
    An emergency is handed down by the verb that opened the code; its reason stays above.
    """

    class Kind(models.TextChoices):
        ACCIDENTAL = "accidental", _("Accidental")
        EMERGENCY = "emergency", _("Emergency")

    APPEND_ONLY = True
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="kind how learned_on", technical="participant learner at by revision"
    )

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="unblindings")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    learner = models.CharField(max_length=64)
    how = models.CharField(max_length=16, choices=LearnedHow.choices, blank=True)
    learned_on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["learner", "participant"], name="unblinding_of_learner")]

    def label(self) -> str:
        return self.kind


class LearnedArm(Record):
    """The arm that somebody believes to have learned, right or wrong. Shown to no blinded role, not even its author.

    Blind code writes it and cannot read it back: the arm is sealed in the database.
    """

    APPEND_ONLY = True
    BLIND_ADDS = True
    OPEN_COLUMNS = frozenset({"id", "revision", "unblinding_id"})
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(unblinding="arm", technical="unblinding revision")

    unblinding = models.OneToOneField(Unblinding, on_delete=models.PROTECT, related_name="learned")
    arm = models.CharField(max_length=40)
