"""The copy of a consent to the participant: planned here, sent by the worker like any message, opened by its link."""

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor, ActorKind, Origin
from audit.acts import act
from core import clock
from core.problems import Conflict, Problem
from participants.codes import Channel, WithdrawalScope
from participants.models import Consent, Contact
from participants.policies import check_may_be_contacted
from participants.queries import delivery_address, withdrawn_from
from reminders import copy_links
from reminders.actions import opting_out
from reminders.models import LEFT, Message
from review.policies import check_not_locked, is_locked
from trials.access import authorize, participant_grant

RULE = "consent_copy"
"""What stands in place of a rule of the protocol."""
CHANNEL = "email"
AGAIN = (Message.State.FAILED, Message.State.BOUNCED, Message.State.STOPPED)
"""After these it has not reached anybody, and may be sent once more."""

ARRIVED = (*LEFT, Message.State.UNCERTAIN)


def send(*, consent: Consent, by: Actor) -> Message:
    """Hand the copy of a consent to the worker, to be sent by e-mail, once.

    Raises Conflict if it was sent or waits already, or the participant asked not to be contacted, and Problem if
    there is no address.
    """
    participant = consent.participant
    grant = authorize(by, Permission.CONSENT, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    check_may_be_contacted(participant)
    opting_out.check_wants_messages(participant)
    held = copies_of(consent)
    if any(each.state not in AGAIN for each in held):
        raise _sent()
    if delivery_address(participant, CHANNEL, grant) is None:
        raise Problem("copy.no_address", _("There is no e-mail address. Print the copy, or add an address first."))
    number, now = len(held) + 1, clock.now()
    message = Message(trial=participant.trial, site=participant.site, participant=participant, consent=consent)
    message.rule, message.number, message.key = RULE, number, f"{RULE}:{consent.pk}:{number}"
    message.channel, message.language = CHANNEL, consent.language
    message.planned_for = message.next_try_at = now
    try:
        with act("message.plan", grant=grant, subject=participant) as a:
            return a.create(message)
    except IntegrityError as error:
        raise _sent() from error


def send_if_wished(*, consent: Consent, by: Actor) -> Message | None:
    """After a consent: send the copy to whoever can be reached by e-mail and prefers no other way."""
    participant = consent.participant
    grant = authorize(by, Permission.CONSENT, trial=participant.trial, site=participant.site)
    contact = Contact.objects.filter(participant=participant).first()
    if contact is None or contact.preferred_channel not in ("", Channel.EMAIL):
        return None
    if withdrawn_from(participant, WithdrawalScope.CONTACT) or opting_out.current(participant) is not None:
        return None
    if not delivery_address(participant, CHANNEL, grant):
        return None
    return send(consent=consent, by=by)


def copies_of(consent: Consent) -> list[Message]:
    """The copies sent of a consent, the newest first."""
    return list(Message.objects.filter(consent=consent).order_by("-number", "pk"))


def open_copy(token: str) -> Consent:
    """The consent of a link; its first opening is noted, unless the trial is locked. NotFound for a bad link."""
    message = copy_links.message_of(token)
    participant, consent = message.participant, message.consent
    if message.opened_at is None and message.state in ARRIVED and not is_locked(message.trial):
        actor = Actor(ActorKind.PARTICIPANT, str(participant.pk), participant.number, Origin.WEB)
        grant = participant_grant(actor, trial_id=message.trial_id, site_id=participant.site_id)
        with act("message.open", grant=grant, subject=participant) as a:
            # Two devices may open it at once; neither is told that the other was first.
            held = Message.objects.select_for_update().get(pk=message.pk)
            a.change(held, opened_at=held.opened_at or clock.now())
    assert consent is not None  # noqa: S101 -- message_of finds messages about a consent only
    return consent


def _sent() -> Conflict:
    return Conflict("copy.sent", _("The copy was sent already, or is about to be. Print it for a further one."))
