"""The door for blind callers: what they may do about randomization, without learning an arm or a stratum.

They randomize and get a receipt, stop randomization, record an error, lift a lock, and read what is public.
"""

from collections.abc import Mapping
from datetime import datetime

from audit.actors import Actor
from participants.models import Participant
from randomization import errata, queries
from randomization.actions import allocation, freezes, locks
from randomization.actions import errata as error_actions
from randomization.actions.allocation import Receipt, earlier_receipt
from randomization.errata import Kind as ErrorKind
from randomization.preconditions import Precondition, preconditions
from randomization.queries import Commitment
from trials.models import Trial

__all__ = [
    "Commitment",
    "ErrorKind",
    "Precondition",
    "Receipt",
    "allocate",
    "commitments",
    "earlier_receipt",
    "error_kinds",
    "freeze",
    "frozen_since",
    "lift_lock",
    "preconditions",
    "record_error",
    "stays_locked",
    "unfreeze",
]


def allocate(*, participant: Participant, by: Actor, seen: int | None = None) -> Receipt:
    """Randomize. The same person asking again gets the same receipt; see ``allocation.allocate`` for problems.

    ``seen`` is the revision of the participant that was read back.
    """
    return allocation.allocate(participant=participant, by=by, seen=seen).receipt


def commitments(trial: Trial) -> list[Commitment]:
    """The published commitments of the list, segment after segment; public."""
    return queries.commitments_of(trial)


def frozen_since(trial: Trial) -> datetime | None:
    """Since when randomization is stopped; None if it is not. Not why."""
    return queries.frozen_since(trial)


def freeze(*, trial: Trial, incident: str, by: Actor) -> None:
    """Stop randomization; see ``freezes.freeze``."""
    freezes.freeze(trial=trial, incident=incident, by=by)


def unfreeze(*, trial: Trial, resolution: str, by: Actor) -> None:
    """Go on randomizing; see ``freezes.unfreeze``."""
    freezes.unfreeze(trial=trial, resolution=resolution, by=by)


def stays_locked(trial: Trial) -> bool:
    """Whether arms were handed out under the lock, so that it is for good."""
    return locks.stays_locked(trial)


def lift_lock(*, trial: Trial, reason: str, by: Actor) -> None:
    """Lift the lock of a trial, unless it stays; see ``actions.locks.lift``."""
    locks.lift(trial=trial, reason=reason, by=by)


def error_kinds(by: Actor, trial: Trial) -> list[ErrorKind]:
    """The kinds of error somebody may record; [] if none."""
    return errata.kinds_for(by, trial)


def record_error(
    *, participant: Participant, kind: ErrorKind, explanation: str, details: Mapping[str, str] | None = None, by: Actor
) -> None:
    """Record an error about an allocation; see ``actions.errata.record``."""
    error_actions.record(participant=participant, kind=kind, explanation=explanation, details=details, by=by)
