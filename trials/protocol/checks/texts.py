"""Is every text there in every language of the trial, and does every outcome have its form?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from ..schema import Protocol
from ..words import Part, Text
from .finding import Finding, problem, unknown

LONGEST_TITLE = 200
LONGEST_SITE_NAME = 120


def findings(protocol: Protocol) -> Iterator[Finding]:
    for path, text in texts_of(protocol):
        missing = [language for language in protocol.languages if not text.says(language)]
        if missing:
            yield problem(
                _('%(path)s: has no text in %(languages)s. Add it, or remove the language from "languages".'),
                path=path,
                languages=", ".join(missing),
            )
    yield from _lengths(protocol)
    for outcome in protocol.outcomes:
        if outcome.instrument not in protocol.instruments:
            yield unknown(f"outcomes[{outcome.code}].instrument", outcome.instrument, protocol.instruments)
    for assumption in protocol.assumptions:
        if assumption.about.split(".")[0].split("[")[0] not in Protocol.model_fields:
            yield unknown(f"assumptions[{assumption.code}].about", assumption.about, sorted(Protocol.model_fields))


def _lengths(protocol: Protocol) -> Iterator[Finding]:
    """Titles and site names head every page, and must fit there."""
    heads = [("title", protocol.title, LONGEST_TITLE), ("public_title", protocol.public_title, LONGEST_TITLE)]
    heads += [(f"sites[{site.code}].name", site.name, LONGEST_SITE_NAME) for site in protocol.sites]
    for path, text, longest in heads:
        for language, words in text.root.items():
            if len(words) > longest:
                yield problem(
                    _("%(path)s.%(language)s: has %(length)s characters. Shorten it to %(longest)s."),
                    path=path,
                    language=language,
                    length=len(words),
                    longest=longest,
                )


def texts_of(part: Any, path: str = "") -> Iterator[tuple[str, Text]]:
    """Every Text below `part` with its path, in the document's order."""
    if isinstance(part, Text):
        yield path, part
    elif isinstance(part, Part):
        for name in type(part).model_fields:
            yield from texts_of(getattr(part, name), f"{path}.{name}" if path else name)
    elif isinstance(part, tuple):
        for number, each in enumerate(part, start=1):
            code = getattr(each, "code", None) or getattr(each, "name", None) or number
            yield from texts_of(each, f"{path}[{code}]")
