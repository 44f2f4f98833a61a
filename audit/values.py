"""Values as the trail keeps them: JSON text, secret ones as ciphertext that the hash covers."""

import json
from base64 import b64encode
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from audit.classes import FieldClass
from audit.models import Change
from core import encryption

_SEALED = {FieldClass.UNBLINDING, FieldClass.CONCEALED}
PREFIX = "sealed:"
PADDING = " "
SHORTEST = 64
LONGER_BY = 4


class SealedValue(RuntimeError):
    """Code tried to read a sealed value where nothing can open it; a mistake of ours, never of the person."""


def plain_text(value: Any) -> str | None:
    """Canonical JSON text of a value; None stays None."""
    if value is None:
        return None
    return json.dumps(value, default=_simplify, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sealed_text(text: str | None, change: Change) -> str | None:
    """What the trail stores of a value in plain text, given the field it belongs to.

    Identifying fields reach here as ciphertext already: their columns hold nothing else.
    """
    if text is None or change.field_class not in _SEALED:
        return text
    plain = padded(text.encode(), SHORTEST, by=PADDING.encode())
    sealed = encryption.encrypt(plain, key=encryption.keyring.key("audit"), context=context_of(change))
    return PREFIX + b64encode(sealed).decode()


def padded(plain: bytes, shortest: int, *, by: bytes) -> bytes:
    """Filled up to one of few lengths, each four times the one before: a length tells next to nothing."""
    length = shortest
    while length < len(plain):
        length *= LONGER_BY
    return plain.ljust(length, by)


def read_text(stored: str | None, change: Change) -> Any:
    """The value again, of a field that is not sealed. The caller has made sure the reader may see it."""
    if stored is None:
        return None
    if stored.startswith(PREFIX):
        raise SealedValue(f"{change.table}.{change.field} is opened by randomization.trail only.")
    return json.loads(stored)


def context_of(change: Change) -> str:
    """The place that the ciphertext of a value is bound to."""
    return f"audit:{change.table}:{change.record_id}:{change.field}"


def _simplify(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    if isinstance(value, set | frozenset | tuple):
        return sorted(value) if isinstance(value, set | frozenset) else list(value)
    return str(value)
