"""Anchors: where every chain ends, written down outside the database.

Whoever owns the database can rewrite a chain so that it verifies again. They cannot if its ends were kept elsewhere:
one line of JSON for each anchoring tells when, the number and hash of the last entry of every chain, and the SHA-256
of the line before, so that the file is a chain itself.
"""

import fcntl
import hashlib
import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from audit import chain
from audit.models import Entry, Head
from core import clock


class Line(NamedTuple):
    """One line of the file. ``heads``: chain, number and hash of each last entry."""

    at: str
    heads: dict[str, tuple[int, str]]
    previous: str


def default_path() -> Path:
    """The file that is written daily."""
    return Path(settings.ANCHORS_DIR) / "anchors.jsonl"


def anchor(path: Path) -> str:
    """Append a line for the chains as they end now, on disk when this returns; then mail it, if an address is set."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        # Of two at once the second waits, and follows from the first.
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        held = file.read()
        line = _line(held.splitlines()[-1] if held else b"")
        file.write((b"" if held.endswith(b"\n") or not held else b"\n") + line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    text = line.decode()
    if settings.ANCHORS_MAIL:
        send_mail(_("Ends of the audit trail"), f"{text}\n", None, [settings.ANCHORS_MAIL])
    return text


def verify(path: Path) -> str | None:
    """What the first line says that does not hold, of the file or of the trail; None if all of it holds."""
    previous, lines = b"", path.read_bytes().splitlines()
    if not lines:
        return "There are no anchors in the file."
    for place, raw in enumerate(lines, start=1):
        line = _read(raw)
        if line is None:
            return f"Line {place} of the anchors cannot be read."
        if line.previous != _hash(previous):
            return f"Line {place} of the anchors ({line.at}) does not follow from the one before it."
        for name, (number, digest) in sorted(line.heads.items()):
            stored = Entry.objects.filter(chain=name, number=number).first()
            if stored is None or stored.hash != digest:
                fault = "is another one now" if stored else "is missing"
                return f"{name}: Entry {number}, anchored at {line.at} (line {place}), {fault}."
        previous = raw
    return None


def _line(previous: bytes) -> bytes:
    heads = {head.chain: [head.number, head.hash] for head in Head.objects.exclude(number=0)}
    content = {"at": chain.moment(clock.now()), "heads": heads, "previous": _hash(previous)}
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def _hash(line: bytes) -> str:
    """The hash of a line; nothing before the first one."""
    return hashlib.sha256(line).hexdigest() if line else ""


def _read(raw: bytes) -> Line | None:
    try:
        content: Any = json.loads(raw)
        heads = {str(name): (int(number), str(digest)) for name, (number, digest) in content["heads"].items()}
        return Line(str(content["at"]), heads, str(content["previous"]))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
