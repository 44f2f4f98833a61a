"""What a file may be that is given as an answer: its kind is read from its first bytes, never from its name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.problems import Problem
from instruments.definition import Item

LARGEST = 2_000_000
"""Bytes of a file."""
SIGNS = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}
MEDIA_TYPES = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}

EMPTY = _("The file is empty. Choose another one.")
TOO_LARGE = _("The file is larger than 2 MB. Make it smaller, or send part of it.")
OTHER_KIND = _("The file is none of: %(kinds)s. Choose another one.")


def kind_of(content: bytes) -> str:
    """Return pdf, png or jpeg by the first bytes; "" for anything else."""
    return next((kind for kind, sign in SIGNS.items() if content.startswith(sign)), "")


def checked_upload(item: Item, content: bytes) -> str:
    """Return the kind of a file that the item takes; raises Problem for one that it does not."""
    if not content:
        raise Problem("upload.empty", EMPTY, field=item.code)
    if len(content) > LARGEST:
        raise Problem("upload.large", TOO_LARGE, field=item.code)
    kind = kind_of(content)
    if kind not in item.accepts:
        raise Problem("upload.kind", OTHER_KIND, field=item.code, params={"kinds": kinds_in_words(item)})
    return kind


def kinds_in_words(item: Item) -> str:
    """Return the kinds that an item takes: PDF, PNG, JPEG."""
    return ", ".join(kind.upper() for kind in item.accepts)
