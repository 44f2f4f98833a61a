"""Opening the code of one participant in an emergency."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from audit.classes import FieldClass
from core import clock
from core.problems import Conflict, Problem
from participants.actions.unblinding import hand_down_emergency
from participants.models import Participant
from randomization import queries
from randomization.blindfold import Purpose, unblinded
from randomization.unblindings import EmergencyUnblinding
from reminders.actions import notices
from trials.access import authorize

SHORTEST_EXPLANATION = 10


@dataclass(frozen=True)
class Opened:
    """What an emergency shows: the arm's code, once, and which colleagues were told that it was."""

    arm: str
    told: tuple[notices.Told, ...]


def unblind(*, participant: Participant, reason: str, explanation: str, by: Actor) -> Opened:
    """Open one participant's arm in an emergency; the caller has asked the person for their password again.

    It is recorded for good, in a locked trial too, and noted each time. The investigators, the coordinators of the site
    and the statisticians are told by mail, without the arm.

    Raises Problem without a coded reason and an explanation, Conflict before randomization.
    """
    grant = authorize(by, Permission.UNBLIND, trial=participant.trial, site=participant.site)
    _check_reason(reason, explanation)
    opening = unblinded(
        by=by, trial=participant.trial, purpose=Purpose.EMERGENCY, participant=participant, reason=explanation
    )
    with opening, act("emergency.unblind", grant=grant, subject=participant, secrecy=FieldClass.UNBLINDING) as a:
        fact = queries.allocation_of(participant)
        if fact is None:
            raise Conflict(
                "emergency.not_randomized", _("This participant is not randomized yet: there is no group to open.")
            )
        made = EmergencyUnblinding(participant=participant, reason=reason, explanation=explanation.strip())
        made.at, made.by, made.role = clock.now(), by.id, grant.role
        a.create(made)
        hand_down_emergency(participant=participant, grant=grant, act=a)
    return Opened(fact.arm, notices.tell_of_emergency(participant=participant, grant=grant))


def _check_reason(reason: str, explanation: str) -> None:
    if reason not in EmergencyUnblinding.Reason.values:
        raise Problem("emergency.reason", _("Choose why the group is needed."), field="reason")
    if len(explanation.strip()) < SHORTEST_EXPLANATION:
        raise Problem(
            "emergency.explanation",
            _("Say in a sentence what happened and who asked, for whoever reads the record later."),
            field="explanation",
        )
