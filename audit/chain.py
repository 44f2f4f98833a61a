"""The hash chain: each entry's hash covers the one before it, itself, and every changed field."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

from audit.models import Change, Entry, Head

_FIELDS = [
    "chain",
    "number",
    "at",
    "actor_kind",
    "actor_id",
    "actor_name",
    "role",
    "site_id",
    "origin",
    "verb",
    "subject_table",
    "subject_id",
    "subject_label",
    "reason",
    "facts",
    "secrecy",
    "previous_hash",
]
_FIELDS_SINCE_2 = ["format", "sealed", "mark"]
_CHANGE_FIELDS = ("order", "table", "record_id", "field", "field_class", "old", "new")
_CHUNK = 500


@dataclass(frozen=True)
class Finding:
    """The first altered row of a chain."""

    chain: str
    number: int
    sentence: str


def append(pairs: Sequence[tuple[Entry, list[Change]]]) -> None:
    """Store entries with their changes at the ends of their chains; locks each head until commit."""
    for chain in sorted({entry.chain for entry, _ in pairs}):
        own = [(entry, changes) for entry, changes in pairs if entry.chain == chain]
        head = _lock_head(chain)
        for entry, changes in own:
            _link(entry, changes, head)
        # While the head is held everybody else in the trial waits: one statement for each table.
        Entry.objects.bulk_create([entry for entry, _changes in own])
        Change.objects.bulk_create([change for _entry, changes in own for change in changes])
        head.save(force_update=True)


def _lock_head(chain: str) -> Head:
    locked = Head.objects.select_for_update()
    held = locked.filter(pk=chain).first()
    if held is None:
        # The first act of a chain; of two at once, the second waits here for the first.
        Head.objects.get_or_create(chain=chain)
        held = locked.get(pk=chain)
    return held


def _link(entry: Entry, changes: list[Change], head: Head) -> None:
    entry.number = head.number + 1
    entry.previous_hash = head.hash
    entry.hash = digest(entry, changes)
    for change in changes:
        change.entry_id = entry.pk
    head.number, head.hash = entry.number, entry.hash


def digest(entry: Entry, changes: Sequence[Change]) -> str:
    """SHA-256 over the canonical JSON of an entry, the hash before it, and its changes in order."""
    fields = _FIELDS if entry.format == 1 else [*_FIELDS, *_FIELDS_SINCE_2]
    content = {name: getattr(entry, name) for name in fields}
    content["at"] = moment(entry.at)
    content["site_id"] = str(entry.site_id) if entry.site_id else None
    content["changes"] = [[getattr(change, name) for name in _CHANGE_FIELDS] for change in changes]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def moment(at: datetime) -> str:
    """A moment as it is hashed: in UTC, to the microsecond, whatever zone it came in and however it was stored."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def verify(chain: str) -> Finding | None:
    """Recompute a whole chain; the first row that does not fit, or None."""
    previous, number = "", 0
    for entry, changes in entries_with_changes(chain):
        number += 1
        if entry.number != number:
            return Finding(chain, number, f"Entry {number} is missing; the next one found is {entry.number}.")
        if entry.previous_hash != previous:
            return Finding(chain, number, f"Entry {number} ({entry.verb}) does not follow from the one before it.")
        if digest(entry, changes) != entry.hash:
            return Finding(chain, number, f"Entry {number} ({entry.verb}, {moment(entry.at)}) was altered.")
        previous = entry.hash
    head = Head.objects.filter(chain=chain).first()
    if head is None:
        return Finding(chain, number, f"The chain has lost its end; {number} entries are left.") if number else None
    if (head.number, head.hash) != (number, previous):
        return Finding(chain, number + 1, f"The chain should end at entry {head.number} but ends at {number}.")
    return None


def entries_with_changes(chain: str, verb: str | None = None) -> Iterator[tuple[Entry, list[Change]]]:
    """The entries of a chain, or those of one verb, with their changes in order; two queries for each chunk."""
    entries = Entry.objects.filter(chain=chain) if verb is None else Entry.objects.filter(chain=chain, verb=verb)
    rows = entries.order_by("number").iterator(chunk_size=_CHUNK)
    while chunk := list(islice(rows, _CHUNK)):
        changes: defaultdict[UUID, list[Change]] = defaultdict(list)
        for change in Change.objects.filter(entry_id__in=[entry.pk for entry in chunk]).order_by("order"):
            changes[change.entry_id].append(change)
        for entry in chunk:
            yield entry, changes[entry.pk]
