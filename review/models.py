"""Signatures and locks: they attach to any record by its table and key."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.classes import FieldClass, classify
from audit.records import Record
from trials.models import Trial


class Signature(Record):
    """A person stood for a content at a moment. It holds for that very content (its hash) and no other."""

    class Kind(models.TextChoices):
        STRATA = "strata", _("The strata")
        DATA = "data", _("The data")
        ASSESSMENT = "assessment", _("An assessment")

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="signed_at",
        technical="trial kind subject_table subject_id content_hash meaning signed_by signed_name signed_role "
        "voided_at voided_by revision",
    )

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="signatures")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    subject_table = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=36)
    content_hash = models.CharField(max_length=64)
    meaning = models.CharField(max_length=300)
    signed_by = models.CharField(max_length=64)
    signed_name = models.CharField(max_length=120)
    signed_role = models.CharField(max_length=24)
    signed_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_id", "kind"], name="signature_subject")]

    def label(self) -> str:
        return self.kind


class Lock(Record):
    """From ``locked_at`` until ``lifted_at`` nothing in the trial can be changed."""

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="trial state_before locked_at locked_by lifted_at lifted_by revision"
    )

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="locks")
    state_before = models.CharField(max_length=12, choices=Trial.State.choices)
    locked_at = models.DateTimeField()
    locked_by = models.CharField(max_length=64)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial"], condition=models.Q(lifted_at=None), name="one_lock_in_force")
        ]
