"""Locking a trial, and lifting the lock."""

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from core import clock
from core.problems import Conflict
from review.models import Lock
from review.policies import check_not_locked, check_reason, locked
from trials.access import authorize
from trials.models import Trial


def lock_trial(*, trial: Trial, reason: str, by: Actor) -> Lock:
    """From now on nothing in the trial can be changed, until the lock is lifted. Conflict if it is locked already."""
    grant = authorize(by, Permission.LOCK_TRIAL, trial=trial)
    check_reason(reason)
    check_not_locked(trial)
    trial.refresh_from_db()
    try:
        with act("trial.lock", grant=grant, subject=trial, reason=reason) as a:
            lock = Lock(trial=trial, state_before=trial.state, locked_at=clock.now(), locked_by=by.id)
            a.create(lock)
            a.change(trial, state=Trial.State.LOCKED)
    except IntegrityError as error:
        raise locked() from error
    return lock


def unlock_trial(*, trial: Trial, reason: str, by: Actor) -> Lock:
    """Lift the lock; the trial goes on in the state it had before. Conflict if it is not locked."""
    grant = authorize(by, Permission.LOCK_TRIAL, trial=trial)
    check_reason(reason)
    lock = trial.locks.filter(lifted_at=None).first()
    if lock is None:
        raise Conflict("trial.not_locked", _("This trial is not locked. Reload the page to see its state."))
    trial.refresh_from_db()
    with act("trial.unlock", grant=grant, subject=trial, reason=reason) as a:
        a.change(lock, lifted_at=clock.now(), lifted_by=by.id)
        a.change(trial, state=lock.state_before)
    return lock
