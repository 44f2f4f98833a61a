"""Recording that somebody may know a participant's arm who must not."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import ROLES, Role
from audit.actors import Actor, Grant
from audit.acts import Act, act
from audit.classes import FieldClass
from core import clock
from core.problems import Conflict, Problem
from participants.actions import tasks
from participants.blindness import ASSESSOR_NEEDED, EMERGENCY_NOTED, assessors_of, unblindings_of
from participants.codes import LearnedHow
from participants.models import LearnedArm, Milestone, Participant, Unblinding
from review.policies import check_not_locked
from trials.access import authorize
from trials.models import Membership
from trials.queries import protocol_of


def record(
    *,
    participant: Participant,
    how: str,
    by: Actor,
    learner: User | None = None,
    arm: str = "",
    learned_on: date | None = None,
) -> Unblinding:
    """Record an accidental unblinding: of oneself, or of a blinded colleague (``learner``), today unless said.

    ``arm`` is the one believed to have been learned; "" when it is not said. From now on the learner assesses this
    participant no more; where nobody else is left at the site, the coordinator gets a task.

    Raises Problem for an unknown way or arm, a day ahead, or somebody whose role knows arms anyhow; Conflict before
    randomization and in a locked trial.
    """
    grant = authorize(by, Permission.RECORD_UNBLINDING, trial=participant.trial, site=participant.site)
    day = learned_on or clock.today(participant.site.time_zone)
    _check_facts(participant, how, arm, day)
    key = str(learner.pk) if learner is not None else by.id
    _check_learner(participant, key)
    with act("unblinding.record", grant=grant, subject=participant) as a:
        check_not_locked(participant.trial)
        made = _unblinding(participant, Unblinding.Kind.ACCIDENTAL, key, day, grant)
        made.how = how
        a.create(made)
        if arm:
            with act("unblinding.learn", grant=grant, subject=participant, secrecy=FieldClass.UNBLINDING) as inner:
                inner.create(LearnedArm(unblinding=made, arm=arm))
        if _was_last_assessor(participant, key):
            _raise(participant, ASSESSOR_NEEDED, grant)
    return made


def hand_down_emergency(*, participant: Participant, grant: Grant, act: Act) -> Unblinding:
    """What the blind rooms may know of an emergency: that it was, and who knows now. Called by the verb above."""
    day = clock.today(participant.site.time_zone)
    made = act.create(_unblinding(participant, Unblinding.Kind.EMERGENCY, grant.actor.id, day, grant))
    _raise(participant, EMERGENCY_NOTED, grant)
    return made


def _was_last_assessor(participant: Participant, key: str) -> bool:
    """Whether somebody assessed at the site, and nobody blind for this participant is left who does."""
    assessors = assessors_of(participant)
    return key in assessors and assessors <= {each.learner for each in unblindings_of(participant)}


def _raise(participant: Participant, kind: str, grant: Grant) -> None:
    today = clock.today(participant.site.time_zone)
    tasks.raise_task(participant=participant, kind=kind, due_on=today, grant=grant)


def _unblinding(participant: Participant, kind: str, learner: str, day: date, grant: Grant) -> Unblinding:
    return Unblinding(
        participant=participant, kind=kind, learner=learner, learned_on=day, at=clock.now(), by=grant.actor.id
    )


def _check_facts(participant: Participant, how: str, arm: str, day: date) -> None:
    if not participant.milestones.filter(kind=Milestone.Kind.RANDOMIZED).exclude(day=None).exists():
        raise Conflict(
            "unblinding.not_randomized", _("This participant is not randomized yet: there is no group to learn.")
        )
    if how not in LearnedHow.values:
        raise Problem("unblinding.how", _("Choose how it was learned."), field="how")
    if arm and arm not in {each.code for each in protocol_of(participant.trial).design.arms}:
        raise Problem("unblinding.arm", _("Choose one of the groups of the list."), field="arm")
    if day > clock.today(participant.site.time_zone):
        raise Problem("unblinding.day", _("This day lies ahead. Enter the day it happened."), field="learned_on")


def _check_learner(participant: Participant, key: str) -> None:
    """A blinded colleague of the site; those who know arms by their role have nothing to record of themselves."""
    held = Membership.objects.filter(user_id=key, trial=participant.trial, ended_at=None)
    roles = [Role(each.role) for each in held if each.site_id in (None, participant.site_id)]
    if not roles:
        raise Problem("unblinding.learner", _("Choose somebody who works in this trial at this site."), field="learner")
    if any(ROLES[role].unblinding for role in roles):
        raise Problem(
            "unblinding.role",
            _("Who has this role may know the groups anyhow. Choose the blinded colleague who learned it."),
            field="learner",
        )
