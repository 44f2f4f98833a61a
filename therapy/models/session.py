"""What was done in a session: attendance, and the dose of each exercise."""

from typing import ClassVar

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.classes import FieldClass, classify
from audit.records import Record
from participants.models import Participant
from therapy.codes import AgainstRule, Decision, Moved, NotAsPlanned
from therapy.models.keys import sealed_key

LONGEST_MINUTES = 300
LONGEST_NOTE = 2_000


class Session(Record):
    """One of the programme's sessions, counted from 1. A missed one keeps its number.

    `held_at` is when it was held, or when it would have been. `late`: recorded on a later day than that,
    in the site's time zone. `minutes` is its length; pain is rated 0 to 10 (`pain_during`: the worst), effort 0 to 10.
    `planned_on`: the day from which it was moved, if it was, and `moved_code` why.
    """

    class Status(models.TextChoices):
        DONE = "done", pgettext_lazy("of a session", "Done")
        SHORTENED = "shortened", _("Shortened")
        MISSED = "missed", pgettext_lazy("of a session", "Missed")
        CANCELLED = "cancelled", _("Cancelled by the clinic")

    ATTENDED = ("done", "shortened")
    REASON_REQUIRED = True
    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="participant revision",
        unblinding="number session_type status reason_code held_at recorded_at recorded_by late minutes pain_before "
        "pain_during pain_after planned_on moved_code effort note events_noted therapist setting",
    )

    participant = sealed_key(Participant)
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    session_type = models.CharField(max_length=40)
    status = models.CharField(max_length=12, choices=Status.choices)
    reason_code = models.CharField(max_length=20, choices=NotAsPlanned.choices, blank=True)
    held_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=64)
    planned_on = models.DateField(null=True, blank=True)
    moved_code = models.CharField(max_length=20, choices=Moved.choices, blank=True)
    late = models.BooleanField(default=False)
    minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MINUTES)]
    )
    pain_before = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(10)])
    pain_during = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(10)])
    pain_after = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(10)])
    effort = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(10)])
    note = models.TextField(blank=True, validators=[MaxLengthValidator(LONGEST_NOTE)])
    events_noted = models.BooleanField(default=False)
    therapist = sealed_key(User)
    setting = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "number"], name="one_session_number")]

    @property
    def attended(self) -> bool:
        return self.status in self.ATTENDED

    def label(self) -> str:
        return str(self.number)


class PerformedExercise(Record):
    """One exercise of a session: the dose that was prescribed, and the sets that were performed.

    A set is ``{reps, load, unit, seconds, effort}`` and the details of ``therapy.details``, each only where it was
    measured. `pain`: the worst in this exercise, 0 to 10. `instead`: the exercise that was done in its place, when it
    was substituted. Where the protocol's rule (`rule`, by its code) suggested a
    load (`suggested`, in the exercise's unit), `decision` is what the therapist did with it, `why_code` why not taken.
    """

    class Status(models.TextChoices):
        AS_PLANNED = "as_planned", _("As planned")
        CHANGED = "changed", _("Changed")
        SUBSTITUTED = "substituted", _("Another exercise instead")
        DROPPED = "dropped", _("Left out")
        ADDED = "added", _("Added")

    REASON_REQUIRED = True
    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="revision",
        unblinding="session order exercise instead planned performed pain status reason_code rule "
        "suggested decision why_code",
    )

    session = sealed_key(Session, db_constraint=True)
    order = models.PositiveSmallIntegerField()
    exercise = models.CharField(max_length=40)
    instead = models.CharField(max_length=40, blank=True)
    planned = models.JSONField(default=list, blank=True)
    performed = models.JSONField(default=list, blank=True)
    pain = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(10)])
    status = models.CharField(max_length=12, choices=Status.choices)
    reason_code = models.CharField(max_length=20, choices=NotAsPlanned.choices, blank=True)

    rule = models.CharField(max_length=30, blank=True)
    suggested = models.FloatField(null=True, blank=True)
    decision = models.CharField(max_length=12, choices=Decision.choices, blank=True)
    why_code = models.CharField(max_length=20, choices=AgainstRule.choices, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "exercise"], name="one_row_an_exercise")]
        indexes = [models.Index(fields=["session", "order"], name="performed_session")]

    def label(self) -> str:
        return self.exercise
