"""Coded answers of staff: what may be chosen, in words. Codes are stored and exported; words are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SESSION = "session"
"""The protocol's code for session appointments. The first one, booked before randomization, is booked here; later ones
betray the arm and are planned by the therapists."""


class DeclineReason(TextChoices):
    TIME = "time", _("No time")
    TRAVEL = "travel", _("Too far to travel")
    RANDOMIZATION = "randomization", _("Does not want to be randomized")
    PROCEDURES = "procedures", _("Does not want one of the procedures")
    OTHER_CARE = "other_care", _("Prefers other care")
    NOT_INTERESTED = "not_interested", _("Not interested")
    NO_REASON = "no_reason", _("Gave no reason")
    OTHER = "other", _("Another reason")


class WithdrawalScope(TextChoices):
    """What the person no longer takes part in; each stands for itself."""

    INTERVENTION = "intervention", _("The sessions")
    FOLLOW_UP = "follow_up", _("Follow-up visits and questionnaires")
    CONTACT = "contact", _("Being contacted")
    DATA = "data", _("Further use of data collected so far")


LEFT_BY_DEATH = (WithdrawalScope.INTERVENTION, WithdrawalScope.FOLLOW_UP, WithdrawalScope.CONTACT)
"""What ends with a life, whatever was chosen. Data stay in use, as they were agreed to."""
DEATH_TO_RECORD = "died"
"""The kind of task raised when a death is known and the participant has not left the trial by it."""


class WithdrawalReason(TextChoices):
    TIME = "time", _("No time")
    MOVED = "moved", _("Moved away")
    SYMPTOMS = "symptoms", _("Symptoms changed")
    ADVERSE_EVENT = "adverse_event", _("An adverse event")
    OTHER_ILLNESS = "other_illness", _("Another illness")
    DISSATISFIED = "dissatisfied", _("Not satisfied with taking part")
    INVESTIGATOR = "investigator", _("Decided by the investigator")
    LOST = "lost", _("Could not be reached any more")
    DIED = "died", _("Died")
    NO_REASON = "no_reason", _("Gave no reason")
    OTHER = "other", _("Another reason")


class Channel(TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    POST = "post", _("Post")
    IN_PERSON = "in_person", _("In person")


class AttemptOutcome(TextChoices):
    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    MESSAGE_LEFT = "message_left", _("Message left")
    CALL_BACK = "call_back", _("Asked to be called back")
    WRONG_DETAILS = "wrong_details", _("Wrong number or address")
    REFUSED = "refused", _("Did not want to talk")


class CancelReason(TextChoices):
    PARTICIPANT = "participant", _("The participant cancelled")
    ILLNESS = "illness", _("The participant was ill")
    STAFF = "staff", _("Staff not available")
    PLACE = "place", _("Place or equipment not available")
    WITHDRAWN = "withdrawn", _("The participant withdrew")
    MISTAKE = "mistake", _("Booked by mistake")
    OTHER = "other", _("Another reason")


class MoveReason(TextChoices):
    PARTICIPANT = "participant", _("The participant asked")
    ILLNESS = "illness", _("The participant was ill")
    STAFF = "staff", _("Staff not available")
    PLACE = "place", _("Place or equipment not available")
    MISTAKE = "mistake", _("Booked by mistake")
    OTHER = "other", _("Another reason")


class LearnedHow(TextChoices):
    """How somebody who must not know a participant's group came to know it."""

    PARTICIPANT = "participant", _("The participant said it")
    COLLEAGUE = "colleague", _("A colleague said it")
    DOCUMENT = "document", _("I saw it: a document, a screen, a calendar, a room")
    EFFECTS = "effects", _("I inferred it from effects")
    OTHER = "other", _("In another way")
