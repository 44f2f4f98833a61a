"""What somebody blind believed of the arm, asked once the outcomes of a visit are in."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.classes import FieldClass, classify
from audit.records import Record
from outcomes.models.visits import Visit
from participants.models import Participant
from trials.models import Trial


class Guess(Record):
    """One guess of one person about one visit, or why there is none. Never changed.

    ``arm``: the one guessed, "" for "I don't know" and when skipped. Where blinding failed a guess tells the arm, so
    no blinded role reads it, its author included: what was guessed is sealed in the database.
    """

    class Guesser(models.TextChoices):
        ASSESSOR = "assessor", pgettext_lazy("who answered", "Assessor")
        PARTICIPANT = "participant", _("Participant")

    class Certainty(models.TextChoices):
        STRONGLY = "strongly", _("Strongly")
        SOMEWHAT = "somewhat", _("Somewhat")

    class Skipped(models.TextChoices):
        KNOWS = "knows", _("I know the group")
        PREFERS_NOT = "prefers_not", _("I would rather not say")
        OTHER = "other", _("Another reason")

    APPEND_ONLY = True
    BLIND_ADDS = True
    OPEN_COLUMNS = frozenset({"id", "revision", "trial_id", "participant_id", "visit_id", "guesser", "at", "by"})
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        unblinding="arm certainty skipped", technical="trial participant visit guesser by at revision"
    )

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="guesses")
    guesser = models.CharField(max_length=12, choices=Guesser.choices)
    arm = models.CharField(max_length=40, blank=True)
    certainty = models.CharField(max_length=12, choices=Certainty.choices, blank=True)
    skipped = models.CharField(max_length=12, choices=Skipped.choices, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "guesser", "by"], name="one_guess_of_a_person")]

    def label(self) -> str:
        return self.guesser
