"""A message that a person sends now: the link to a participant's own questions, outside the protocol's rules."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act, together
from core import clock, ids
from core.problems import Conflict, Problem
from outcomes.models import Visit
from outcomes.queries import due_forms_of
from participants.models import Participant
from participants.policies import check_may_be_contacted
from participants.queries import delivery_address
from reminders import channels, letters
from reminders.actions import opting_out, sending
from reminders.letters import Letter
from reminders.models import Message
from reminders.outcomes import NotDelivered
from review.policies import check_not_locked
from trials.access import authorize
from trials.queries import protocol_of

RULE = "by_hand"
"""What stands in place of a rule of the protocol."""
CHANNEL = "email"
State = Message.State


def send_link(*, participant: Participant, visit: Visit, by: Actor) -> Message:
    """Send the link to a visit's questions by e-mail now; what came of it is the message's state.

    Raises Conflict if nothing is left to answer or the participant asked not to be contacted, Problem if there is
    no address.
    """
    grant = authorize(by, Permission.SEND_LINK, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    check_may_be_contacted(participant)
    opting_out.check_wants_messages(participant)
    if not due_forms_of(participant, visit):
        raise Conflict("link.nothing_due", _("Nothing is open for this participant at this visit."), field="visit")
    address = delivery_address(participant, CHANNEL, grant)
    if address is None:
        raise Problem("link.no_address", _("There is no e-mail address. Add one to the contact details first."))
    protocol, message = protocol_of(participant.trial), _message(participant, visit)
    with act("message.send", grant=grant, subject=participant) as a:
        letter = letters.compose(message, protocol, grant)
        message.link = letter.link
        a.create(message)
    outcome = _deliver(message, address, letter)
    with together(), act("message.result", grant=grant, subject=participant) as a:
        sending.settle(a, message, protocol, **outcome)
        if message.state == State.BOUNCED:
            sending.ask_for_address(message, grant)
    return message


def _message(participant: Participant, visit: Visit) -> Message:
    """A message that is being sent already: no worker finds it waiting."""
    now = clock.now()
    return Message(
        trial=participant.trial,
        site=participant.site,
        participant=participant,
        rule=RULE,
        visit=visit,
        number=1,
        channel=CHANNEL,
        language=participant.language,
        key=f"{RULE}:{ids.new_id()}",
        state=State.SENDING,
        tries=1,
        planned_for=now,
        next_try_at=now,
        claimed_at=now,
    )


def _deliver(message: Message, address: str, letter: Letter) -> dict[str, Any]:
    """Hand the text over once; a person is there to try again."""
    try:
        channels.deliver(CHANNEL, address, letter, reference=message.pk.hex)
    except NotDelivered as failure:
        unknown = failure.reason == Message.Reason.NO_ANSWER
        state = State.UNCERTAIN if unknown else State.BOUNCED if failure.bounced else State.FAILED
        return {"state": state, "reason": failure.reason}
    return {"state": State.SENT, "sent_at": clock.now()}
