"""Entries behind the wall: who acted, why, and what was changed, in one ciphertext that the hash covers.

The actor alone tells the arm where each arm has its own therapists, and so does how much was changed. So all of it
is one text, packed and padded. Verb, record, time, role and place in the chain stay readable: the trail is
chained, counted and searched without a key. See docs/decisions/0011. Only ``randomization.trail`` opens it.
"""

import json
import zlib
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from audit.models import Change, Entry
from audit.values import padded
from core import encryption

SHORTEST = 512
SHORTEST_WITH_CHANGES = 4096
"""Bytes. A session of any of the shipped programmes fits in with all its exercises."""
COLUMNS = ("table", "record_id", "field", "field_class", "old", "new")


def seal(entry: Entry, changes: Sequence[Change]) -> None:
    """Take who, why and what out of an entry, and put it in again as ciphertext, with changes in plain text."""
    content = {
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name,
        "reason": entry.reason,
        "facts": entry.facts,
        "changes": [[getattr(change, name) for name in COLUMNS] for change in changes],
    }
    plain = _packed(content, SHORTEST_WITH_CHANGES if changes else SHORTEST)
    sealed = encryption.encrypt(plain, key=encryption.keyring.key("audit"), context=context_of(entry))
    entry.sealed = b64encode(sealed).decode()
    entry.actor_id = entry.actor_name = entry.reason = ""
    entry.facts = {}


def context_of(entry: Entry) -> str:
    """The place that the ciphertext of an entry is bound to."""
    return f"audit:entry:{entry.pk}"


def _packed(content: dict[str, Any], shortest: int) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return padded(zlib.compress(text.encode(), 9), shortest, by=b"\0")


def unpacked(plain: bytes) -> dict[str, Any]:
    """What was packed, without the padding."""
    content: dict[str, Any] = json.loads(zlib.decompressobj().decompress(plain))
    return content


def mark_of(*parts: str) -> str:
    """By which an entry is found again without its actor: equal for equal parts only, and readable to nobody."""
    return encryption.keyed_hash(json.dumps(parts), purpose="audit.mark")
