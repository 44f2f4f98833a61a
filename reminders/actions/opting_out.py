"""No more messages, please: asked for by the link in a message or told to the staff, and lifted when they want them."""

from datetime import timedelta

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor, ActorKind, Grant, Origin
from audit.acts import act, together
from core import clock
from core.problems import Conflict, Problem
from participants.actions import tasks
from participants.models import Participant, Task
from reminders import opt_out_links
from reminders.models import NO_MORE, Message, OptOut
from review.policies import check_not_locked
from trials.access import authorize, participant_grant

CALL_WITHIN = timedelta(days=2)
"""Until then somebody agrees with the participant how to reach them."""


def by_link(token: str) -> OptOut:
    """The participant asks for no more messages by the link in one; a second time changes nothing.

    Raises NotFound for a link that does not work, Conflict in a locked trial, which writes to nobody.
    """
    message = opt_out_links.message_of(token)
    participant = message.participant
    check_not_locked(participant.trial)
    actor = Actor(ActorKind.PARTICIPANT, str(participant.pk), participant.number, Origin.WEB)
    grant = participant_grant(actor, trial_id=message.trial_id, site_id=participant.site_id)
    return current(participant) or _opt_out(participant, message, grant)


def by_staff(*, participant: Participant, by: Actor) -> OptOut:
    """The participant told somebody of the staff; Conflict if it is recorded already."""
    grant = authorize(by, Permission.LOG_CONTACT, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    if current(participant) is not None:
        raise Conflict("messages.stopped", _("It is recorded already that this participant wants no more messages."))
    return _opt_out(participant, None, grant)


def lift(*, participant: Participant, by: Actor, reason: str) -> OptOut:
    """The participant wants messages again; ``reason`` says how they said so. How to reach them is settled with it."""
    grant = authorize(by, Permission.LOG_CONTACT, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    if not reason.strip():
        raise Problem(
            "messages.reason", _("Say when and how the participant asked for messages again."), field="reason"
        )
    held = current(participant)
    if held is None:
        raise Conflict("messages.not_stopped", _("This participant gets messages already."))
    waiting = Task.objects.filter(participant=participant, kind=NO_MORE, done_at=None).first()
    with together(), act("messages.resume", grant=grant, subject=participant, reason=reason) as a:
        a.change(held, lifted_at=clock.now())
        if waiting is not None:
            tasks.finish(task=waiting, grant=grant)
    return held


def current(participant: Participant) -> OptOut | None:
    """What stands of it now, or None if the participant takes messages."""
    return OptOut.objects.filter(participant=participant, lifted_at=None).first()


def check_wants_messages(participant: Participant) -> None:
    """Nobody is written to by hand against their wish either."""
    if current(participant) is not None:
        raise Conflict(
            "messages.stopped",
            _("This participant asked for no more messages. If they want one again, record that first."),
        )


def _opt_out(participant: Participant, message: Message | None, grant: Grant) -> OptOut:
    asked = OptOut(participant=participant, message=message, at=clock.now())
    try:
        with together(), act("messages.stop", grant=grant, subject=participant) as a:
            a.create(asked)
            due_on = clock.today(participant.site.time_zone) + CALL_WITHIN
            tasks.raise_task(participant=participant, kind=NO_MORE, due_on=due_on, grant=grant)
    except IntegrityError:
        # Two taps at once: the other was first.
        held = current(participant)
        if held is None:
            raise
        return held
    return asked
