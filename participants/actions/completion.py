"""Completing: the participant has done all that the protocol asks."""

from django.utils.translation import gettext_lazy as _

from audit.actors import Grant
from audit.acts import act
from core.problems import Conflict
from participants.models import Participant
from participants.policies import check_not_withdrawn, hold

S = Participant.State


def complete(*, participant: Participant, grant: Grant) -> Participant:
    """Set the state to completed, once; called by the verb that saw the last visit closed."""
    with act("participants.complete", grant=grant, subject=participant) as a:
        hold(participant)
        check_not_withdrawn(participant)
        if participant.state not in (S.RANDOMIZED, S.CONSENTED):
            raise Conflict("participant.not_in_trial", _("Only somebody who takes part can complete the trial."))
        return a.change(participant, state=S.COMPLETED)
