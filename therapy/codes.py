"""Coded reasons of therapists, in words. Codes are stored and exported; words are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NotAsPlanned(TextChoices):
    """Why a session was missed or shortened, or an exercise left out or replaced."""

    TIME = "time", _("No time")
    ILLNESS = "illness", _("Ill")
    PAIN = "pain", _("Back pain")
    OTHER_PAIN = "other_pain", _("Pain elsewhere")
    FATIGUE = "fatigue", _("Tired")
    HOLIDAY = "holiday", _("On holiday")
    FORGOT = "forgot", _("Forgot")
    STAFF = "staff", _("Staff not available")
    EQUIPMENT = "equipment", _("Equipment or room not available")
    TECHNIQUE = "technique", _("Could not do it well enough")
    SHORTENED = "shortened", _("The session was shortened")
    NO_REASON = "no_reason", _("Gave no reason")
    OTHER = "other", _("Another reason")


class Moved(TextChoices):
    """Why a session was held on another day than planned."""

    PARTICIPANT = "participant", _("The participant asked")
    ILLNESS = "illness", _("Ill")
    HOLIDAY = "holiday", _("On holiday")
    STAFF = "staff", _("Staff not available")
    EQUIPMENT = "equipment", _("Equipment or room not available")
    OTHER = "other", _("Another reason")


class Decision(TextChoices):
    """What the therapist did with the load that the protocol's rule suggested."""

    FOLLOWED = "followed", _("Followed the rule")
    STAYED = "stayed", _("Kept the load")
    OTHER = "other", _("Chose another load")


class AgainstRule(TextChoices):
    """Why the suggested load was not taken."""

    PAIN = "pain", _("Back pain")
    OTHER_PAIN = "other_pain", _("Pain elsewhere")
    TECHNIQUE = "technique", _("Not yet in good form")
    EFFORT = "effort", _("Felt too hard")
    EASY = "easy", _("Felt too easy")
    EQUIPMENT = "equipment", _("No such load here")
    WISH = "wish", _("The participant's wish")
    OTHER = "other", _("Another reason")
