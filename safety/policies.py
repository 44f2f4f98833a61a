"""Of whom, in which state and at which visits events are recorded."""

from outcomes.models import Visit
from participants.models import Participant
from participants.policies import check_consented
from review.policies import check_not_locked
from trials.protocol import Protocol
from trials.queries import protocol_of


def check_may_be_recorded(participant: Participant) -> None:
    """From consent on, whatever they withdrew from: safety is followed to the end. Not in a locked trial."""
    check_not_locked(participant.trial)
    check_consented(participant)


def is_asked_at(visit: Visit, protocol: Protocol | None = None) -> bool:
    """Whether the protocol has everybody asked about events at this visit."""
    planned = (protocol or protocol_of(visit.trial)).safety.asked_at
    return any(each.visit == visit.code and (not each.numbers or visit.number in each.numbers) for each in planned)
