"""The sealed list and what was taken from it. Every column is unreadable outside an opening, unless named open."""

from typing import Any, ClassVar

from django.db import models

from audit.classes import FieldClass, classify
from audit.records import Record
from participants.models import Participant
from trials.models import Trial


def sealed_key(to: Any, **options: Any) -> Any:
    """A foreign key that makes no way back into this room. See docs/decisions/0001."""
    options = {"db_constraint": False, **options}
    return models.ForeignKey(to, on_delete=models.DO_NOTHING, related_name="+", **options)


class Sequence(Record):
    """One list for a trial: its design, seed and salt, sealed; public once active: algorithm and commitment."""

    class State(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        WITHDRAWN = "withdrawn"

    OPEN_COLUMNS = frozenset({"id", "trial_id", "state", "algorithm", "commitment", "activated_at"})
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="trial state algorithm commitment strata_hash prepared_at prepared_by activated_at activated_by "
        "revision",
        unblinding="sealed_design sealed_seed sealed_salt",
    )

    trial = sealed_key(Trial)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    algorithm = models.CharField(max_length=40)
    sealed_design = models.BinaryField()
    sealed_seed = models.BinaryField()
    sealed_salt = models.BinaryField()
    commitment = models.CharField(max_length=64, blank=True)
    strata_hash = models.CharField(max_length=64)
    prepared_at = models.DateTimeField()
    prepared_by = models.CharField(max_length=64)
    activated_at = models.DateTimeField(null=True)
    activated_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["trial", "state"],
                condition=models.Q(state__in=["draft", "active"]),
                name="one_draft_and_one_active_sequence",
            )
        ]


class Stratum(Record):
    """The list of one stratum: how long it is, and how much of it was taken."""

    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="sequence revision", concealed="key", unblinding="slots used"
    )

    sequence = sealed_key(Sequence, db_constraint=True)
    key = models.CharField(max_length=200)
    slots = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sequence", "key"], name="one_stratum_key"),
            models.CheckConstraint(condition=models.Q(used__lte=models.F("slots")), name="no_slot_beyond_the_list"),
        ]


class Slot(Record):
    """One place of a list with its arm, sealed. Never changed."""

    APPEND_ONLY = True
    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(technical="revision", unblinding="stratum position sealed_arm")

    stratum = sealed_key(Stratum, db_constraint=True)
    position = models.PositiveIntegerField()
    sealed_arm = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stratum", "position"], name="one_slot_position")]


class Allocation(Record):
    """Who took which slot, when, by whom, and the strata as used. Never changed, never undone.

    The arm is not here: it stands once, sealed, in the slot.
    """

    APPEND_ONLY = True
    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="participant at by role revision", concealed="strata", unblinding="stratum position"
    )

    participant = models.OneToOneField(Participant, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    stratum = sealed_key(Stratum, db_constraint=True)
    position = models.PositiveIntegerField()
    strata = models.JSONField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    role = models.CharField(max_length=24)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stratum", "position"], name="one_allocation_of_a_slot")]
