"""Opening a trial for recruitment."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from core.problems import Problem
from instruments import catalogue
from trials.access import authorize
from trials.models import Trial
from trials.queries import protocol_of


def open_recruitment(*, trial: Trial, by: Actor) -> Trial:
    """Start screening. Refused while a questionnaire still shows placeholder wording, except in the demo."""
    grant = authorize(by, Permission.LOAD_PROTOCOL, trial=trial)
    placeholders = [
        code for code in protocol_of(trial).instruments if catalogue.load(code).licence.status == "placeholder"
    ]
    if placeholders and not settings.ARMSLENGTH_DEMO:
        raise Problem(
            "trial.placeholders",
            _("These questionnaires have placeholder wording: %(codes)s. Load their licensed content packs first."),
            params={"codes": ", ".join(placeholders)},
        )
    with act("trial.open", grant=grant, subject=trial) as a:
        return a.change(trial, state=Trial.State.RECRUITING)
