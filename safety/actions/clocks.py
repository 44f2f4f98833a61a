"""The clocks of serious events: started at awareness, met by a review or by a report that was sent."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.roles import Role
from audit.actors import Actor, Grant
from audit.acts import act
from core import clock
from core.problems import Conflict, Problem
from participants.actions import tasks
from participants.models import Task
from participants.policies import hold
from review.policies import check_not_locked
from safety.codes import Criterion
from safety.models import AdverseEvent, Clock
from trials.access import authorize
from trials.protocol.safety import SafetyClock
from trials.queries import protocol_of

SERIOUS_EVENT = "serious_event"
"""The kind of task raised for the investigator."""
DANGER = {Criterion.DEATH, Criterion.LIFE_THREATENING}


def start(*, event: AdverseEvent, since: datetime, grant: Grant) -> list[Clock]:
    """Start the clocks of a serious event that do not run yet, and raise the investigator's task."""
    if not event.serious:
        return []
    running = set(event.clocks.values_list("code", flat=True))
    is_danger = bool(DANGER & set(event.criteria))
    planned = [
        each
        for each in protocol_of(event.participant.trial).safety.clocks
        if each.code not in running and (is_danger or not each.for_danger)
    ]
    if not planned:
        return []
    with act("clock.start", grant=grant, subject=event.participant) as a:
        made = [a.create(_clock(event, plan, since)) for plan in planned]
    first = min(each.due_at for each in made)
    tasks.raise_task(
        participant=event.participant,
        kind=SERIOUS_EVENT,
        about=str(event.number),
        due_on=clock.day_of(first, event.participant.site.time_zone),
        grant=grant,
        role=Role.INVESTIGATOR,
    )
    return made


def meet_by_report(*, event: AdverseEvent, code: str, reference: str, by: Actor) -> Clock:
    """Record that the report a clock waits for was sent, with what it is filed under.

    Raises Problem for a clock the event has not, or without a reference; Conflict if it is met already.
    """
    participant = event.participant
    grant = authorize(by, Permission.JUDGE_EVENT, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    plan = next((each for each in protocol_of(participant.trial).safety.clocks if each.code == code), None)
    held = event.clocks.filter(code=code).first()
    if held is None or (plan is not None and plan.met_by != "report"):
        raise Problem("clock.unknown", _("Choose one of the reports that are waited for."), field="code")
    if not reference.strip():
        raise Problem("clock.reference", _("Enter what the report is filed under."), field="reference")
    with act("clock.meet", grant=grant, subject=participant) as a:
        hold(participant)
        held.refresh_from_db()
        if held.met_at is not None:
            raise Conflict("clock.met", _("This report is recorded as sent already."))
        a.change(held, met_at=a.at, met_by=by.id, reference=reference.strip()[:200])
        close_task(event, grant)
    return held


def meet_by_review(*, event: AdverseEvent, grant: Grant) -> None:
    """Stop the clocks that wait for a review; called by the verb that made it."""
    reviews = {each.code for each in protocol_of(event.participant.trial).safety.clocks if each.met_by == "review"}
    waiting = event.clocks.filter(code__in=reviews, met_at=None).order_by("due_at", "pk")
    with act("clock.meet", grant=grant, subject=event.participant) as a:
        for each in waiting:
            a.change(each, met_at=a.at, met_by=grant.actor.id)
    close_task(event, grant)


def close_task(event: AdverseEvent, grant: Grant) -> None:
    """Close the investigator's task once no clock of the event runs any more."""
    if event.clocks.filter(met_at=None).exists():
        return
    open_task = Task.objects.filter(
        participant=event.participant, kind=SERIOUS_EVENT, about=str(event.number), done_at=None
    )
    for task in open_task:
        tasks.finish(task=task, grant=grant)


def _clock(event: AdverseEvent, plan: SafetyClock, since: datetime) -> Clock:
    return Clock(event=event, code=plan.code, started_at=since, due_at=since + timedelta(hours=plan.hours))
