"""Lifting the lock of a trial, unless arms were handed out under it: then it stays."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from core.problems import Conflict
from randomization.queries import is_broken, revealed_at
from review.actions.locks import unlock_trial
from review.models import Lock
from review.policies import hold_lock
from trials.access import authorize
from trials.models import Trial


def lift(*, trial: Trial, reason: str, by: Actor) -> Lock:
    """Lift the lock; see ``review.actions.locks.unlock_trial``. Conflict once the code was broken or the list revealed.

    Else data could be changed by somebody who knows which arm it helps.
    """
    authorize(by, Permission.LOCK_TRIAL, trial=trial)
    with transaction.atomic():
        # Whoever breaks the code or reveals holds the lock too, so that neither slips in between.
        hold_lock(trial)
        if stays_locked(trial):
            raise Conflict(
                "trial.locked_for_good",
                _(
                    "The code was broken or the list revealed, so this lock stays. What is wrong in the data is "
                    "corrected in the analysis, and written down there."
                ),
            )
        return unlock_trial(trial=trial, reason=reason, by=by)


def stays_locked(trial: Trial) -> bool:
    """Whether arms were handed out, so that the lock is for good."""
    return is_broken(trial) or revealed_at(trial) is not None
