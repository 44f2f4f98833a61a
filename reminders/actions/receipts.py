"""What a mail service says afterwards of a message that it took: it arrived, or it came back.

A receipt that comes twice changes nothing, nor does one about a message that is not ours, is still being sent, or
belongs to a locked trial.
"""

from uuid import UUID

from audit.actors import Actor, ActorKind, Origin
from audit.acts import act, together
from reminders.actions import sending
from reminders.models import MAY_ARRIVE, MAY_COME_BACK, Message
from review.policies import is_locked
from trials.access import system_grant
from trials.queries import protocol_of

RECEIPTS = Actor(ActorKind.SYSTEM, "receipts", "Mail service", Origin.TASK)
State = Message.State


def arrived(*, reference: str, by: Actor) -> Message | None:
    """The message is in its receiver's mailbox. None if nothing changed."""
    message = _message(reference)
    if message is None or message.state not in MAY_ARRIVE:
        return None
    with act("message.delivered", grant=system_grant(message.trial, by), subject=message.participant) as a:
        return a.change(message, state=State.DELIVERED, reason="")


def returned(*, reference: str, by: Actor) -> Message | None:
    """The message came back, also after it was said to have arrived; a task asks for a better address."""
    message = _message(reference)
    if message is None or message.state not in MAY_COME_BACK:
        return None
    grant = system_grant(message.trial, by)
    with together(), act("message.returned", grant=grant, subject=message.participant) as a:
        sending.come_back(a, message, protocol_of(message.trial), grant)
    return message


def _message(reference: str) -> Message | None:
    """The message whose reference this is, in a trial that may be written to."""
    try:
        key = UUID(hex=reference)
    except ValueError:
        return None
    message = Message.objects.select_related(*sending.RELATED).filter(pk=key).first()
    return None if message is None or is_locked(message.trial) else message
