"""How long there is to act on a serious event."""

from typing import ClassVar

from django.db import models

from audit.classes import FieldClass, classify
from audit.records import Record
from safety.models.event import AdverseEvent


class Clock(Record):
    """One of the protocol's time limits of a serious event, running from awareness until it is met.

    ``told_at`` is when the investigators were told that it runs, ``warned_at`` when that it ran out.
    """

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="code started_at due_at met_at reference", technical="event met_by told_at warned_at revision"
    )

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="clocks")
    code = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True)
    met_by = models.CharField(max_length=64, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "code"], name="one_clock_of_a_kind")]
        indexes = [models.Index(fields=["met_at", "due_at"], name="clock_open")]

    def label(self) -> str:
        return f"{self.event.label()} {self.code}"
