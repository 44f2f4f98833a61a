"""What the trail tells of acts behind the wall: the one way to open its entries and values."""

from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from audit import sealing, values
from audit.models import Change, Entry
from core import blindfold, encryption

CHUNK = 200


class ReadOutsideOpening(RuntimeError):
    """Code tried to read what is sealed in the trail without an opening; a mistake of ours, never of the person."""


@dataclass(frozen=True)
class Content:
    """What an entry tells, sealed or not. Values of changes are JSON text; identifying ones stay ciphertext."""

    actor_id: str
    actor_name: str
    reason: str
    facts: dict[str, Any]
    changes: tuple[Change, ...]


def content_of(entry: Entry, changes: Sequence[Change]) -> Content:
    """What an entry tells; ``changes`` are the rows that stand beside it. What is sealed, only inside an opening."""
    beside = tuple(_opened(change) for change in changes)
    if not entry.sealed:
        return Content(entry.actor_id, entry.actor_name, entry.reason, entry.facts, beside)
    held = sealing.unpacked(_decrypted(entry.sealed, sealing.context_of(entry)))
    inside = [
        Change(entry_id=entry.pk, order=order, **dict(zip(sealing.COLUMNS, row, strict=True)))
        for order, row in enumerate(held.pop("changes"))
    ]
    return Content(**held, changes=(*inside, *beside))


def opened_text(stored: str | None, change: Change) -> str | None:
    """The plain text of a changed value, which may be sealed by itself."""
    if stored is None or not stored.startswith(values.PREFIX):
        return stored
    plain = _decrypted(stored.removeprefix(values.PREFIX), values.context_of(change))
    return plain.decode().rstrip(values.PADDING)


def whole_trail(trial_id: UUID) -> Iterator[tuple[Entry, Content]]:
    """Every entry of a trial from the first on, with what is behind the wall; to be read to its end in an opening."""
    rows = Entry.objects.filter(chain=str(trial_id)).order_by("number").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        beside: defaultdict[UUID, list[Change]] = defaultdict(list)
        for change in Change.objects.filter(entry_id__in=[entry.pk for entry in chunk]).order_by("order"):
            beside[change.entry_id].append(change)
        yield from ((entry, content_of(entry, beside[entry.pk])) for entry in chunk)


def _opened(change: Change) -> Change:
    held = {name: getattr(change, name) for name in ("entry_id", "order", *sealing.COLUMNS)}
    return Change(**{**held, "old": opened_text(change.old, change), "new": opened_text(change.new, change)})


def _decrypted(sealed: str, context: str) -> bytes:
    if not blindfold.is_lifted():
        raise ReadOutsideOpening("What is sealed in the trail is read inside randomization.blindfold.unblinded only.")
    return encryption.decrypt(b64decode(sealed), key=encryption.keyring.key("audit"), context=context)
