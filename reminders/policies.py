"""When a message may not be sent, though it was planned: asked again at the moment of sending."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from outcomes.models import Form
from participants.codes import SESSION, WithdrawalReason, WithdrawalScope
from participants.models import Appointment, Participant, Withdrawal
from reminders import plan
from reminders.models import Message, OptOut
from reminders.plan import Span
from review.policies import is_locked
from trials.models import Trial
from trials.protocol.reminders import Reminder

NOT_TAKING_PART = (Participant.State.INELIGIBLE, Participant.State.DECLINED)
Reason = Message.Reason


def scopes_of(withdrawals: Iterable[Withdrawal]) -> frozenset[str]:
    """Everything somebody withdrew from. Who died is written to about nothing."""
    scopes: set[str] = set()
    for withdrawal in withdrawals:
        scopes.update(withdrawal.scopes)
        if withdrawal.reason_code == WithdrawalReason.DIED:
            scopes.add(WithdrawalScope.CONTACT)
    return frozenset(scopes)


def is_away(scopes: frozenset[str], appointment: Appointment | None) -> bool:
    """Whether somebody who withdrew from these scopes may not be written to about this.

    Who left only the sessions still has follow-up, and is still reminded of it.
    """
    if not scopes.isdisjoint({WithdrawalScope.CONTACT, WithdrawalScope.DATA}):
        return True
    if appointment is not None and appointment.purpose == SESSION:
        return WithdrawalScope.INTERVENTION in scopes
    return WithdrawalScope.FOLLOW_UP in scopes


def why_stop(
    message: Message, reminder: Reminder | None, span: Span, waiting: Sequence[Form], *, now: datetime
) -> Message.Reason | None:
    """The reason not to send a planned message now, or None. ``waiting`` are the forms still unanswered."""
    if message.trial.state == Trial.State.LOCKED:
        return Reason.LOCKED
    if reminder is None:
        return Reason.RULE
    if message.participant.state in NOT_TAKING_PART:
        return Reason.NOT_TAKING_PART
    if is_away(scopes_of(Withdrawal.objects.filter(participant=message.participant_id)), message.appointment):
        return Reason.WITHDRAWN
    if wants_no_more(message):
        return Reason.OPTED_OUT
    if message.appointment is not None:
        return None if _stands(message, message.appointment, reminder, span, now) else Reason.MOVED
    if not plan.may_still_leave(reminder, span, message.number, now=now):
        return Reason.CLOSED
    return None if waiting else Reason.COMPLETE


def why_no_copy(message: Message) -> Message.Reason | None:
    """The reason not to send the copy of a consent now, or None. It goes to all who still may be written to."""
    if is_locked(message.trial):
        return Reason.LOCKED
    away = scopes_of(Withdrawal.objects.filter(participant=message.participant_id))
    if away & {WithdrawalScope.CONTACT, WithdrawalScope.DATA}:
        return Reason.WITHDRAWN
    return Reason.OPTED_OUT if wants_no_more(message) else None


def wants_no_more(message: Message) -> bool:
    """Whether the participant asked for no more messages, and that stands."""
    return OptOut.objects.filter(participant=message.participant_id, lifted_at=None).exists()


def _stands(message: Message, appointment: Appointment, reminder: Reminder, span: Span, now: datetime) -> bool:
    """Whether the appointment is still booked for the very time the message was planned for."""
    same_time = f"@{appointment.starts_at:%Y%m%dT%H%MZ}:" in message.key
    booked = appointment.state == Appointment.State.BOOKED
    return booked and same_time and plan.may_still_leave(reminder, span, message.number, now=now)
