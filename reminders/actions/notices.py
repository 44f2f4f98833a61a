"""Telling colleagues at once, by mail, what they have to know and nothing more."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role, roles_with
from audit.actors import Grant
from audit.acts import act
from audit.classes import FieldClass
from core import clock
from participants.models import Participant
from reminders import channels
from reminders.outcomes import NotDelivered
from trials.models import Membership

TOLD_OF_EMERGENCIES = (Role.INVESTIGATOR, Role.COORDINATOR, Role.STATISTICIAN)


@dataclass(frozen=True)
class Told:
    """A colleague, and whether the mail left; who was not reached is to be called."""

    name: str
    role: str
    reached: bool


def tell_of_emergency(*, participant: Participant, grant: Grant) -> tuple[Told, ...]:
    """Tell investigators, coordinators of the site and statisticians that a participant was unblinded: not the arm."""
    told = tuple(_tell(user, role, participant) for user, role in _colleagues(participant, grant))
    with act("notice.send", grant=grant, subject=participant, secrecy=FieldClass.UNBLINDING) as a:
        a.note(told=sum(each.reached for each in told), not_reached=sum(not each.reached for each in told))
    return told


def _colleagues(participant: Participant, grant: Grant) -> list[tuple[User, str]]:
    """Each person once, by their first role, but whoever opened the code, and whoever assesses as well."""
    assess = Membership.objects.filter(
        trial=participant.trial, role__in=roles_with(Permission.ASSESS), ended_at=None
    ).values("user_id")
    held = Membership.objects.filter(
        trial=participant.trial, role__in=TOLD_OF_EMERGENCIES, ended_at=None, user__is_active=True
    ).exclude(user_id__in=assess)
    people: dict[object, tuple[User, str]] = {}
    for membership in held.select_related("user").order_by("user__name", "role", "user_id", "pk"):
        here = membership.site_id in (None, participant.site_id)
        if here and str(membership.user_id) != grant.actor.id:
            people.setdefault(membership.user_id, (membership.user, membership.role))
    return list(people.values())


def _tell(user: User, role: str, participant: Participant) -> Told:
    with translation.override(user.language):
        context = {
            "number": participant.number,
            "trial": participant.trial.code,
            "at": clock.now().astimezone(ZoneInfo(participant.site.time_zone)),
        }
        subject = " ".join(render_to_string("messages/emergency_subject.txt", context).split())
        body = render_to_string("messages/emergency_body.txt", context).strip() + "\n"
    try:
        channels.send_mail(user.email, subject, body)
    except NotDelivered:
        return Told(user.name, role, reached=False)
    return Told(user.name, role, reached=True)
