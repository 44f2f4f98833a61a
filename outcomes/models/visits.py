"""Visits of a participant, and the forms due at them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.classes import FieldClass, classify
from audit.records import Record
from participants.models import Participant
from trials.models import Site, Trial


class Visit(Record):
    """A planned visit of one participant. ``number`` counts the occurrences of a recurring one from 1.

    All days are calendar days at the site; the window includes both its ends.
    """

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="code number opens_on target_on closes_on", technical="trial participant order revision"
    )

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="visits")
    code = models.CharField(max_length=40)
    number = models.PositiveIntegerField(default=1)
    order = models.PositiveIntegerField(default=0)
    opens_on = models.DateField()
    target_on = models.DateField()
    closes_on = models.DateField()

    class Meta:
        ordering = ("order", "number", "pk")
        constraints = [models.UniqueConstraint(fields=["participant", "code", "number"], name="one_visit_occurrence")]

    def label(self) -> str:
        return f"{self.code} {self.number}" if self.number > 1 else self.code


class Form(Record):
    """One instrument due at a visit, to be filled by one kind of person.

    Trial, site and days are repeated here so that a worklist is one indexed query. ``secrecy`` is the class
    of its answers: concealed when they feed a stratum, unblinding when they may tell an arm. Once measured, ``step``
    is what ``step_of``, who measured, has still to do about the visit.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state", "Open")
        STARTED = "started", _("Started")
        COMPLETE = "complete", _("Complete")
        MISSED = "missed", _("Missed")
        CANCELLED = "cancelled", _("Not needed")

    class Secrecy(models.TextChoices):
        EXPORTABLE = FieldClass.EXPORTABLE.value
        CONCEALED = FieldClass.CONCEALED.value
        UNBLINDING = FieldClass.UNBLINDING.value

    class Step(models.TextChoices):
        SIGN = "sign"
        GUESS = "guess"

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="instrument filled_by state opens_on target_on closes_on started_at completed_at not_done_code",
        technical="trial site participant visit order required one_of secrecy step step_of revision",
    )

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="forms")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="forms")
    instrument = models.CharField(max_length=40)
    filled_by = models.CharField(max_length=16)
    order = models.PositiveIntegerField(default=0)
    required = models.BooleanField(default=True)
    one_of = models.CharField(max_length=40, blank=True)
    secrecy = models.CharField(max_length=12, choices=Secrecy.choices, default=Secrecy.EXPORTABLE)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    opens_on = models.DateField()
    target_on = models.DateField()
    closes_on = models.DateField()
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    not_done_code = models.CharField(max_length=40, blank=True)
    step = models.CharField(max_length=8, choices=Step.choices, blank=True)
    step_of = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("visit__order", "visit__number", "order", "pk")
        constraints = [
            models.UniqueConstraint(fields=["visit", "instrument", "filled_by"], name="one_form_of_an_instrument")
        ]
        indexes = [
            models.Index(fields=["site", "filled_by", "state", "closes_on"], name="form_worklist"),
            models.Index(fields=["trial", "state", "closes_on"], name="form_closing"),
            models.Index(fields=["participant", "instrument"], name="form_of_participant"),
            models.Index(fields=["step_of", "step"], name="form_step"),
        ]

    @property
    def is_pending(self) -> bool:
        """Whether somebody is still expected to fill it."""
        return self.state in PENDING

    def label(self) -> str:
        return self.instrument


PENDING = (Form.State.OPEN, Form.State.STARTED)
