"""Every word that would tell an arm, taken from the protocol, and where such a word stands."""

import re
from collections.abc import Iterator, Mapping

from tests import cast
from trials.protocol import Protocol, read_protocol

SESSIONS = re.compile(r"\b\d+ (?:of|sur|de|/) 48\b|\b48 (?:sessions|séances)\b")
"""How many sessions somebody has had."""


def protocol() -> Protocol:
    return read_protocol(cast.STRONG_BACK.read_text(encoding="utf-8"))


def code_of(name: str) -> str:
    """The arm that has this public name in some language."""
    return next(arm.code for arm in protocol().design.arms if name in arm.public_name.root.values())


def each_named_alike(text: str) -> bool:
    """Whether a text names every arm, one as often as the other."""
    names = [arm.public_name.root.values() for arm in protocol().design.arms]
    counts = {sum(text.count(word) for word in each) for each in names}
    return len(counts) == 1 and counts != {0}


def words_that_tell(of: Protocol) -> "re.Pattern[str]":
    """Arms, programmes, their exercises, equipment and places, and who delivers them."""
    words = {word for word in _words(of) if word}
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in sorted(words)))


def _words(of: Protocol) -> Iterator[str]:
    for arm in of.design.arms:
        yield from (arm.code, arm.registry_name or "", *arm.public_name.root.values())
    for programme in of.programmes:
        yield from programme.label.root.values()
        yield from programme.setting.root.values() if programme.setting else ()
        for kind in programme.session_types:
            yield from kind.label.root.values()
            for exercise in kind.exercises:
                yield from exercise.label.root.values()
                yield from exercise.equipment.root.values() if exercise.equipment else ()
    for name in ("marc", "priya"):
        yield from (cast.PEOPLE[name][0], cast.email_of(name))


def found_in(texts: Mapping[str, str]) -> list[str]:
    """What tells an arm in these texts, with where it stands; empty when nothing does."""
    telling = words_that_tell(protocol())
    return [
        f"{where}: {text[max(0, hit.start() - 60) : hit.end() + 60]!r}"
        for where, text in texts.items()
        for pattern in (telling, SESSIONS)
        for hit in pattern.finditer(text)
    ]
