"""What the investigator signs of a protocol, as one hash: an amendment of anything else leaves it in force."""

import hashlib
import json

from .schema import Protocol


def strata_hash(protocol: Protocol) -> str:
    """SHA-256 (64 hex digits) of the strata: their codes, sources and bounds; not their wording."""
    factors = [
        factor.model_dump(mode="json", exclude={"label": True, "why": True, "levels": {"__all__": {"label"}}})
        for factor in protocol.strata
    ]
    text = json.dumps(factors, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
