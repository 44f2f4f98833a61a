"""Reads of the trail for people: what was done, by whom, with old and new values, without what must not be told."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from audit.actors import ActorKind
from audit.classes import FieldClass
from audit.models import Change, Entry
from audit.values import read_text

OPEN_VERBS = frozenset({"participant.randomize", "sequence.activate"})
"""Acts of unblinded roles that everybody may know of; who did them stays untold."""
CHUNK = 200


@dataclass(frozen=True)
class Audience:
    """Who reads. ``unblinded_roles`` and ``unblinded_tasks`` act behind the wall: what they do is not shown.

    ``sites``: entries of these sites only; None for all.
    """

    unblinded_roles: frozenset[str]
    unblinded_tasks: frozenset[str] = frozenset()
    sites: tuple[UUID, ...] | None = None


@dataclass(frozen=True)
class Shown:
    """One field changed. ``masked``: there is a value, and it is not shown."""

    field: str
    old: Any
    new: Any
    masked: bool


@dataclass(frozen=True)
class ShownEntry:
    """One act as it may be read. Of one behind the wall nothing is told that a person there typed or could choose."""

    at: datetime
    who: str
    role: str
    origin: str
    verb: str
    subject: str
    reason: str
    facts: dict[str, Any]
    changes: tuple[Shown, ...]


def entries_for(
    audience: Audience,
    trial_id: UUID,
    *,
    subject_id: UUID | None = None,
    verb: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
) -> QuerySet[Entry]:
    """The entries a blinded audience may read, newest first; to be paged. Nothing unblinding is among them."""
    behind = Q(role__in=audience.unblinded_roles) & ~Q(verb__in=OPEN_VERBS)
    behind |= Q(actor_kind=ActorKind.SYSTEM, actor_id__in=audience.unblinded_tasks)
    found = Entry.objects.filter(chain=str(trial_id)).exclude(secrecy=FieldClass.UNBLINDING).exclude(behind)
    if audience.sites is not None:
        found = found.filter(site_id__in=audience.sites)
    if subject_id is not None:
        found = found.filter(subject_id=str(subject_id))
    if verb:
        found = found.filter(verb=verb)
    if since is not None:
        found = found.filter(at__gte=since)
    if before is not None:
        found = found.filter(at__lt=before)
    return found.order_by("-at", "-number")


def has_happened(verb: str, *, trial_id: UUID, since: datetime) -> bool:
    """Whether an act was done in a trial since a moment, by whomever."""
    return Entry.objects.filter(chain=str(trial_id), at__gte=since, verb=verb).exists()


def shown(entries: Sequence[Entry], audience: Audience) -> list[ShownEntry]:
    """Entries with their changes, in one query. Identifying and concealed values are masked."""
    changes: defaultdict[UUID, list[Change]] = defaultdict(list)
    for change in Change.objects.filter(entry_id__in=[entry.pk for entry in entries]).order_by("order"):
        changes[change.entry_id].append(change)
    return [_shown(entry, changes[entry.pk], audience) for entry in entries]


def shown_in_chunks(entries: QuerySet[Entry], audience: Audience) -> Iterator[ShownEntry]:
    """The same for any number of entries, a chunk at a time."""
    rows = entries.iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield from shown(chunk, audience)


def older_than(entries: QuerySet[Entry], key: UUID) -> QuerySet[Entry]:
    """The entries after a given one in the list (older); all of them when it is not in the list.

    Pages go on from an entry, not from a number: a place in the chain would count what is not shown.
    """
    last = entries.filter(pk=key).first()
    if last is None:
        return entries
    return entries.filter(Q(at__lt=last.at) | Q(at=last.at, number__lt=last.number))


def _shown(entry: Entry, changes: Iterable[Change], audience: Audience) -> ShownEntry:
    behind = entry.role in audience.unblinded_roles
    return ShownEntry(
        at=entry.at,
        who="" if behind else entry.actor_name,
        role=entry.role,
        origin=entry.origin,
        verb=entry.verb,
        subject=entry.subject_label,
        reason="" if behind else entry.reason,
        facts={} if behind else entry.facts,
        changes=tuple(_change(change) for change in changes if not _is_key(change)),
    )


def _change(change: Change) -> Shown:
    if change.field_class not in (FieldClass.EXPORTABLE, FieldClass.TECHNICAL):
        return Shown(change.field, None, None, masked=True)
    return Shown(change.field, read_text(change.old, change), read_text(change.new, change), masked=False)


def _is_key(change: Change) -> bool:
    """Whether the values are keys of other records, which tell a person nothing (and may point at one)."""
    values = [read_text(text, change) for text in (change.old, change.new) if text and not _secret(change)]
    return bool(values) and all(_is_uuid(value) for value in values)


def _secret(change: Change) -> bool:
    return change.field_class not in (FieldClass.EXPORTABLE, FieldClass.TECHNICAL)


def _is_uuid(value: Any) -> bool:
    if not isinstance(value, str) or len(value) != 36:
        return False
    try:
        UUID(value)
    except ValueError:
        return False
    return True
