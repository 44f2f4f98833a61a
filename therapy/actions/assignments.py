"""Who treats whom: taking over, handing over, covering for leave."""

from datetime import date

from accounts.models import User
from accounts.permissions import Permission
from audit.actors import Actor, Grant
from audit.acts import act
from audit.classes import FieldClass
from core import clock
from participants.models import Participant
from randomization.blindfold import Purpose, unblinded
from randomization.queries import arm_of
from therapy import policies
from therapy.care import treating
from therapy.models import Assignment, Cover
from trials.access import authorize, not_found
from trials.queries import protocol_of

UNBLINDING = FieldClass.UNBLINDING


def take(*, participant: Participant, by: Actor) -> Assignment:
    """Take over a randomized participant whom nobody treats. For therapists qualified for the arm only.

    Everybody else, and before allocation everybody, is told the participant is not there (NotFound). So is whoever is
    qualified while a colleague treats: any other answer would tell them the arm.
    """
    grant = authorize(by, Permission.LOG_SESSION, trial=participant.trial, site=participant.site)
    policies.check_in_trial(participant)
    with unblinded(by=by, trial=participant.trial, purpose=Purpose.TREAT, participant=participant):
        held = policies.assignment_of(participant)
        if held is not None and str(held.therapist_id) == by.id:
            return held
        return assign(participant, grant)


def assign(participant: Participant, grant: Grant) -> Assignment:
    """The writing half of ``take``: needs the blindfold lifted."""
    with act("assignment.take", grant=grant, subject=participant, secrecy=UNBLINDING) as a:
        # A second therapist taking the same participant waits here.
        participant = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
        arm = arm_of(participant)
        programme = protocol_of(participant.trial).programme_of(arm) if arm else None
        if not policies.is_qualified(grant.actor.id, participant, programme):
            raise not_found()
        held = policies.assignment_of(participant)
        if held is not None and str(held.therapist_id) == grant.actor.id:
            return held  # Two requests of one person at once: the second waited for the first.
        if held is not None and policies.is_qualified(str(held.therapist_id), participant, programme):
            raise not_found()
        if held is not None:
            a.change(held, until=clock.now())
        therapist = User.objects.get(pk=grant.actor.id)
        kind = Assignment.Kind.PRIMARY
        return a.create(Assignment(participant=participant, therapist=therapist, kind=kind, since=clock.now()))


def hand_over(*, participant: Participant, to: User, reason: str, by: Actor) -> Assignment:
    """Give a participant into the care of another therapist, from now on. For the assigned therapist."""
    policies.check_reason(reason)
    policies.check_in_trial(participant)
    with (
        treating(participant, by) as care,
        act("assignment.hand_over", grant=care.grant, subject=participant, reason=reason, secrecy=UNBLINDING) as a,
    ):
        if care.covering:
            raise not_found()
        policies.check_other(to, by)
        policies.check_qualified(to, participant, care.programme)
        a.change(care.assignment, until=clock.now())
        kind = Assignment.Kind.HANDOVER
        return a.create(Assignment(participant=participant, therapist=to, kind=kind, since=clock.now()))


def cover(*, participant: Participant, therapist: User, starts_on: date, ends_on: date, by: Actor) -> Cover:
    """Let another therapist treat on some days, both included (days at the site). For the assigned therapist."""
    policies.check_in_trial(participant)
    policies.check_cover_days(starts_on, ends_on, clock.today(participant.site.time_zone))
    with (
        treating(participant, by) as care,
        act("assignment.cover", grant=care.grant, subject=participant, secrecy=UNBLINDING) as a,
    ):
        if care.covering:
            raise not_found()
        policies.check_other(therapist, by)
        policies.check_qualified(therapist, participant, care.programme)
        policies.check_no_other_cover(care.assignment, starts_on, ends_on)
        days = {"starts_on": starts_on, "ends_on": ends_on}
        arranged = {"arranged_at": clock.now(), "arranged_by": by.id}
        return a.create(Cover(assignment=care.assignment, therapist=therapist, **days, **arranged))
