"""Coded reasons of staff. Codes are stored and exported; words are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NotDone(TextChoices):
    """Why a form is closed unanswered, besides the reasons a protocol adds to a form."""

    DECLINED = "declined", _("The participant declined")
    UNREACHABLE = "unreachable", _("The participant could not be reached")
    UNWELL = "unwell", _("The participant was unwell")
    CONTRAINDICATED = "contraindicated", _("Contraindicated")
    EQUIPMENT = "equipment", _("Equipment failed")
    STAFF = "staff", _("Nobody was available to do it")
    PRIMARY_ONLY = "primary_only", _("Only the primary outcome was asked, by phone")
    OTHER = "other", _("Another reason")


class Mode(TextChoices):
    """How a participant's own answers were given; staff say so of what they enter."""

    OWN_DEVICE = "own_device", _("Own device, by link")
    PAPER = "paper", _("On paper")
    TELEPHONE = "telephone", _("By telephone")
    IN_PERSON = "in_person", _("Told in person")


ON_BEHALF = (Mode.PAPER, Mode.TELEPHONE, Mode.IN_PERSON)
"""How answers reach staff who enter them for a participant."""


class NotNeeded(TextChoices):
    """Why a form is not needed any more; set by the verbs, never chosen."""

    ALTERNATIVE = "alternative_done", _("The alternative was done")
    ANCHOR = "not_due_any_more", _("The date it counted from was cancelled")
    PROTOCOL = "not_asked_any_more", _("The protocol or the consent does not ask for it any more")
    WITHDRAWN = "withdrawn", _("The participant withdrew from follow-up")
    NOT_TAKING_PART = "not_taking_part", _("The person does not take part")


class CorrectionReason(TextChoices):
    """Why a participant wants an answer changed. Coded: participants know their arm, and who decides is blinded."""

    PRESSED_WRONG = "pressed_wrong", _("Pressed the wrong answer")
    MISREAD = "misread", _("Misread the question")
    REMEMBERED = "remembered", _("Remembered better since")
    OTHER = "other", _("Another reason")


TASK_INCOMPLETE = "incomplete_form"
"""The kind of task raised when a form that must be whole has items without answers."""
TASK_LIMIT = "limit_reached"
"""The kind of task raised when a score reaches a limit of the protocol."""
