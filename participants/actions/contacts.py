"""Contact details, and the log of attempts to reach somebody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.roles import ROLES, Role
from audit.actors import Actor
from audit.acts import Act, act, stale
from core import clock
from core.problems import Conflict, Problem
from participants import identifiers
from participants.codes import AttemptOutcome, Channel
from participants.details import Details, read_details
from participants.encrypted import seal
from participants.models import Contact, ContactAttempt, Participant
from participants.policies import check_may_be_contacted, check_not_in_future, hold
from review.policies import check_not_locked
from trials.access import authorize
from trials.models import Site, Trial

LONGEST_NOTE = 2000


def save(
    *,
    participant: Participant,
    contact: Mapping[str, Any],
    by: Actor,
    confirmed_not_duplicate: bool = False,
    reason: str = "",
    revision: int | None = None,
) -> Contact:
    """Save contact details; fields left out stay as they are, None forgets one.

    Raises Invalid with every mistyped field, and participant.duplicate if somebody with the same e-mail, phone, or
    name and birth date takes part already, unless confirmed with a reason. With ``revision`` (0: none were held) a
    save over somebody else's is refused (Conflict).
    """
    grant = authorize(by, Permission.VIEW_CONTACT, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    changes = read_details(contact, clock.today(participant.site.time_zone))
    held = identifiers.open_contact(Contact.objects.filter(participant=participant).first())
    details = identifiers.merged(held, changes)
    if not confirmed_not_duplicate:
        check_not_duplicate(participant.trial, participant.site, details, apart_from=participant)
    elif not reason.strip():
        raise duplicate_reason()
    with act("contact.save", grant=grant, subject=participant, reason=reason) as a:
        hold(participant)
        if revision is not None and revision != revision_of(participant):
            raise stale()
        return write(a, participant, changes)


def revision_of(participant: Participant) -> int:
    """Which revision of the contact details is stored; 0 if none are."""
    held = Contact.objects.filter(participant=participant).values_list("revision", flat=True).first()
    return held or 0


def check_not_duplicate(trial: Trial, site: Site, details: Details, apart_from: Participant | None) -> None:
    """Warn of the same person twice in a trial; names the other only within the site."""
    others = identifiers.same_person(trial, details, apart_from)
    if not others:
        return
    here = [other.number for other in others if other.site_id == site.pk]
    if here:
        sentence = _(
            "%(numbers)s has the same e-mail, phone, or name and birth date. Screen that participant again, "
            "or confirm that this is another person and say why."
        )
    else:
        sentence = _(
            "Somebody at another site has the same e-mail, phone, or name and birth date. "
            "Ask that site, or confirm that this is another person and say why."
        )
    raise Conflict("participant.duplicate", sentence, params={"numbers": ", ".join(here)})


def duplicate_reason() -> Problem:
    """The problem of confirming another person without saying why."""
    return Problem("participant.duplicate_reason", _("Say how you know that this is another person."), field="reason")


def write(a: Act, participant: Participant, changes: Mapping[str, Any]) -> Contact:
    """Store checked details inside an act; only fields that differ are sealed anew."""
    contact = Contact.objects.filter(participant=participant).first()
    is_new = contact is None
    contact = contact or Contact(participant=participant)
    key = identifiers.ensure_key(participant)
    details = Details() if is_new else identifiers.open_contact(contact)
    values = identifiers.sealed_values(contact, details, changes, key)
    if is_new:
        for name, value in values.items():
            setattr(contact, name, value)
        a.create(contact)
    else:
        a.change(contact, **values)
    identifiers.index(participant, identifiers.merged(details, changes))
    return contact


def log_attempt(
    *,
    participant: Participant,
    channel: str,
    outcome: str,
    by: Actor,
    at: datetime | None = None,
    note: str | None = None,
) -> ContactAttempt:
    """Log that somebody tried to reach the participant, and what came of it; ``at`` is now unless given."""
    grant = authorize(by, Permission.LOG_CONTACT, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    check_may_be_contacted(participant)
    at = at or clock.now()
    check_not_in_future(at, "at")
    _check_codes(channel, outcome, note)
    with act("contact.log_attempt", grant=grant, subject=participant) as a:
        attempt = ContactAttempt(participant=participant, channel=channel, outcome=outcome, at=at, by=by.id)
        attempt.by_unblinded = ROLES[Role(grant.role)].unblinding
        if note is not None:
            key = identifiers.ensure_key(participant)
            attempt.note = seal(note, key=key, record=attempt, field="note")
        return a.create(attempt)


def _check_codes(channel: str, outcome: str, note: str | None) -> None:
    if channel not in Channel.values:
        raise Problem("contact.channel", _("Choose one of the channels in the list."), field="channel")
    if outcome not in AttemptOutcome.values:
        raise Problem("contact.outcome", _("Choose what came of it from the list."), field="outcome")
    if note is not None and len(note) > LONGEST_NOTE:
        raise Problem("contact.note", _("Keep the note under 2000 characters."), field="note")
