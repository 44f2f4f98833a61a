"""Random identifiers and tokens, from the operating system unless a test seeds them.

Nothing random is drawn anywhere else, so that two worlds can be built alike (the swap test).
"""

import random
import secrets
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
_source: ContextVar[random.Random | None] = ContextVar("ids_source", default=None)
_SYSTEM = secrets.SystemRandom()


def random_bytes(count: int) -> bytes:
    """That many random bytes."""
    seeded_source = _source.get()
    return seeded_source.randbytes(count) if seeded_source else secrets.token_bytes(count)


def new_id() -> uuid.UUID:
    """A random (version 4) UUID: says nothing of order or time."""
    return uuid.UUID(bytes=random_bytes(16), version=4)


def token(nbytes: int = 32) -> str:
    """An unguessable URL-safe token of ``nbytes`` random bytes (32 bytes are 256 bits)."""
    return urlsafe_b64encode(random_bytes(nbytes)).rstrip(b"=").decode()


def choose(options: Sequence[T]) -> T:
    """One of the options, each equally likely."""
    return (_source.get() or _SYSTEM).choice(options)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draw reproducibly inside the block. For tests and rehearsals only."""
    held = _source.set(random.Random(seed))  # noqa: S311 -- reproducible on purpose
    try:
        yield
    finally:
        _source.reset(held)
