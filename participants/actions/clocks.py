"""By which clock a participant lives, where that is not the site's."""

from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act, check_seen
from core.problems import Problem
from participants.models import Participant
from review.policies import check_not_locked
from trials.access import authorize


def set_time_zone(
    *, participant: Participant, time_zone: str, by: Actor, reason: str = "", revision: int | None = None
) -> Participant:
    """Keep the IANA time zone in which somebody lives, such as ``America/Vancouver``; "" for the site's.

    Problem for a name that is in no such database, or a saved zone changed without a reason; Conflict if somebody
    else saved after ``revision``.
    """
    grant = authorize(by, Permission.LOG_CONTACT, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    if time_zone and time_zone not in available_timezones():
        raise Problem("participant.time_zone", _("Choose a time zone from the list."), field="time_zone")
    if participant.time_zone and not reason.strip():
        raise Problem("participant.time_zone_reason", _("Say why the time zone changes."), field="reason")
    check_seen(participant, revision)
    with act("participant.time_zone", grant=grant, subject=participant, reason=reason) as a:
        return a.change(participant, time_zone=time_zone)
