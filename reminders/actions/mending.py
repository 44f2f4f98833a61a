"""What a person does about a message that did not arrive: have it sent again, or note that it came back."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor, Grant
from audit.acts import act, together
from core import clock
from core.problems import Conflict, Problem
from reminders.actions import by_hand, opting_out, sending
from reminders.models import MAY_COME_BACK, Message
from review.policies import check_not_locked
from trials.access import authorize
from trials.queries import protocol_of

State, Reason = Message.State, Message.Reason


def may_send_again(message: Message) -> bool:
    """Whether it did not arrive, as far as is known, and follows a rule that is asked again when it is sent."""
    stopped = message.state == State.STOPPED and message.reason == Reason.NO_ADDRESS
    in_trouble = message.state in (State.FAILED, State.BOUNCED, State.UNCERTAIN)
    return message.rule != by_hand.RULE and (stopped or in_trouble) and not message.has_arrived


def send_again(*, message: Message, by: Actor, reason: str) -> Message:
    """Hand a message that did not arrive to the worker once more, which asks again whether it should go.

    Raises Problem without a reason, Conflict where there is nothing to send again or the participant wants no messages.
    """
    grant = _grant(message, by)
    if not reason.strip():
        raise Problem("message.reason", _("Say what was done, so that it can arrive this time."), field="reason")
    if not may_send_again(message):
        raise Conflict("message.not_again", _("Only a message that did not arrive is sent again."))
    opting_out.check_wants_messages(message.participant)
    with act("message.retry", grant=grant, subject=message.participant, reason=reason) as a:
        values = {"state": State.PLANNED, "reason": "", "tries": 0, "next_try_at": clock.now(), "task_due_on": None}
        return a.change(message, **values)


def came_back(*, message: Message, by: Actor) -> Message:
    """Note that a message came back after the server had taken it, as the study's mailbox shows.

    A task asks for a better address. Conflict if the message did not leave.
    """
    grant = _grant(message, by)
    if message.state not in MAY_COME_BACK:
        raise Conflict("message.not_sent", _("Only a message that was sent can come back."))
    with together(), act("message.returned", grant=grant, subject=message.participant) as a:
        sending.come_back(a, message, protocol_of(message.trial), grant)
    return message


def _grant(message: Message, by: Actor) -> Grant:
    grant = authorize(by, Permission.SEND_LINK, trial=message.trial, site=message.site)
    check_not_locked(message.trial)
    return grant
