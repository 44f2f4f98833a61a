"""Lifting the lock of a trial, unless arms were handed out under it: then it stays."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.queries import has_happened
from core.problems import Conflict
from randomization.queries import is_broken, revealed_at
from review.actions.locks import unlock_trial
from review.models import Lock
from review.policies import hold_lock
from trials.access import authorize
from trials.models import Trial

BY_ARM = "export.unblinded"
"""The act that hands out the dataset by arm."""


def lift(*, trial: Trial, reason: str, by: Actor) -> Lock:
    """Lift the lock; see ``review.actions.locks.unlock_trial``. Conflict once arms were handed out under it.

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
                    "Under this lock arms were handed out: the code was broken, the list revealed, or the dataset "
                    "by arm exported. So it stays. What is wrong in the data is corrected in the analysis, and "
                    "written down there."
                ),
            )
        return unlock_trial(trial=trial, reason=reason, by=by)


def stays_locked(trial: Trial) -> bool:
    """Whether arms were handed out under the lock, so that it is for good."""
    if is_broken(trial) or revealed_at(trial) is not None:
        return True
    lock = trial.locks.filter(lifted_at=None).first()
    return lock is not None and has_happened(BY_ARM, trial_id=trial.pk, since=lock.locked_at)
