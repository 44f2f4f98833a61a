"""Values as the trail keeps them: JSON text, secret ones as ciphertext that the hash covers."""

import json
from base64 import b64decode, b64encode
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from audit.classes import FieldClass
from audit.models import Change
from core import encryption

_SEALED = {FieldClass.UNBLINDING, FieldClass.CONCEALED}
_PREFIX = "sealed:"


def plain_text(value: Any) -> str | None:
    """Canonical JSON text of a value; None stays None."""
    if value is None:
        return None
    return json.dumps(value, default=_simplify, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def as_text(value: Any, change: Change) -> str | None:
    """What the trail stores of a value, given the field it belongs to.

    Identifying fields reach here as ciphertext already: their columns hold nothing else.
    """
    text = plain_text(value)
    if text is None or change.field_class not in _SEALED:
        return text
    sealed = encryption.encrypt(text.encode(), key=encryption.keyring.key("audit"), context=_context(change))
    return _PREFIX + b64encode(sealed).decode()


def read_text(stored: str | None, change: Change) -> Any:
    """The value again. The caller has made sure the reader may see it."""
    if stored is None:
        return None
    if stored.startswith(_PREFIX):
        sealed = b64decode(stored.removeprefix(_PREFIX))
        key = encryption.keyring.key("audit")
        stored = encryption.decrypt(sealed, key=key, context=_context(change)).decode()
    return json.loads(stored)


def _context(change: Change) -> str:
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
