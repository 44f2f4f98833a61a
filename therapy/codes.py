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
