"""Opening a trial for recruitment."""

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from trials.access import authorize
from trials.models import Trial
from trials.policies import check_may_open


def open_recruitment(*, trial: Trial, by: Actor) -> Trial:
    """Start screening. Invalid, with a problem for each licensed form and language whose words are not loaded."""
    grant = authorize(by, Permission.LOAD_PROTOCOL, trial=trial)
    check_may_open(trial)
    with act("trial.open", grant=grant, subject=trial) as a:
        return a.change(trial, state=Trial.State.RECRUITING)
