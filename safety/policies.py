"""Of whom, and in which state, events are recorded."""

from participants.models import Participant
from participants.policies import check_consented
from review.policies import check_not_locked


def check_may_be_recorded(participant: Participant) -> None:
    """From consent on, whatever they withdrew from: safety is followed to the end. Not in a locked trial."""
    check_not_locked(participant.trial)
    check_consented(participant)
