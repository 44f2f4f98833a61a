"""Keys of the demo: made on first use, kept in an ignored file, marked so that production refuses them."""

import base64
import secrets
from contextlib import suppress
from pathlib import Path

NAMES = ("SECRET_KEY", "IDENTIFIERS_KEY", "SEQUENCE_KEY", "AUDIT_KEY", "HASHES_KEY")
PREFIX = "demo-"


def ensure(path: Path) -> dict[str, str]:
    """The demo's keys, read from the file or made and written there.

    Where nothing can be written (a read-only checkout running a pure command) they last as long as the process.
    """
    if path.exists():
        return dict(line.split("=", 1) for line in path.read_text().splitlines() if line)
    made = {name: PREFIX + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode() for name in NAMES}
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{name}={value}\n" for name, value in made.items()))
        path.chmod(0o600)
    return made


def same(keys: dict[str, str]) -> list[str]:
    """The variables of the first two keys that are the same, however their padding is written; empty if all differ."""
    first: dict[str, str] = {}
    for name, value in keys.items():
        other = first.setdefault(value.strip().rstrip("="), name)
        if other != name:
            return [each if each == "SECRET_KEY" else f"ARMSLENGTH_{each}" for each in (other, name)]
    return []
