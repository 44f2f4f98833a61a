"""API tokens: shown once, stored as a hash, refused after their day and after a new password of their person."""

import hashlib
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken, User
from audit.actors import Actor, Grant
from audit.acts import act
from core import clock, ids
from core.problems import Problem

LONGEST_DAYS = 365


def issue(*, user: User, purpose: str, days: int, by: Actor) -> tuple[ApiToken, str]:
    """A new token for a user's own use and its text, which cannot be shown again."""
    if not 1 <= days <= LONGEST_DAYS:
        raise Problem("token.days", _("A token lasts from 1 to 365 days."), field="days")
    text = ids.token()
    now = clock.now()
    with act("token.issue", grant=Grant(by, "account")) as a:
        token = ApiToken.objects.create(
            user=user, purpose=purpose, hash=_hash(text), created_at=now, expires_at=now + timedelta(days=days)
        )
        a.note(token=str(token.pk), user=str(user.pk), days=days)
    return token, text


def revoke(*, token: ApiToken, by: Actor) -> None:
    """End a token now."""
    with act("token.revoke", grant=Grant(by, "account")) as a:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        a.note(token=str(token.pk))


def find_user(text: str) -> User | None:
    """Whose valid token this is, or None."""
    token = ApiToken.objects.select_related("user").filter(hash=_hash(text)).first()
    return token.user if token and token.is_valid(clock.now()) else None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
