"""Links by which participants answer their own forms of one visit, without a login.

Only the SHA-256 of a token is stored, so every message carries a new one. Earlier links of the visit stay valid
until they expire: somebody may tap the first message after the third was sent. They open the same forms. A link
dies with the e-mail address or phone number that was held when it was made: once one of them is changed, whoever
reads the old messages opens nothing, and no door by which contact details are saved can forget to see to it.
"""

import hashlib
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor, ActorKind, Grant, Origin
from audit.acts import act
from core import clock, ids
from core.problems import Conflict, NotFound, Problem
from outcomes.models import Link, Visit
from outcomes.policies import check_takes_answers, check_taking_part, last_answer_day
from participants.models import IdentifierHash, Participant
from review.policies import check_not_locked
from trials.access import authorize, not_found, participant_grant
from trials.queries import protocol_of

TOKEN_BYTES = 32
LONGEST_TOKEN = 64


def issue(*, participant: Participant, visit: Visit, grant: Grant) -> tuple[Link, str]:
    """A new link to a visit's forms, and the text of its token, which is never to be had again.

    It expires with the last day on which the participant may answer. Problem if that day has passed.
    """
    if visit.participant_id != participant.pk or grant.trial_id != participant.trial_id:
        raise not_found()
    check_not_locked(participant.trial)
    check_taking_part(participant)
    now, expires_at = clock.now(), expiry_of(visit, participant)
    if expires_at <= now:
        raise Problem("link.too_late", _("The time for these forms has passed; no link can be made."))
    token = ids.token(TOKEN_BYTES)
    with act("link.issue", grant=grant, subject=participant) as a:
        link = Link(
            trial_id=participant.trial_id,
            participant=participant,
            visit=visit,
            token_hash=_hash(token),
            issued_at=now,
            expires_at=expires_at,
        )
        link.email_then, link.phone_then = _reached_by(link)
        a.create(link)
    return link, token


def send_grant(*, participant: Participant, by: Actor) -> Grant:
    """Proof that a person of the staff may make a link, for example to read it out on the phone."""
    return authorize(by, Permission.SEND_LINK, trial=participant.trial, site=participant.site)


def expiry_of(visit: Visit, participant: Participant) -> datetime:
    """Midnight at the site after the last day on which the participant may answer."""
    day = last_answer_day(protocol_of(participant.trial), visit) + timedelta(days=1)
    return datetime.combine(day, time(), ZoneInfo(participant.site.time_zone))


def open(token: str) -> Link:
    """The link of a token. NotFound with a sentence when it is unknown, revoked, expired or sent to an old address.

    In a locked trial it does not open, and nothing is written: Conflict.
    """
    link = None
    if len(token) <= LONGEST_TOKEN:
        rows = Link.objects.select_related("participant__site", "participant__trial", "visit", "trial")
        link = rows.filter(token_hash=_hash(token)).first()
    if link is None:
        raise NotFound(
            "link.unknown", _("This link does not work. Open it again from the newest message, or call the study team.")
        )
    if link.revoked_at is not None:
        raise NotFound(
            "link.revoked", _("This link was switched off. Open the newest message, or call the study team.")
        )
    if any(
        then and then != now for then, now in zip((link.email_then, link.phone_then), _reached_by(link), strict=True)
    ):
        raise NotFound(
            "link.moved",
            _(
                "Your e-mail address or phone number changed, so this link was switched off. Open the newest message, "
                "or call the study team."
            ),
        )
    if link.expires_at <= clock.now():
        raise NotFound("link.expired", _("The time to answer has passed. Call the study team if you still want to."))
    check_takes_answers(link.trial)
    check_taking_part(link.participant)
    _note_use(link)
    return link


def actor_of(link: Link) -> Actor:
    """The participant, answering by an opened link."""
    return Actor(ActorKind.PARTICIPANT, str(link.participant_id), link.participant.number, Origin.WEB)


def revoke(*, link: Link, by: Actor, reason: str) -> Link:
    """Switch a link off, for example when it was sent to the wrong address."""
    grant = send_grant(participant=link.participant, by=by)
    if not reason.strip():
        raise Problem("link.reason", _("Say why the link is switched off."), field="reason")
    check_not_locked(link.trial)
    if link.revoked_at is not None:
        raise Conflict("link.off", _("This link is switched off already."))
    with act("link.revoke", grant=grant, subject=link.participant, reason=reason) as a:
        return a.change(link, revoked_at=clock.now())


def _note_use(link: Link) -> None:
    """Noted once a day: every tap would drown the trail."""
    zone, now = link.participant.site.time_zone, clock.now()
    if link.last_used_at and clock.day_of(link.last_used_at, zone) == clock.day_of(now, zone):
        return
    grant = participant_grant(actor_of(link), trial_id=link.trial_id, site_id=link.participant.site_id)
    with act("link.open", grant=grant, subject=link.participant) as a:
        # Two devices may open it at once; neither is told that the other was first.
        a.change(Link.objects.select_for_update().get(pk=link.pk), last_used_at=now)


def _reached_by(link: Link) -> tuple[str, str]:
    """Fingerprints of the e-mail address and phone number held now, of use for this link alone."""
    kinds = (IdentifierHash.Kind.EMAIL, IdentifierHash.Kind.PHONE)
    rows = IdentifierHash.objects.filter(participant=link.participant_id, kind__in=kinds)
    held = dict(rows.order_by("kind", "pk").values_list("kind", "value"))
    email, phone = (_hash(f"{link.pk}:{held[kind]}") if kind in held else "" for kind in kinds)
    return email, phone


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
