"""Cross checks of a protocol that reads well: does it hold together?"""

from __future__ import annotations

from collections.abc import Iterator

from ..schema import Protocol
from . import design, eligibility, limits, pace, people, programmes, randomization, texts, visits
from .finding import Finding

__all__ = ["Finding", "findings"]


def findings(protocol: Protocol) -> Iterator[Finding]:
    """Everything there is to say, section by section."""
    for section in (design, eligibility, randomization, visits, limits, pace, programmes, people, texts):
        yield from section.findings(protocol)
