"""Links by which somebody of the staff reads their calendar of a trial in a program of their own, without a login."""

import hashlib
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from audit.actors import Actor, ActorKind, Grant, Origin
from audit.acts import act
from core import clock, ids
from core.problems import Conflict, NotFound, Refused
from trials.access import authorize
from trials.models import CalendarLink, Trial

READING = (Permission.BOOK, Permission.ASSESS)
"""Of whoever has one of these, somebody is expected at a place and a time."""
DAYS = 365


def issue(*, trial: Trial, by: Actor) -> str:
    """A new link for oneself; gives its token, which is never to be had again. One that was there ends."""
    grant = _grant(trial, by)
    token, now = ids.token(), clock.now()
    with act("calendar_link.issue", grant=grant, subject=trial) as a:
        held = link_of(trial=trial, by=by)
        if held is not None:
            a.change(held, revoked_at=now)
        a.create(
            CalendarLink(
                user=User.objects.get(pk=by.id),
                trial=trial,
                token_hash=_hash(token),
                issued_at=now,
                expires_at=now + timedelta(days=DAYS),
            )
        )
    return token


def revoke(*, trial: Trial, by: Actor) -> None:
    """Switch off one's own link; Conflict when there is none."""
    grant = _grant(trial, by)
    held = link_of(trial=trial, by=by)
    if held is None:
        raise Conflict("calendar_link.none", _("You have no calendar link. There is nothing to switch off."))
    with act("calendar_link.revoke", grant=grant, subject=trial) as a:
        a.change(held, revoked_at=clock.now())


def link_of(*, trial: Trial, by: Actor) -> CalendarLink | None:
    """Somebody's own link, if one works."""
    held = CalendarLink.objects.filter(trial=trial, user_id=by.id, revoked_at=None).order_by("issued_at", "pk").last()
    return held if held and held.expires_at > clock.now() else None


def open(token: str) -> tuple[Trial, Actor]:
    """Whose calendar a token opens. NotFound, the same for every token that opens nothing."""
    rows = CalendarLink.objects.select_related("trial", "user")
    link = rows.filter(token_hash=_hash(token), revoked_at=None, user__is_active=True).first()
    if link is None or link.expires_at <= clock.now():
        raise NotFound("calendar_link.unknown", _("This calendar is not there any more."))
    return link.trial, Actor(ActorKind.PERSON, str(link.user_id), link.user.name, Origin.WEB)


def _grant(trial: Trial, by: Actor) -> Grant:
    """Proof that somebody may read a calendar of the trial."""
    try:
        return authorize(by, READING[0], trial=trial)
    except Refused:
        return authorize(by, READING[1], trial=trial)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
