"""The sealed list and what was taken from it. Every column is unreadable outside an opening, unless named open."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.classes import FieldClass, classify
from audit.records import Record
from participants.models import Participant
from randomization.dummy_codes import DummyCodes as DummyCodes
from randomization.unblindings import CodeBreak as CodeBreak
from randomization.unblindings import EmergencyUnblinding as EmergencyUnblinding
from trials.models import Trial


def sealed_key(to: Any, **options: Any) -> Any:
    """A foreign key that makes no way back into this room. See docs/decisions/0001."""
    options = {"db_constraint": False, **options}
    return models.ForeignKey(to, on_delete=models.DO_NOTHING, related_name="+", **options)


class Sequence(Record):
    """One segment of a trial's list: its design, seed and salt, sealed; public once active: algorithm and commitment.

    The first segment is number 1; extensions are numbered on. All active segments together are the list.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        WITHDRAWN = "withdrawn"

    OPEN_COLUMNS = frozenset(
        {"id", "trial_id", "number", "state", "algorithm", "commitment", "activated_at", "revealed_at"}
    )
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="trial number state algorithm commitment strata_hash prepared_at prepared_by activated_at "
        "activated_by revealed_at revealed_by revision",
        unblinding="sealed_design sealed_seed sealed_salt",
    )

    trial = sealed_key(Trial)
    number = models.PositiveIntegerField(default=1)
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
    revealed_at = models.DateTimeField(null=True)
    revealed_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial"], condition=models.Q(state="draft"), name="one_draft_sequence"),
            models.UniqueConstraint(
                fields=["trial", "number"], condition=models.Q(state="active"), name="one_active_segment_of_a_number"
            ),
        ]


class Stratum(Record):
    """The places of one stratum in one segment: from after ``after`` to ``slots``, taken up to ``used``.

    Minimization has one stratum for all; its places are filled as they are taken.
    """

    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="sequence revision", concealed="key", unblinding="slots after used"
    )

    sequence = sealed_key(Sequence, db_constraint=True)
    key = models.CharField(max_length=200)
    slots = models.PositiveIntegerField()
    after = models.PositiveIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sequence", "key"], name="one_stratum_key"),
            models.CheckConstraint(condition=models.Q(used__lte=models.F("slots")), name="no_slot_beyond_the_list"),
        ]


class Slot(Record):
    """One place of a list with its arm, sealed. Never changed.

    ``sealed_draw``: for minimization, what the arm was drawn from: imbalances, ties and random numbers.
    """

    APPEND_ONLY = True
    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="revision", unblinding="stratum position sealed_arm sealed_draw"
    )

    stratum = sealed_key(Stratum, db_constraint=True)
    position = models.PositiveIntegerField()
    sealed_arm = models.BinaryField()
    sealed_draw = models.BinaryField(null=True)

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


class Erratum(Record):
    """An error about an allocation, found later. It changes no slot and no allocation. Never changed itself."""

    class Kind(models.TextChoices):
        WRONG_STRATUM = "wrong_stratum", _("Allocated in the wrong stratum")
        INELIGIBLE = "ineligible", _("Not eligible after all")
        DUPLICATE = "duplicate", _("The same person was randomized twice")
        WRONG_TREATMENT = "wrong_treatment", _("Another treatment was given than allocated")
        LIST_FAULT = "list_fault", _("A fault of the list")

    APPEND_ONLY = True
    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="participant at by role revision", unblinding="kind details explanation"
    )

    participant = sealed_key(Participant)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    details = models.JSONField(default=dict)
    explanation = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    role = models.CharField(max_length=24)


class Freeze(Record):
    """A stop of allocation with its incident: why, by whom, and how it was resolved. Open: that there is one."""

    OPEN_COLUMNS = frozenset({"id", "trial_id", "frozen_at", "lifted_at"})
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="trial frozen_at frozen_by lifted_at lifted_by revision", unblinding="incident resolution"
    )

    trial = sealed_key(Trial)
    incident = models.TextField()
    frozen_at = models.DateTimeField()
    frozen_by = models.CharField(max_length=64)
    resolution = models.TextField(blank=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial"], condition=models.Q(lifted_at=None), name="one_freeze_at_a_time")
        ]
