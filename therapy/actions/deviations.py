"""A programme not delivered as the protocol says: recorded behind the wall, reviewed by a safety physician."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from audit.classes import FieldClass
from core import clock
from core.problems import Conflict
from participants.models import Participant
from randomization.blindfold import Purpose, unblinded
from review.policies import check_not_locked
from safety.actions.short import check_day
from safety.facts import check_text
from safety.policies import check_may_be_recorded
from safety.short_codes import Importance
from therapy.actions.events import check_session, opened
from therapy.models import DeliveryDeviation
from trials.access import authorize
from trials.queries import protocol_of


def record(
    *,
    participant: Participant,
    kind: str,
    importance: str,
    happened_on: date,
    remedy: str,
    by: Actor,
    session: int | None = None,
    text: str = "",
) -> DeliveryDeviation:
    """Record a deviation: a therapist of somebody they treat, other unblinded roles of anybody at their sites.

    An important one is to be reviewed within the protocol's hours from now. Only therapists name a session.
    """
    check_text(text)
    check_day(participant, happened_on, "happened_on")
    made = DeliveryDeviation(participant=participant, kind=kind, importance=importance, happened_on=happened_on)
    made.remedy, made.session, made.text, made.recorded_by = remedy, session, text.strip(), by.id
    if importance == Importance.IMPORTANT:
        made.due_at = clock.now() + timedelta(hours=protocol_of(participant.trial).safety.deviation_hours)
    with opened(participant, by) as grant:
        check_session(participant, session, by)
        with act("delivery.record", grant=grant, subject=participant, secrecy=FieldClass.UNBLINDING) as a:
            check_may_be_recorded(participant)
            made.recorded_at = a.at
            return a.create(made)


def review(*, deviation: DeliveryDeviation, participant: Participant, by: Actor) -> DeliveryDeviation:
    """Record that a safety physician has seen it; Conflict if somebody has already."""
    grant = authorize(by, Permission.REVIEW_EVENT, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    with (
        unblinded(by=by, trial=participant.trial, purpose=Purpose.VIEW, participant=participant),
        act("delivery.review", grant=grant, subject=participant, secrecy=FieldClass.UNBLINDING) as a,
    ):
        if deviation.reviewed_at is not None:
            raise Conflict("deviation.reviewed", _("This deviation is reviewed already."))
        return a.change(deviation, reviewed_at=a.at, reviewed_by=by.id)
