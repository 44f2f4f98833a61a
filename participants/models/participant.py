"""A participant, known everywhere by the study number only."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.classes import FieldClass, classify
from audit.records import Record
from trials.models import Site, Trial


class Participant(Record):
    """Somebody who was screened. The number says nothing but the site.

    ``time_zone``: where they live, if it is not the site's; messages keep to its clock, visits to the site's days.
    """

    class State(models.TextChoices):
        SCREENING = "screening", _("In screening")
        INELIGIBLE = "ineligible", _("Not eligible")
        DECLINED = "declined", _("Declined")
        ELIGIBLE = "eligible", _("Eligible")
        CONSENTED = "consented", _("Consented")
        RANDOMIZED = "randomized", _("Randomized")
        COMPLETED = "completed", _("Completed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="number site language group state screened_on", technical="trial time_zone revision"
    )

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="participants")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="participants")
    number = models.CharField(max_length=16)
    language = models.CharField(max_length=8)
    time_zone = models.CharField(max_length=40, blank=True)
    group = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.SCREENING)
    screened_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trial", "number"], name="one_study_number")]
        indexes = [
            models.Index(fields=["site", "state"], name="participant_site_state"),
            models.Index(fields=["site", "number"], name="participant_site_number"),
        ]

    def __str__(self) -> str:
        return self.number

    def label(self) -> str:
        return self.number


class Milestone(Record):
    """A day that visits, reminders and randomization count from; handed down by the verb that made it.

    ``number`` is the session's, 0 for all other kinds. ``day`` is None while the milestone does not stand,
    as when a first session was cancelled.
    """

    class Kind(models.TextChoices):
        SCREENING = "screening", _("Screened")
        CONSENT = "consent", _("Consented")
        FIRST_SESSION_BOOKED = "first_session_booked", _("First session booked")
        RANDOMIZED = "randomized", _("Randomized")
        SESSION = "session", _("Session held")
        LAST_SESSION = "last_session", _("Last session held")

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="kind number day", technical="participant at revision"
    )

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="milestones")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(default=0)
    day = models.DateField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "kind", "number"], name="one_milestone")]

    def label(self) -> str:
        return f"{self.kind} {self.number}" if self.number else self.kind
