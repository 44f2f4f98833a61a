"""Identifiers as ciphertext: one key per participant, itself wrapped by the installation's ``identifiers`` key.

The trail keeps the ciphertext, never the participant's key, so that erasing that key makes the person unreadable
everywhere while the chain of the trail stays valid.
"""

from typing import Any

from django.db import models

from core import encryption, ids


class SealedField(models.BinaryField):
    """A column of ciphertext. None: not given. An empty text is ciphertext too, and so is kept apart from None."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            raise TypeError(f"{self.name} takes ciphertext, never plain text.")
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(self.to_python(value), connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return None if value is None else bytes(value)


def new_wrapped_key(owner: str) -> bytes:
    """A fresh participant's key, wrapped; ``owner`` (the participant's id) is authenticated with it."""
    return encryption.encrypt(
        ids.random_bytes(encryption.KEY_BYTES), key=encryption.keyring.key("identifiers"), context=f"key:{owner}"
    )


def unwrap(wrapped: bytes, owner: str) -> bytes:
    """The participant's key; raises WrongKey if the installation's key is another one."""
    return encryption.decrypt(wrapped, key=encryption.keyring.key("identifiers"), context=f"key:{owner}")


def seal(text: str | None, *, key: bytes, record: models.Model, field: str) -> bytes | None:
    """Ciphertext of a text, bound to its table, row and field; None stays None."""
    return None if text is None else encryption.encrypt(text.encode(), key=key, context=place(record, field))


def read(sealed: bytes | memoryview | None, *, key: bytes, record: models.Model, field: str) -> str | None:
    """The text again; raises WrongKey rather than return ciphertext."""
    return None if sealed is None else encryption.decrypt(bytes(sealed), key=key, context=place(record, field)).decode()


def place(record: models.Model, field: str) -> str:
    """The name of a place: ``table:row:field``."""
    return f"{record._meta.db_table}:{record.pk}:{field}"
