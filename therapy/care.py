"""A participant in somebody's care: the opening that everything about sessions goes through."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.actors import Actor, Grant
from core import clock
from core.problems import NotFound
from participants.models import Participant
from randomization.blindfold import Purpose, unblinded
from randomization.queries import AllocationFact, allocation_of, arm_of
from therapy.models import Assignment
from therapy.policies import assignment_of, covers_today, is_qualified
from trials.access import not_found
from trials.protocol.programmes import Programme
from trials.queries import protocol_of

HANDING_ON = timedelta(hours=1)
"""So long a therapist who randomized may see the arm in order to hand on, while nobody treats."""


@dataclass(frozen=True)
class Care:
    """Who is treated by what programme, and by whom. ``covering``: by the substitute, not the assigned therapist."""

    grant: Grant
    participant: Participant
    allocation: AllocationFact
    programme: Programme
    assignment: Assignment
    covering: bool

    @property
    def arm(self) -> str:
        return self.allocation.arm


@contextmanager
def treating(participant: Participant, by: Actor) -> Iterator[Care]:
    """Open the blind for the assigned or covering therapist; for everybody else the participant is not there.

    Raises Refused without LOG_SESSION; NotFound before allocation, and for therapists who neither are assigned
    nor cover today, or are not qualified for the arm.
    """
    with unblinded(by=by, trial=participant.trial, purpose=Purpose.TREAT, participant=participant) as grant:
        allocation, assignment = allocation_of(participant), assignment_of(participant)
        if allocation is None or assignment is None:
            raise not_found()
        programme = protocol_of(participant.trial).programme_of(allocation.arm)
        today = clock.today(participant.site.time_zone)
        assigned = str(assignment.therapist_id) == by.id
        if programme is None or not (assigned or covers_today(assignment, by.id, today)):
            raise not_found()
        if not is_qualified(by.id, participant, programme):
            raise not_found()
        yield Care(grant, participant, allocation, programme, assignment, covering=not assigned)


def arm_for_randomizer(participant: Participant, by: Actor, allocated_at: datetime) -> str | None:
    """The arm, for whoever randomized: while they treat; else until somebody does, and for an hour at most.

    None afterwards, when a receipt is all they need.
    """
    with unblinded(by=by, trial=participant.trial, purpose=Purpose.ALLOCATE, participant=participant):
        held = assignment_of(participant)
    if held is None and clock.now() - allocated_at >= HANDING_ON:
        return None
    if held is None:
        with unblinded(by=by, trial=participant.trial, purpose=Purpose.TREAT, participant=participant):
            return arm_of(participant)
    try:
        with treating(participant, by) as care:
            return care.arm
    except NotFound:
        return None
