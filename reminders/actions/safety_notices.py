"""Telling those who act on serious events: at once that the time runs, and again when it has run out. Never the arm.

Likewise of important deviations whose review is late.
"""

from collections.abc import Iterable
from itertools import groupby

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role, roles_with
from audit.actors import Actor
from audit.acts import act
from core import clock
from participants.models import Participant
from reminders import channels
from reminders.channels import NotDelivered
from review.policies import is_locked
from safety.models import Clock, Deviation
from trials.access import system_grant
from trials.models import Membership

TOLD_AT_ONCE = (Role.INVESTIGATOR, Role.SAFETY_PHYSICIAN)
TOLD_WHEN_LATE = (*TOLD_AT_ONCE, Role.COORDINATOR, Role.DATA_MANAGER)
TOLD_OF_DEVIATIONS = (Role.INVESTIGATOR, Role.DATA_MANAGER)


def escalate(*, by: Actor) -> int:
    """Send what is to be told of every running clock and late review; returns how many mails left.

    A mail leaves first and is noted then: of two that do the same at once, somebody may read it twice, but no serious
    event is forgotten between the two. While nobody is reached the next round tries again.
    """
    now = clock.now()
    running = Clock.objects.filter(met_at=None).select_related("event__participant__site", "event__participant__trial")
    waiting = running.filter(Q(told_at=None) | Q(warned_at=None, due_at__lt=now)).order_by("event_id", "due_at", "pk")
    told = sum(_tell(list(held), by) for _event, held in groupby(waiting, key=lambda each: each.event_id))
    late = Deviation.objects.filter(due_at__lt=now, reviewed_at=None, warned_at=None)
    late = late.select_related("participant__site", "participant__trial").order_by("due_at", "pk")
    return told + sum(_warn(each, by) for each in late)


def _warn(deviation: Deviation, by: Actor) -> int:
    """One mail about an important deviation that was not reviewed in time to each who is told of it."""
    participant = deviation.participant
    if is_locked(participant.trial):
        return 0
    url = reverse("safety", args=[participant.trial.code])
    people = _people(participant, TOLD_OF_DEVIATIONS)
    reached = sum(_mail(user, participant, "late_deviation", url, is_late=True) for user in people)
    if reached:
        with act("deviation.warn", grant=system_grant(participant.trial, by), subject=participant) as a:
            a.change(deviation, warned_at=a.at)
            a.note(told=reached, not_reached=len(people) - reached)
    return reached


def _tell(held: list[Clock], by: Actor) -> int:
    """One mail about one event to each who is told of it."""
    event = held[0].event
    trial = event.participant.trial
    if is_locked(trial):
        return 0
    late = [each for each in held if each.due_at < clock.now() and each.warned_at is None]
    people = _people(event.participant, TOLD_WHEN_LATE if late else TOLD_AT_ONCE)
    url = reverse("event", args=[trial.code, event.pk])
    reached = sum(_mail(user, event.participant, "serious_event", url, is_late=bool(late)) for user in people)
    if not reached:
        return 0
    with act("clock.tell", grant=system_grant(trial, by), subject=event.participant) as a:
        for each in held:
            told = {} if each.told_at else {"told_at": a.at}
            a.change(each, **told, **({"warned_at": a.at} if each in late else {}))
        a.note(told=reached, not_reached=len(people) - reached)
    return reached


def _people(participant: Participant, roles: Iterable[Role]) -> list[User]:
    """Each person once, but for those who also assess: assessors hear of no event."""
    trial, site = participant.trial, participant.site
    assess = Membership.objects.filter(trial=trial, role__in=roles_with(Permission.ASSESS), ended_at=None)
    held = Membership.objects.filter(trial=trial, role__in=list(roles), ended_at=None, user__is_active=True)
    held = held.exclude(user_id__in=assess.values("user_id")).select_related("user")
    here = [each.user for each in held.order_by("user__name", "user_id", "pk") if each.site_id in (None, site.pk)]
    return list(dict.fromkeys(here))


def _mail(user: User, participant: Participant, message: str, url: str, *, is_late: bool) -> bool:
    with translation.override(user.language):
        context = {
            "number": participant.number,
            "trial": participant.trial.code,
            "is_late": is_late,
            "url": settings.BASE_URL.rstrip("/") + url,
        }
        subject = " ".join(render_to_string(f"messages/{message}_subject.txt", context).split())
        body = render_to_string(f"messages/{message}_body.txt", context).strip() + "\n"
    try:
        channels.send_mail(user.email, subject, body)
    except NotDelivered:
        return False
    return True
