"""Who takes part, what was decided and agreed, and the dates that everything above counts from."""

from participants.models.appointment import Appointment
from participants.models.consent import Consent
from participants.models.contact import Contact, ContactAttempt, IdentifierHash, IdentifierKey
from participants.models.draft import ScreeningDraft
from participants.models.participant import Milestone, Participant
from participants.models.screening import Decision, Screening
from participants.models.task import Task
from participants.models.unblinding import LearnedArm, Unblinding
from participants.models.withdrawal import Withdrawal

__all__ = [
    "Appointment",
    "Consent",
    "Contact",
    "ContactAttempt",
    "Decision",
    "IdentifierHash",
    "IdentifierKey",
    "LearnedArm",
    "Milestone",
    "Participant",
    "Screening",
    "ScreeningDraft",
    "Task",
    "Unblinding",
    "Withdrawal",
]
