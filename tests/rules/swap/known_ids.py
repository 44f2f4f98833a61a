"""Keys that are the same in both worlds, however many rows an arm makes in between."""

import hashlib
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db.models import Model, UUIDField
from django.db.models.signals import pre_init

from core import ids

_TOLD_BY = ("verb", "table", "record_id", "field")
"""Arguments that tell apart entries and changes of the trail, of which one arm may have more."""


@contextmanager
def known_ids(name: str) -> Iterator[None]:
    """Inside, a new row's key follows from ``name``, its model and how many of these came before it.

    Drawing all keys from one stream would not do: where one arm's session has more exercises, every later key
    would differ. Tokens, study numbers and the like come from a stream of their own.
    """
    seen: Counter[str] = Counter()

    def give_key(sender: type[Model], args: Any, kwargs: dict[str, Any], **_: Any) -> None:
        if args or "id" in kwargs or not isinstance(sender._meta.pk, UUIDField):
            return
        kind = "|".join([sender._meta.label, *(str(kwargs.get(each, "")) for each in _TOLD_BY)])
        seen[kind] += 1
        kwargs["id"] = UUID(bytes=digest(f"{name}|{kind}|{seen[kind]}")[:16], version=4)

    pre_init.connect(give_key, weak=False, dispatch_uid=name)
    try:
        with ids.seeded(int.from_bytes(digest(name)[:8], "big")):
            yield
    finally:
        pre_init.disconnect(dispatch_uid=name)


def digest(name: str) -> bytes:
    """32 bytes that follow from a name."""
    return hashlib.sha256(name.encode()).digest()


def chance_of(name: str) -> random.Random:
    """Somebody's own chance."""
    return random.Random(digest(name))
