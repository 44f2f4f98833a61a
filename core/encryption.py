"""AES-256-GCM and keyed hashes. Keys come from the environment, one per purpose, never from the database."""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core import ids

NONCE_BYTES = 12
KEY_BYTES = 32


class WrongKey(Exception):
    """The ciphertext was made with another key, for another place, or was altered."""


def encrypt(plain: bytes, *, key: bytes, context: str) -> bytes:
    """Nonce and ciphertext. ``context`` names the place (table, row, field) and is authenticated with it."""
    nonce = ids.random_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def decrypt(sealed: bytes, *, key: bytes, context: str) -> bytes:
    """What ``encrypt`` was given; raises WrongKey rather than return anything else."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except InvalidTag as error:
        raise WrongKey(f"Cannot decrypt {context}: the key or the place is not the one it was sealed for.") from error


class Keyring:
    """Keys by purpose: ``identifiers``, ``sequence``, ``audit``, ``hashes``."""

    def key(self, purpose: str) -> bytes:
        return decode_key(settings.ARMSLENGTH_KEYS[purpose])

    def check(self) -> None:
        """Read every key: a mistyped one stops the server at its start, not the first person who needs it."""
        for purpose in settings.ARMSLENGTH_KEYS:
            try:
                self.key(purpose)
            except ValueError as error:
                name = f"ARMSLENGTH_{purpose.upper()}_KEY"
                raise ImproperlyConfigured(f"{name}: a key must be 32 bytes written in URL-safe base64.") from error


keyring = Keyring()


@lru_cache(maxsize=16)
def decode_key(text: str) -> bytes:
    """The 32 bytes of a key written in base64, with or without the ``demo-`` prefix."""
    raw = base64.urlsafe_b64decode(text.removeprefix("demo-"))
    if len(raw) != KEY_BYTES:
        raise ValueError("A key must be 32 bytes written in URL-safe base64.")
    return raw


def keyed_hash(value: str, *, purpose: str) -> str:
    """HMAC-SHA256 in hex: lets equal identifiers be found without being readable."""
    message = f"{purpose}\0{value}".encode()
    return hmac.new(keyring.key("hashes"), message, hashlib.sha256).hexdigest()
