"""Of whom, in which state and at which visits events are recorded."""

from outcomes.models import Visit
from participants.models import Participant
from participants.policies import check_consented
from review.policies import check_not_locked
from trials.protocol import Protocol


def check_may_be_recorded(participant: Participant) -> None:
    """From consent on, whatever they withdrew from: safety is followed to the end. Not in a locked trial."""
    check_not_locked(participant.trial)
    check_consented(participant)


def askers_at(visit: Visit, protocol: Protocol) -> frozenset[str]:
    """The roles that ask about events at this visit; none where the protocol has nobody asked."""
    planned = protocol.safety.asked_at
    held = [each for each in planned if each.visit == visit.code and (not each.numbers or visit.number in each.numbers)]
    return frozenset(role for each in held for role in each.by)
