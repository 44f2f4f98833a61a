"""Sending one message: claim it, ask again whether it should go, write it, send it, and keep what came of it.

The claim is committed before anything leaves, and the result after. A worker that dies in between leaves a row
in ``sending``, which is never sent again by itself.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from audit.actors import Actor, Grant
from audit.acts import Act, act, together
from core import clock
from core.problems import Conflict, Problem
from outcomes.models import Form
from participants.actions import tasks
from participants.queries import delivery_address
from reminders import candidates, channels, letters, plan, policies
from reminders.letters import Letter
from reminders.models import BAD_ADDRESS, Message
from reminders.outcomes import NotDelivered
from reminders.plan import Span
from trials.access import system_grant
from trials.protocol import Protocol
from trials.protocol.reminders import Reminder
from trials.queries import protocol_of

State = Message.State
RELATED = (
    *("trial", "site", "participant__site", "participant__trial", "visit", "appointment"),
    "consent__participant__site",
)
BACK_OFF = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4))
"""Waits between tries; after the last one a message has failed."""


@dataclass(frozen=True)
class Ready:
    """A claimed message, its text and where it goes. Lives in memory only."""

    address: str
    letter: Letter


def send(*, message_id: UUID, by: Actor) -> Message | None:
    """Send a planned message, once. None if it is not there, not yet due, or another worker has it."""
    message = Message.objects.select_related(*RELATED).filter(pk=message_id).first()
    if message is None or message.state != State.PLANNED or message.next_try_at > clock.now():
        return None
    grant = system_grant(message.trial, by)
    protocol = protocol_of(message.trial)
    try:
        ready = _claim(message, protocol, grant)
    except Conflict as conflict:
        if conflict.code != "record.changed":
            raise
        return None
    if ready is not None:
        _deliver(message, ready, protocol, grant)
    return message


def _claim(message: Message, protocol: Protocol, grant: Grant) -> Ready | None:
    """Take the message for this worker alone, or stop or postpone it; raises Conflict if another has it."""
    reminder = rule_of(protocol, message.rule)
    span = span_of(message, protocol)
    now = clock.now()
    with act("message.send", grant=grant, subject=message.participant) as a:
        reason = _why_stop(message, reminder, span)
        if reason is not None:
            a.change(message, state=State.STOPPED, reason=reason)
            return None
        later = plan.quiet_until(reminder.quiet_hours, now, span.clock_zone) if reminder else now
        if later > now:
            a.change(message, next_try_at=later)
            return None
        channel, address = _way(message, grant)
        if address is None:
            settle(a, message, protocol, state=State.STOPPED, reason=Message.Reason.NO_ADDRESS)
            return None
        # Of two workers one fails here, before a link is made.
        a.change(
            message,
            state=State.SENDING,
            claimed_at=now,
            tries=message.tries + 1,
            channel=channel,
            language=message.participant.language,
        )
        letter = letters.compose(message, protocol, grant)
        if letter.link is not None:
            a.change(message, link=letter.link)
        return Ready(address, letter)


def _deliver(message: Message, ready: Ready, protocol: Protocol, grant: Grant) -> None:
    """Hand the text over and keep the result."""
    try:
        channels.deliver(message.channel, ready.address, ready.letter, reference=message.pk.hex)
    except NotDelivered as failure:
        outcome = _after(failure, message.tries)
    else:
        outcome = {"state": State.SENT, "sent_at": clock.now(), "reason": ""}
    with together(), act("message.result", grant=grant, subject=message.participant) as a:
        settle(a, message, protocol, **outcome)
        if message.state == State.BOUNCED:
            ask_for_address(message, grant)


def ask_for_address(message: Message, grant: Grant) -> None:
    """A task for the staff: an address that takes no messages has to be corrected."""
    due_on = clock.today(message.site.time_zone) + timedelta(days=1)
    tasks.raise_task(
        participant=message.participant, kind=BAD_ADDRESS, about=message.channel, due_on=due_on, grant=grant
    )


def come_back(a: Act, message: Message, protocol: Protocol, grant: Grant) -> None:
    """What was taken by the server came back: the address has to be corrected."""
    settle(a, message, protocol, state=State.BOUNCED, reason=Message.Reason.RETURNED)
    ask_for_address(message, grant)


def _after(failure: NotDelivered, tries: int) -> dict[str, Any]:
    """What becomes of a message that was not delivered: again later, failed, or perhaps sent."""
    if failure.reason == Message.Reason.NO_ANSWER:
        return {"state": State.UNCERTAIN, "reason": failure.reason}
    if failure.again and tries <= len(BACK_OFF):
        return {
            "state": State.PLANNED,
            "reason": failure.reason,
            "next_try_at": clock.now() + BACK_OFF[tries - 1],
        }
    return {"state": State.BOUNCED if failure.bounced else State.FAILED, "reason": failure.reason}


def settle(a: Act, message: Message, protocol: Protocol, **outcome: Any) -> None:
    """Keep an outcome; after the last message, also the day on which a person is to follow up."""
    if outcome["state"] != State.PLANNED:
        outcome["task_due_on"] = _task_day(message, protocol)
    a.change(message, **outcome)


def _task_day(message: Message, protocol: Protocol) -> date | None:
    reminder = rule_of(protocol, message.rule)
    if reminder is None or reminder.then_task is None:
        return None
    span = span_of(message, protocol)
    if not plan.is_last(reminder, span, message.number):
        return None
    return clock.today(span.time_zone) + timedelta(days=reminder.then_task.days_after_last)


def rule_of(protocol: Protocol, code: str) -> Reminder | None:
    """The reminder of a code in the protocol in force, or None if it is gone."""
    return next((each for each in protocol.reminders if each.code == code), None)


def span_of(message: Message, protocol: Protocol) -> Span:
    """What the message counts from, as it is now."""
    if message.visit is not None:
        return candidates.span_of_visit(protocol, message.visit, message.site.time_zone, message.participant.time_zone)
    starts_at = message.appointment.starts_at if message.appointment else None
    return Span(message.site.time_zone, starts_at=starts_at, own_zone=message.participant.time_zone)


def _why_stop(message: Message, reminder: Reminder | None, span: Span) -> Message.Reason | None:
    """The copy of a consent follows no rule of the protocol; every other message does."""
    if message.consent_id is not None:
        return policies.why_no_copy(message)
    return policies.why_stop(message, reminder, span, _waiting(message, reminder), now=clock.now())


def _waiting(message: Message, reminder: Reminder | None) -> list[Form]:
    if message.visit_id is None or reminder is None:
        return []
    return candidates.waiting_forms(reminder, Form.objects.filter(visit=message.visit_id))


def _way(message: Message, grant: Grant) -> tuple[str, str | None]:
    """By which channel to write and where to; no address also when the identifiers were erased."""
    ways = channels.in_turn(message.channel)
    try:
        found = ((way, delivery_address(message.participant, way, grant)) for way in ways)
        return next(((way, address) for way, address in found if address), (ways[0], None))
    except Problem:
        return ways[0], None
