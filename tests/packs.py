"""Content packs made of definitions, in words that were made up for tests: never the wording of anybody."""

import json
from typing import Any

from audit.actors import Actor
from instruments import catalogue
from instruments.definition import Definition
from trials.actions import content_packs
from trials.models import LoadedPack, Trial
from trials.queries import protocol_of
from trials.wordings import gaps


def pack_for(definition: Definition, language: str = "fr", **changes: Any) -> dict[str, Any]:
    """A pack that fits, every text of it told from those that are shipped."""
    items: dict[str, Any] = {}
    for item in definition.items:
        words: dict[str, Any] = {"text": f"Real {item.code}"}
        words |= {name: "Real end" for name in ("low_label", "high_label") if getattr(item, name)}
        if item.options:
            words["options"] = {str(code): f"Real {code}" for code in item.option_codes()}
        items[item.code] = words
    whole = {
        "instrument": definition.code,
        "instrument_version": definition.version,
        "version": "1",
        "language": language,
        "licence": {"owner": "Owner", "reference": "L-1"},
        "title": "Real title",
        "instructions": "Real instructions",
        "items": items,
    }
    if definition.recall:
        whole["recall"] = "Real recall"
    return whole | changes


def document(code: str, language: str = "fr", **changes: Any) -> str:
    """The same as a file."""
    return json.dumps(pack_for(catalogue.load(code), language, **changes))


def load(trial: Trial, by: Actor, code: str = "odi", language: str = "fr", reason: str = "", **more: Any) -> LoadedPack:
    """Load one; ``trial`` knows of it afterwards."""
    pack = content_packs.load(trial=trial, document=document(code, language, **more), by=by, reason=reason)
    trial.refresh_from_db()
    return pack


def load_all(trial: Trial, by: Actor) -> None:
    """Load whatever keeps a trial from recruiting."""
    for gap in list(gaps(trial, protocol_of(trial))):
        load(trial, by, gap.instrument, gap.language)
