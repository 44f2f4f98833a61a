"""When and where somebody is expected."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.classes import FieldClass, classify
from audit.records import Record
from participants.codes import CancelReason
from participants.models.participant import Participant


class Appointment(Record):
    """A booked time and place, told without the arm. Moves keep their history in the trail."""

    class State(models.TextChoices):
        BOOKED = "booked", _("Booked")
        KEPT = "kept", _("Kept")
        NO_SHOW = "no_show", _("Did not come")
        CANCELLED = "cancelled", _("Cancelled")

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="participant purpose starts_at minutes place person state cancel_reason booked_at revision"
    )

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="appointments")
    purpose = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=40, blank=True)
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.BOOKED)
    cancel_reason = models.CharField(max_length=16, choices=CancelReason.choices, blank=True)
    booked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["participant", "starts_at"], name="appointment_participant"),
            models.Index(fields=["state", "starts_at"], name="appointment_when"),
        ]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def label(self) -> str:
        return self.purpose
