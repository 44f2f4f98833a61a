"""The short forms: codes and days only, so that nobody's words can tell an arm."""

from typing import ClassVar

from django.db import models

from audit.classes import FieldClass, classify
from audit.records import Record
from outcomes.models import Visit
from participants.models import Participant
from safety.short_codes import (
    Answer,
    CareKind,
    CareReason,
    Cause,
    DeviationKind,
    FindingStep,
    Importance,
    PregnancyOutcome,
    Remedy,
)


class Short(Record):
    """Of whom, by whom and when; ``recorded_by`` is empty for people behind the wall, who are in the sealed trail."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["participant", "recorded_at"])]


class Deviation(Short):
    """Something was not as the protocol says. An important one is to be reviewed by ``due_at``.

    ``warned_at`` is when somebody was told that it was not. The one short form that can be corrected.
    """

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="kind importance happened_on cause remedy reviewed_at",
        technical="participant recorded_at recorded_by due_at reviewed_by warned_at revision",
    )

    kind = models.CharField(max_length=16, choices=DeviationKind.choices)
    importance = models.CharField(max_length=10, choices=Importance.choices)
    happened_on = models.DateField()
    cause = models.CharField(max_length=12, choices=Cause.choices)
    remedy = models.CharField(max_length=10, choices=Remedy.choices)
    due_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=64, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)


class Pregnancy(Short):
    """What is known of a pregnancy on a day; more becomes a further row. ``expected`` may be a month."""

    APPEND_ONLY = True
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="known_on expected outcome mri_told", technical="participant recorded_at recorded_by revision"
    )

    known_on = models.DateField()
    expected = models.CharField(max_length=10, blank=True)
    outcome = models.CharField(max_length=10, choices=PregnancyOutcome.choices)
    mri_told = models.BooleanField()


class IncidentalFinding(Short):
    """One step of what is done about a finding in images; ``number`` counts the findings of a participant."""

    APPEND_ONLY = True
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="number step day urgent", technical="participant recorded_at recorded_by revision"
    )

    number = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=10, choices=FindingStep.choices)
    day = models.DateField()
    urgent = models.BooleanField()

    class Meta(Short.Meta):
        constraints = [models.UniqueConstraint(fields=["participant", "number", "step"], name="one_step_of_a_finding")]


class ConcomitantCare(Short):
    """Other care during the trial, asked alike in all arms. Days may be months or years; no end: it goes on."""

    APPEND_ONLY = True
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="kind reason began ended", technical="participant recorded_at recorded_by revision"
    )

    kind = models.CharField(max_length=16, choices=CareKind.choices)
    reason = models.CharField(max_length=8, choices=CareReason.choices)
    began = models.CharField(max_length=10)
    ended = models.CharField(max_length=10, blank=True)


class Asking(Short):
    """Somebody was asked at a visit whether anything happened."""

    APPEND_ONLY = True
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="answer", technical="participant visit recorded_at recorded_by revision"
    )

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer.choices)

    class Meta(Short.Meta):
        constraints = [models.UniqueConstraint(fields=["visit"], name="asked_once_a_visit")]
