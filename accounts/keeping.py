"""Keeping what somebody had typed when their login had run out, until they have signed in again.

Sealed with the installation's key and bound to the person: the database alone tells nothing, and nobody else is
ever shown it. Nothing is submitted from here; the page shows it again, and the person sends it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing

from accounts.models import KeptEntry, User
from core import clock, encryption

KEPT_FOR = timedelta(hours=12)
MARKED_FOR = timedelta(days=7)
MOST_KEPT = 50
"""So many for one person; a further one takes the place of the oldest."""
_SIGNER = signing.Signer(salt="accounts.keeping")


@dataclass(frozen=True)
class Kept:
    """What was typed, by field, as it was typed."""

    id: UUID
    page: str
    action: str
    typed: Mapping[str, Sequence[str]]


def mark_of(user: User) -> str:
    """Names, in a form, the person whose page it is: it still says so when their login has run out."""
    return _SIGNER.sign(f"{user.pk}.{_today()}")


def names(mark: str, user: User) -> bool:
    """Whether a mark, of whatever day, is this person's."""
    return _read(mark)[0] == user.pk


def owner_of(mark: str) -> User | None:
    """The person a mark names, or None if it was made up or is too old, or the account is closed.

    Too old: a mark stays on every saved page, and who finds one there could put entries before its person for ever.
    """
    key, day = _read(mark)
    if key is None or _today() - day > MARKED_FOR.days:
        return None
    return User.objects.filter(pk=key, is_active=True).first()


def keep(*, user: User, page: str, action: str, typed: Mapping[str, Sequence[str]]) -> KeptEntry:
    """Keep what was typed, for this person alone."""
    now = clock.now()
    forget_expired()
    older = KeptEntry.objects.filter(user=user).order_by("-kept_at", "pk").values_list("pk", flat=True)[MOST_KEPT - 1 :]
    KeptEntry.objects.filter(pk__in=list(older)).delete()
    entry = KeptEntry(user=user, page=page, action=action, kept_at=now, expires_at=now + KEPT_FOR)
    plain = json.dumps({name: list(values) for name, values in typed.items()}).encode()
    entry.typed = encryption.encrypt(plain, key=_key(), context=_place(entry))
    entry.save(force_insert=True)
    return entry


def kept_of(user: User, entry_id: UUID) -> Kept | None:
    """What was kept of this person; None if it is another's, expired, not there, or the key was changed since."""
    entry = KeptEntry.objects.filter(pk=entry_id, user=user, expires_at__gt=clock.now()).first()
    if entry is None:
        return None
    try:
        plain = encryption.decrypt(bytes(entry.typed), key=_key(), context=_place(entry))
    except encryption.WrongKey:
        return None
    typed: dict[str, list[str]] = json.loads(plain)
    return Kept(entry.pk, entry.page, entry.action, typed)


def newest_of(user: User) -> list[KeptEntry]:
    """Everything of this person that still waits, the newest first, unread."""
    return list(KeptEntry.objects.filter(user=user, expires_at__gt=clock.now()).order_by("-kept_at", "pk"))


def forget(user: User, entry_id: UUID) -> None:
    """It was sent: it need not be kept any more."""
    KeptEntry.objects.filter(pk=entry_id, user=user).delete()


def forget_expired() -> int:
    """Forget what nobody came back for."""
    expired = KeptEntry.objects.filter(expires_at__lte=clock.now())
    # Asked first: to delete nothing would still hold up every writer.
    return expired.delete()[0] if expired.exists() else 0


def _read(mark: str) -> tuple[UUID | None, int]:
    """Whom a mark names, and the day on which their page was opened; nobody if it was made up."""
    try:
        key, _point, day = _SIGNER.unsign(mark).partition(".")
        return UUID(key), int(day)
    except (signing.BadSignature, ValueError):
        return None, 0


def _today() -> int:
    return clock.now().date().toordinal()


def _key() -> bytes:
    return encryption.keyring.key("identifiers")


def _place(entry: KeptEntry) -> str:
    return f"{KeptEntry._meta.db_table}:{entry.pk}:{entry.user_id}"
