"""One thing the check has to say about a protocol."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Finding:
    """A sentence naming path, value and cure; a warning does not keep the protocol from loading."""

    sentence: str
    warning: bool = False


def problem(sentence: str, /, **facts: Any) -> Finding:
    return Finding(sentence % facts if facts else sentence)


def warning(sentence: str, /, **facts: Any) -> Finding:
    return Finding(sentence % facts if facts else sentence, warning=True)


def twice(path: str, codes: Iterable[str]) -> Iterator[Finding]:
    """Codes given more than once in one list."""
    for code, times in Counter(codes).items():
        if times > 1:
            yield problem(
                _('%(path)s: the code "%(code)s" is given %(times)s times. Give each its own.'),
                path=path,
                code=code,
                times=times,
            )


def unknown(path: str, code: str, known: Iterable[str]) -> Finding:
    """A code that refers to nothing."""
    names = ", ".join(known)
    if not names:
        return problem(
            _('%(path)s: "%(code)s" is not known, and none is defined. Define it or remove it.'),
            path=path,
            code=code,
        )
    return problem(_('%(path)s: "%(code)s" is not known. Use one of: %(names)s.'), path=path, code=code, names=names)
