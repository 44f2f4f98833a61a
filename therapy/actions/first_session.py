"""The first session: the therapist randomizes, learns the arm, and treats if qualified for it."""

from dataclasses import dataclass

from accounts.permissions import Permission
from audit.actors import Actor, Grant
from audit.acts import together
from participants.models import Participant
from randomization.actions.allocation import Receipt, allocate
from randomization.blindfold import Purpose, hold_person, unblinded
from randomization.queries import arm_of
from therapy.actions.assignments import assign
from therapy.care import arm_for_randomizer
from therapy.policies import assignment_of, is_qualified
from trials.access import authorize, not_found
from trials.queries import protocol_of


@dataclass(frozen=True)
class FirstSession:
    """What the randomizing therapist is told. ``assigned``: they are qualified for the arm, and treat.

    ``arm``: None when they ask again after the participant passed out of their hands.
    ``already``: they asked again, as after a lost connection; nothing was changed.
    """

    receipt: Receipt
    arm: str | None
    assigned: bool
    already: bool


def randomize_at_first_session(*, participant: Participant, by: Actor, seen: int | None = None) -> FirstSession:
    """Randomize and assign, all or nothing; problems are those of ``allocation.allocate``.

    A therapist who is not qualified for the arm hands on: the participant waits for one who is.
    """
    trial = participant.trial
    grant = authorize(by, Permission.LOG_SESSION, trial=trial, site=participant.site)
    with together():
        hold_person(by)
        allocated = allocate(participant=participant, by=by, seen=seen)
        with unblinded(by=by, trial=trial, purpose=Purpose.TREAT, participant=participant):
            assigned = _assign_if_qualified(participant, grant)
        arm = arm_for_randomizer(participant, by, allocated.receipt.at)
    return FirstSession(allocated.receipt, arm, assigned, allocated.already)


def _assign_if_qualified(participant: Participant, grant: Grant) -> bool:
    arm = arm_of(participant)
    if arm is None:
        raise not_found()
    programme = protocol_of(participant.trial).programme_of(arm)
    held = assignment_of(participant)
    if held is None and is_qualified(grant.actor.id, participant, programme):
        held = assign(participant, grant)
    return held is not None and str(held.therapist_id) == grant.actor.id
