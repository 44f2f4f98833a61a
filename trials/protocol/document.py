"""Reads a protocol from YAML text and says everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from core.problems import Problem
from instruments.files import load_yaml
from instruments.problems import FileRefused

from .checks import findings
from .mistakes import sentences_of
from .schema import Protocol

MOST_CHARACTERS = 1_000_000


class ProtocolError(Problem):
    """A protocol that cannot be used; `problems` holds one sentence for each mistake."""

    status = 422

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("protocol.invalid", "\n".join(self.problems))


@dataclass(frozen=True)
class Report:
    """`protocol` is None when the text does not even read as one."""

    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    protocol: Protocol | None

    @property
    def is_clean(self) -> bool:
        return not self.problems and not self.warnings


@lru_cache(maxsize=16)
def read_protocol(text: str) -> Protocol:
    """The protocol in `text`. Raises ProtocolError with all problems; warnings do not matter here.

    A protocol cannot be changed, so the same text gives the same object.
    """
    report = check_protocol(text)
    if report.problems or report.protocol is None:
        raise ProtocolError(report.problems)
    return report.protocol


def check_protocol(text: str) -> Report:
    """All problems and warnings of a protocol's text; raises nothing whatever the text."""
    try:
        data = _data(text)
    except ProtocolError as error:
        return Report(tuple(error.problems), (), None)
    try:
        protocol = Protocol.model_validate(data)
    except ValidationError as error:
        return Report(tuple(sentences_of(error, data)), (), None)
    found = list(findings(protocol))
    return Report(
        tuple(dict.fromkeys(each.sentence for each in found if not each.warning)),
        tuple(dict.fromkeys(each.sentence for each in found if each.warning)),
        protocol,
    )


def _data(text: str) -> dict[str, Any]:
    if len(text) > MOST_CHARACTERS:
        raise ProtocolError([_("The file is larger than 1 MB. A protocol needs far less: remove what is not it.")])
    try:
        data = load_yaml(text)
    except FileRefused as refused:
        raise ProtocolError(refused.sentences) from None
    if not isinstance(data, dict):
        raise ProtocolError([_("The file holds no protocol. Write keys such as code, title and visits.")])
    return data
