"""What participant and therapist want to reach together, and how far they have come."""

from typing import ClassVar

from django.core.validators import MaxLengthValidator, MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.classes import FieldClass, classify
from audit.records import Record
from participants.models import Participant
from therapy.models.keys import sealed_key

LONGEST_GOAL = 300


class Goal(Record):
    """A goal of the programme. ``rating``: how well it goes when it is set, from 0 (not at all) to 10 (fully)."""

    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="participant revision", unblinding="number wording rating set_at set_by"
    )

    participant = sealed_key(Participant)
    number = models.PositiveSmallIntegerField()
    wording = models.TextField(validators=[MaxLengthValidator(LONGEST_GOAL)])
    rating = models.PositiveSmallIntegerField(validators=[MaxValueValidator(10)])
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "number"], name="one_goal_number")]


class GoalReview(Record):
    """How a goal stands at a later moment. Whatever is not ``going_on`` ends the goal."""

    class Outcome(models.TextChoices):
        GOING_ON = "going_on", _("Goes on")
        REACHED = "reached", _("Reached")
        REPLACED = "replaced", _("Replaced by another")
        GIVEN_UP = "given_up", _("Given up")

    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="revision", unblinding="goal rating outcome reviewed_at reviewed_by"
    )

    goal = sealed_key(Goal, db_constraint=True)
    rating = models.PositiveSmallIntegerField(validators=[MaxValueValidator(10)])
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["goal", "reviewed_at"], name="goal_review")]
