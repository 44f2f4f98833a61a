"""An adverse event: what it was, each report of it, and who judged its causes."""

from typing import ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.classes import FieldClass, classify
from audit.records import Record
from participants.models import Participant
from safety.codes import ActionTaken, Found, Outcome, Relatedness, Severity

LONGEST_TEXT = 2_000


class Standing(Record):
    """How an event stands. ``serious`` and ``severity`` are independent; ``ended`` may be a month or a year."""

    severity = models.CharField(max_length=10, choices=Severity.choices)
    serious = models.BooleanField()
    criteria = models.JSONField(default=list, blank=True)
    action = models.CharField(max_length=16, choices=ActionTaken.choices)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    ended = models.CharField(max_length=10, blank=True)

    class Meta:
        abstract = True


class AdverseEvent(Standing):
    """One event of one participant, as its newest report leaves it.

    ``number`` counts the events of the participant. ``term`` is a code of the protocol's expected events or of
    ``safety.codes.Term``. ``aware_at`` is when somebody of the team first heard of it: clocks start there.
    ``reported_by`` is empty when somebody reported it whose role learns arms: who treats tells the arm.
    """

    REASON_REQUIRED = False
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="number term onset found aware_at severity serious criteria action outcome ended",
        technical="participant reported_at reported_by revision",
    )

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="adverse_events")
    number = models.PositiveSmallIntegerField()
    term = models.CharField(max_length=40)
    onset = models.CharField(max_length=10)
    found = models.CharField(max_length=10, choices=Found.choices)
    aware_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    reported_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "number"], name="one_event_number")]
        indexes = [models.Index(fields=["serious", "outcome"], name="event_serious")]

    def label(self) -> str:
        return f"{self.participant.number} {self.number}"


class EventReport(Standing):
    """One report of an event, the first or a follow-up. Never changed.

    ``text`` is that of blinded roles; what others write stands sealed in therapy, and ``by`` is empty.
    """

    class Kind(models.TextChoices):
        FIRST = "first", _("First report")
        FOLLOW_UP = "follow_up", _("Follow-up report")
        CORRECTION = "correction", _("Correction")

    APPEND_ONLY = True
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="number kind severity serious criteria action outcome ended text at", technical="event by revision"
    )

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField(blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)])
    at = models.DateTimeField()
    by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="one_report_number")]

    def label(self) -> str:
        return f"{self.event.label()}.{self.number}"


class Causality(Record):
    """What an investigator thinks caused an event, and whether it was expected. Never overwritten: a second opinion,
    or a changed mind, is a further row.

    ``expected_as``: the code of the protocol's list it was found under, empty when it is not on it;
    ``list_version``: the version of the protocol whose list was read. ``group_known``: who judged may have known the
    group, since no investigator was left who did not.
    """

    APPEND_ONLY = True
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="number intervention procedures expected_as list_version group_known text judged_at",
        technical="event judged_by revision",
    )

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="causalities")
    number = models.PositiveSmallIntegerField()
    intervention = models.CharField(max_length=12, choices=Relatedness.choices)
    procedures = models.CharField(max_length=12, choices=Relatedness.choices)
    expected_as = models.CharField(max_length=40, blank=True)
    list_version = models.PositiveIntegerField()
    group_known = models.BooleanField(default=False)
    text = models.TextField(blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)])
    judged_at = models.DateTimeField()
    judged_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="one_causality_number")]

    def label(self) -> str:
        return f"{self.event.label()}.{self.number}"
