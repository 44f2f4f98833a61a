"""Signatures, queries and locks: they attach to any record by its table and key."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.classes import FieldClass, classify
from audit.records import Record
from trials.models import Site, Trial


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


class Sealed(Record):
    """What is written about a record is as secret as the record: ``secrecy`` is the class of the texts."""

    TEXTS: ClassVar[frozenset[str]] = frozenset()

    secrecy = models.CharField(max_length=12, default=FieldClass.TECHNICAL.value)

    class Meta:
        abstract = True

    def field_class(self, name: str) -> FieldClass:
        return FieldClass(self.secrecy) if name in self.TEXTS else super().field_class(name)


class Query(Sealed):
    """A question about a record, from the day it is raised until whoever raised it is content with the answer.

    What was said is in its steps, of which none is ever changed.
    """

    class Kind(models.TextChoices):
        UNLIKELY = "unlikely", _("The value is unlikely")
        MISSING = "missing", _("An answer is missing")
        INCONSISTENT = "inconsistent", _("Answers contradict each other")
        SOURCE = "source", _("The source says otherwise")
        OTHER = "other", _("Another question")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("of a query", "open")
        ANSWERED = "answered", pgettext_lazy("of a query", "answered")
        CLOSED = "closed", pgettext_lazy("of a query", "closed")

    TEXTS = frozenset({"kind"})
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="trial site subject_table subject_id secrecy kind state raised_by raised_at revision"
    )

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    subject_table = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    raised_by = models.CharField(max_length=64)
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "kind"], condition=~models.Q(state="closed"), name="one_query_of_a_kind"
            )
        ]
        indexes = [
            models.Index(fields=["site", "state", "raised_at"], name="query_worklist"),
            models.Index(fields=["subject_id", "state"], name="query_subject"),
        ]

    def label(self) -> str:
        return "query"


class QueryStep(Sealed):
    """One thing said or done about a query, numbered from 1. ``corrected``: the record was corrected with it."""

    class Kind(models.TextChoices):
        RAISED = "raised", pgettext_lazy("of a query", "Raised")
        ANSWERED = "answered", pgettext_lazy("of a query", "Answered")
        CLOSED = "closed", pgettext_lazy("of a query", "Closed")
        REOPENED = "reopened", pgettext_lazy("of a query", "Reopened")

    APPEND_ONLY = True
    TEXTS = frozenset({"text"})
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="query number secrecy kind text corrected by name role at revision"
    )

    query = models.ForeignKey(Query, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.CharField(max_length=1000, blank=True)
    corrected = models.BooleanField(default=False)
    by = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        ordering = ("number", "id")
        constraints = [models.UniqueConstraint(fields=["query", "number"], name="one_step_of_a_number")]

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
