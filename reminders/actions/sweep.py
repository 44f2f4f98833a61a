"""The sweep: once a minute, in every open trial, close what is overdue and see who is to be told.

It may run as often as one likes, and twice at once: what it plans has one key in the database, and what it hands
over is claimed by one worker only.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError

from audit.actors import Actor, ActorKind, Grant, Origin
from audit.acts import act
from core import clock
from core.problems import Conflict
from outcomes.actions import completion, visits
from reminders import candidates, channels, plan
from reminders.actions import follow_up, sending
from reminders.candidates import Candidate
from reminders.models import Message
from reminders.plan import Planned
from trials.access import system_grant
from trials.models import Trial
from trials.protocol import Protocol
from trials.queries import protocol_of

State = Message.State
logger = logging.getLogger(__name__)
LOST_AFTER = timedelta(minutes=10)
"""A worker that has held a message for so long is taken to be dead; a mail server is given 20 seconds."""

REMINDERS = Actor(ActorKind.SYSTEM, "reminders", "Reminders", Origin.TASK)
"""In whose name sweeps and messages act."""


@dataclass
class Swept:
    """What one sweep did."""

    closed: int = 0
    completed: int = 0
    planned: int = 0
    uncertain: int = 0
    tasks: int = 0
    to_send: list[UUID] = field(default_factory=list)


def sweep(*, by: Actor, hand_over: Callable[[UUID], object]) -> Swept:
    """Do what is due now in all trials that are not locked; ``hand_over`` gets the key of each message to send.

    A trial that fails is logged, and does not keep the others waiting.
    """
    done = Swept()
    for trial in Trial.objects.exclude(state=Trial.State.LOCKED).filter(versions__isnull=False).distinct():
        try:
            _sweep_trial(trial, system_grant(trial, by), done)
        except Exception:
            logger.exception("The sweep of %s failed.", trial.code)
    for key in done.to_send:
        hand_over(key)
    return done


def _sweep_trial(trial: Trial, grant: Grant, done: Swept) -> None:
    protocol = protocol_of(trial)
    done.closed += visits.close_overdue(trial=trial, now=clock.now(), grant=grant)
    done.completed += completion.complete_finished(trial=trial, grant=grant)
    done.uncertain += _give_up_lost(trial, protocol, grant)
    done.planned += _plan_due(trial, protocol, grant)
    done.tasks += follow_up.after_messages(trial, protocol, grant)
    done.tasks += follow_up.instead_of_messages(trial, protocol, grant)
    done.tasks += follow_up.after_worklist(trial, protocol, grant)
    waiting = Message.objects.filter(trial=trial, state=State.PLANNED, next_try_at__lte=clock.now())
    done.to_send += waiting.order_by("next_try_at", "id").values_list("pk", flat=True)


def _plan_due(trial: Trial, protocol: Protocol, grant: Grant) -> int:
    made = 0
    for candidate in candidates.candidates(trial, protocol):
        found = plan.due(candidate.reminder, candidate.span, candidate.used, now=clock.now())
        if found is not None:
            made += _plan(candidate, found, grant)
    return made


def _plan(candidate: Candidate, planned: Planned, grant: Grant) -> bool:
    """Keep one message; False if another sweep was first."""
    participant = candidate.participant
    message = Message(
        trial_id=participant.trial_id,
        site_id=participant.site_id,
        participant=participant,
        rule=candidate.reminder.code,
        visit=candidate.visit,
        appointment=candidate.appointment,
        number=planned.number,
        channel=channels.usable(planned.channel),
        language=participant.language,
        key=candidate.key(planned.number),
        planned_for=planned.at,
        next_try_at=clock.now(),
    )
    try:
        with act("message.plan", grant=grant, subject=participant) as a:
            a.create(message)
    except IntegrityError:
        return False
    return True


def _give_up_lost(trial: Trial, protocol: Protocol, grant: Grant) -> int:
    """Mark messages whose worker died while sending: perhaps they left, so they are not sent again."""
    lost = Message.objects.filter(trial=trial, state=State.SENDING, claimed_at__lt=clock.now() - LOST_AFTER)
    return sum(_give_up(message, protocol, grant) for message in lost.select_related(*sending.RELATED))


def _give_up(message: Message, protocol: Protocol, grant: Grant) -> bool:
    try:
        with act("message.result", grant=grant, subject=message.participant) as a:
            sending.settle(a, message, protocol, state=State.UNCERTAIN, reason=Message.Reason.INTERRUPTED)
    except Conflict:
        return False
    return True
