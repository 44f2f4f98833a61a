"""Opening a trial for recruitment, and the fact that its list is drawn."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import Act, act
from core.problems import Conflict
from trials.access import authorize
from trials.models import Trial
from trials.policies import check_may_open
from trials.queries import protocol_version


def open_recruitment(*, trial: Trial, by: Actor) -> Trial:
    """Start screening. Invalid, with a problem for each licensed form and language whose words are not loaded."""
    grant = authorize(by, Permission.LOAD_PROTOCOL, trial=trial)
    check_may_open(trial)
    with act("trial.open", grant=grant, subject=trial) as a:
        return a.change(trial, state=Trial.State.RECRUITING)


def hand_down_drawn_from(*, trial: Trial, version: int, act: Act) -> Trial:
    """Take down which version a list was drawn from, for the room that draws it; the act is its own.

    Conflict if another version was loaded meanwhile.
    """
    held = Trial.objects.select_for_update().get(pk=trial.pk)
    if protocol_version(held).number != version:
        raise Conflict(
            "trial.amended", _("The protocol was amended a moment ago. Reload the page and look at it once more.")
        )
    return act.change(held, drawn_from=version)
