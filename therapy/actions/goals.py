"""Goals that participant and therapist set together, where the programme has them; reviewed, never rewritten."""

from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.acts import act
from audit.classes import FieldClass
from core import clock
from core.problems import Conflict, Problem
from participants.models import Participant
from therapy import policies
from therapy.care import treating
from therapy.goals import goals_of
from therapy.models import Goal, GoalReview
from trials.access import not_found

UNBLINDING = FieldClass.UNBLINDING


def add(*, participant: Participant, wording: str, rating: int, by: Actor) -> Goal:
    """Set one more goal; ``rating`` from 0 (not at all) to 10 (fully) is how well it goes today.

    NotFound where the programme has no goals; Conflict when as many are open as the protocol allows.
    """
    policies.check_in_trial(participant)
    if not wording.strip():
        raise Problem("goal.wording", _("Write the goal in a sentence."), field="wording")
    with (
        treating(participant, by) as care,
        act("goal.add", grant=care.grant, subject=participant, secrecy=UNBLINDING) as a,
    ):
        if care.programme.goals is None:
            raise not_found()
        Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
        held, most = goals_of(participant), care.programme.goals.at_most
        if sum(each.open for each in held) >= most:
            raise Conflict(
                "goal.enough",
                _("%(most)d goals are open, as many as the protocol allows. Review one as reached or given up first."),
                params={"most": most},
            )
        facts = {"rating": rating, "set_at": clock.now(), "set_by": by.id}
        return a.create(Goal(participant=participant, number=len(held) + 1, wording=wording.strip(), **facts))


def review(*, participant: Participant, number: int, rating: int, outcome: str, by: Actor) -> GoalReview:
    """Say how a goal stands today. NotFound for a number that is none; Conflict once it has ended."""
    policies.check_in_trial(participant)
    with (
        treating(participant, by) as care,
        act("goal.review", grant=care.grant, subject=participant, secrecy=UNBLINDING) as a,
    ):
        Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
        found = next((each for each in goals_of(participant) if each.goal.number == number), None)
        if found is None:
            raise not_found()
        if not found.open:
            raise Conflict("goal.ended", _("This goal has ended. Set a new one."))
        facts = {"rating": rating, "reviewed_at": clock.now(), "reviewed_by": by.id}
        return a.create(GoalReview(goal=found.goal, outcome=outcome, **facts))
