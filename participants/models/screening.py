"""Whether somebody may take part: asked at screening, decided again at later stages."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.classes import FieldClass, classify
from audit.records import Record
from participants.codes import DeclineReason
from participants.models.participant import Participant
from trials.models import ProtocolVersion


class Screening(Record):
    """One screening of one person. ``previous`` is the earlier one when somebody is screened again."""

    class Outcome(models.TextChoices):
        ELIGIBLE = "eligible", _("Eligible")
        INELIGIBLE = "ineligible", _("Not eligible")
        DECLINED = "declined", _("Declined")

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="day answers outcome reasons declined_reason",
        technical="participant protocol at by previous revision",
    )

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="screenings")
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    day = models.DateField()
    by = models.CharField(max_length=64)
    answers = models.JSONField(default=dict, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    reasons = models.JSONField(default=list, blank=True)
    declined_reason = models.CharField(max_length=24, choices=DeclineReason.choices, blank=True)
    previous = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="next")

    class Meta:
        indexes = [models.Index(fields=["participant", "at"], name="screening_participant")]


class Decision(Record):
    """Eligibility decided or reconfirmed at a later stage of the protocol, such as after the MRI.

    It belongs to a screening: being screened again leaves later stages undecided.
    """

    class Outcome(models.TextChoices):
        ELIGIBLE = "eligible", _("Eligible")
        INELIGIBLE = "ineligible", _("Not eligible")

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="stage day answers outcome reasons", technical="participant screening protocol at by revision"
    )

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="decisions")
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="decisions")
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=40)
    at = models.DateTimeField()
    day = models.DateField()
    by = models.CharField(max_length=64)
    answers = models.JSONField(default=dict, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    reasons = models.JSONField(default=list, blank=True)

    class Meta:
        indexes = [models.Index(fields=["participant", "at"], name="decision_participant")]

    def label(self) -> str:
        return self.stage
