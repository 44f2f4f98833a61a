"""In which state the trial lets anything be changed."""

from django.utils.translation import gettext_lazy as _

from core.problems import Conflict, Problem
from trials.models import Trial


def check_not_locked(trial: Trial) -> None:
    """Nothing is written to a locked trial. Asks the database, since the trial in hand may be old."""
    if is_locked(trial):
        raise Conflict(
            "trial.locked", _("This trial is locked: nothing in it can be changed. The data manager can unlock it.")
        )


def is_locked(trial: Trial) -> bool:
    """Whether the trial is locked now."""
    return trial.locks.filter(lifted_at=None).exists()


def hold_lock(trial: Trial) -> bool:
    """Whether the trial is locked; until the transaction ends nobody lifts the lock."""
    return trial.locks.select_for_update().filter(lifted_at=None).first() is not None


def check_reason(reason: str) -> None:
    """Locking and unlocking are explained, for whoever reads the trail."""
    if not reason.strip():
        raise Problem("review.reason", _("Say why."), field="reason")
