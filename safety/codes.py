"""Coded answers about events. Codes are stored and exported; words are translated; none names a programme."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Term(TextChoices):
    """What happened, where the protocol's own list of expected events has no nearer code."""

    BACK_PAIN = "back_pain", _("Back pain got worse")
    OTHER_PAIN = "other_pain", _("Pain elsewhere")
    SORENESS = "soreness", _("Muscle soreness or stiffness")
    STRAIN = "strain", _("Strain or sprain")
    NERVE = "nerve", _("Numbness, weakness or radiating pain")
    FALL = "fall", _("Fall or accident")
    FRACTURE = "fracture", _("Fracture")
    FAINT = "faint", _("Dizziness or fainting")
    HEART = "heart", _("Chest pain or heart trouble")
    HEADACHE = "headache", _("Headache")
    INFECTION = "infection", _("Infection or fever")
    DIGESTION = "digestion", _("Nausea or stomach trouble")
    SKIN = "skin", _("Skin irritation or bruise")
    MOOD = "mood", _("Anxiety, distress or low mood")
    SURGERY = "surgery", _("Operation")
    DEATH = "death", _("Death")
    OTHER = "other", _("Another event")


class Severity(TextChoices):
    """How intense it was; says nothing about whether it is serious."""

    MILD = "mild", _("Mild: noticed, daily life goes on")
    MODERATE = "moderate", _("Moderate: daily life is disturbed")
    SEVERE = "severe", _("Severe: daily life is not possible")


class Criterion(TextChoices):
    """Why an event is serious (E6(R3), glossary: serious adverse event)."""

    DEATH = "death", _("Death")
    LIFE_THREATENING = "life_threatening", _("Danger to life at the time")
    HOSPITAL = "hospital", _("Hospital stay, or a longer one")
    DISABILITY = "disability", _("Lasting or considerable disability")
    BIRTH_DEFECT = "birth_defect", _("Birth defect")
    IMPORTANT = "important", _("Another important medical event")


class ActionTaken(TextChoices):
    NONE = "none", _("Nothing changed")
    CHANGED = "changed", _("Taking part was adapted")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped for good")
    NOT_APPLICABLE = "not_applicable", _("Does not apply")


class Outcome(TextChoices):
    RESOLVED = "resolved", _("Over")
    SEQUELAE = "sequelae", _("Over, with lasting effects")
    RESOLVING = "resolving", _("Getting better")
    ONGOING = "ongoing", _("Not better yet")
    FATAL = "fatal", _("Death")
    UNKNOWN = "unknown", _("Not known")


ENDED = frozenset({Outcome.RESOLVED, Outcome.SEQUELAE, Outcome.FATAL})
"""Outcomes that have a day on which the event ended."""


class Found(TextChoices):
    """How it came to light; never where, since places tell the arm."""

    ASKED = "asked", _("The participant was asked")
    TOLD = "told", _("The participant told it unasked")
    SEEN = "seen", _("It was seen")
    RECORDS = "records", _("From a document or another clinician")


class Relatedness(TextChoices):
    UNRELATED = "unrelated", _("Not related")
    UNLIKELY = "unlikely", _("Unlikely")
    POSSIBLE = "possible", _("Possibly")
    PROBABLE = "probable", _("Probably")
    DEFINITE = "definite", _("Certainly")


RELATED = frozenset({Relatedness.POSSIBLE, Relatedness.PROBABLE, Relatedness.DEFINITE})
"""What reports count as related."""
