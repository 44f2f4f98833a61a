"""The door for blind callers: they may randomize, and get a receipt that tells no arm and no stratum."""

from audit.actors import Actor
from participants.models import Participant
from randomization.actions import allocation
from randomization.actions.allocation import Receipt
from randomization.preconditions import Precondition, preconditions

__all__ = ["Precondition", "Receipt", "allocate", "preconditions"]


def allocate(*, participant: Participant, by: Actor, seen: int | None = None) -> Receipt:
    """Randomize. The same person asking again gets the same receipt; see ``allocation.allocate`` for problems.

    ``seen`` is the revision of the participant that was read back.
    """
    return allocation.allocate(participant=participant, by=by, seen=seen).receipt
