"""Coded answers of the short forms: deviations, pregnancy, findings in images, other care. No free text in any."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DeviationKind(TextChoices):
    """What was not as the protocol says. How sessions went is no kind: it stands in the session log."""

    CONSENT = "consent", _("Consent")
    ELIGIBILITY = "eligibility", _("Eligibility")
    VISIT = "visit", _("Visit missed or outside its window")
    MEASUREMENT = "measurement", _("Measurement not done as described")
    BLINDING = "blinding", _("Blinding")
    SAFETY = "safety", _("Safety report late or missing")
    DATA = "data", _("Data protection")
    OTHER = "other", _("Another deviation")


class Importance(TextChoices):
    MINOR = "minor", _("Minor")
    IMPORTANT = "important", _("Important: rights, safety or the main results may be touched")


class Cause(TextChoices):
    PARTICIPANT = "participant", _("The participant")
    STAFF = "staff", _("Staff")
    EQUIPMENT = "equipment", _("Equipment or place")
    OTHER = "other", _("Something else")


class Remedy(TextChoices):
    NONE = "none", _("Nothing")
    REPEATED = "repeated", _("It was done again")
    TRAINED = "trained", _("Staff were trained again")
    REPORTED = "reported", _("It was reported to the ethics committee")


class PregnancyOutcome(TextChoices):
    ONGOING = "ongoing", _("Goes on")
    BIRTH = "birth", _("Birth")
    LOSS = "loss", _("Loss")
    UNKNOWN = "unknown", _("Not known")


class FindingStep(TextChoices):
    """What is done about an incidental finding, in this order."""

    FOUND = "found", _("Found")
    REFERRED = "referred", _("Referred to a physician")
    DISCLOSED = "disclosed", _("Told to the participant")
    CLOSED = "closed", _("Closed")


class CareKind(TextChoices):
    MEDICATION = "medication", _("Medication")
    PHYSIOTHERAPY = "physiotherapy", _("Physiotherapy")
    MANUAL = "manual", _("Manual therapy or massage")
    INJECTION = "injection", _("Injection")
    SURGERY = "surgery", _("Operation")
    EXERCISE = "exercise", _("Exercise or training elsewhere")
    PSYCHOLOGICAL = "psychological", _("Psychological care")
    OTHER = "other", _("Other care")


class CareReason(TextChoices):
    BACK = "back", _("Back pain")
    EVENT = "event", _("An adverse event")
    OTHER = "other", _("Something else")


class Answer(TextChoices):
    NOTHING = "nothing", _("Nothing happened")
    SOMETHING = "something", _("Something happened")
