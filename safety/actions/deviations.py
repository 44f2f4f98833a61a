"""A deviation from the protocol: recorded, corrected with a reason, and an important one reviewed in time."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor, Grant
from audit.acts import act
from core import clock
from core.problems import Conflict, Problem
from participants.models import Participant
from participants.policies import hold
from review.policies import check_not_locked
from safety.actions.short import check_day, write
from safety.models import Deviation
from safety.short_codes import Importance
from trials.access import authorize
from trials.queries import protocol_of

FIELDS = ("kind", "importance", "happened_on", "cause", "remedy")


def record(
    *,
    participant: Participant,
    kind: str,
    importance: str,
    happened_on: date,
    cause: str,
    remedy: str,
    by: Actor | Grant,
) -> Deviation:
    """Record a deviation; an important one is to be reviewed within the protocol's hours from now."""
    check_day(participant, happened_on, "happened_on")
    made = Deviation(kind=kind, importance=importance, happened_on=happened_on, cause=cause, remedy=remedy)
    made.due_at = _due(participant, importance)
    return write("deviation.record", participant, made, by)


def correct(*, deviation: Deviation, changes: dict[str, Any], reason: str, by: Actor) -> Deviation:
    """Correct what was recorded wrong, with the reason. What is important then is to be reviewed, anew if it was.

    The time limit that ran goes on; one that did not run begins now. Raises Problem without a reason or for a day
    ahead, Conflict when nothing changes.
    """
    participant = deviation.participant
    grant = authorize(by, Permission.FOLLOW_EVENT, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    if not reason.strip():
        raise Problem("deviation.reason", _("A saved value was changed. Say why."), field="reason")
    with act("deviation.correct", grant=grant, subject=participant, reason=reason) as a:
        hold(participant)
        deviation.refresh_from_db()
        values = {name: changes.get(name, getattr(deviation, name)) for name in FIELDS}
        check_day(participant, values["happened_on"], "happened_on")
        if all(getattr(deviation, name) == value for name, value in values.items()):
            raise Conflict("deviation.same", _("Nothing is different from what is stored."))
        is_minor = values["importance"] == Importance.MINOR
        due = None if is_minor else deviation.due_at or _due(participant, values["importance"])
        if deviation.reviewed_at is not None:
            due = _due(participant, values["importance"])
            values |= {"reviewed_at": None, "reviewed_by": "", "warned_at": None}
        return a.change(deviation, **values, due_at=due)


def review(*, deviation: Deviation, by: Actor) -> Deviation:
    """Record that an investigator has seen a deviation; Conflict if somebody has already."""
    participant = deviation.participant
    grant = authorize(by, Permission.JUDGE_EVENT, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    with act("deviation.review", grant=grant, subject=participant) as a:
        hold(participant)
        deviation.refresh_from_db()
        if deviation.reviewed_at is not None:
            raise Conflict("deviation.reviewed", _("This deviation is reviewed already."))
        return a.change(deviation, reviewed_at=a.at, reviewed_by=by.id)


def _due(participant: Participant, importance: str) -> datetime | None:
    hours = protocol_of(participant.trial).safety.deviation_hours
    return clock.now() + timedelta(hours=hours) if importance == Importance.IMPORTANT else None
