"""The published commitments of a list in words: for the page of the trial, and as a text for the registry.

What is committed to is public; how the list is made is not. The words are therefore the same for every method.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from django.utils import translation
from django.utils.translation import gettext as _

from core.dates import date_format
from trials.models import Trial

LANGUAGES = {"en": "English", "fr": "Français"}
ROWS, LINES_OF_A_SEGMENT = 7, 2


class Published(Protocol):
    """What was published of one segment, whoever read it."""

    @property
    def segment(self) -> int: ...

    @property
    def algorithm(self) -> str: ...

    @property
    def sha256(self) -> str: ...

    @property
    def activated_at(self) -> datetime: ...


@dataclass(frozen=True)
class RegistryText:
    """A text to copy, in one language."""

    language: str
    name: str
    text: str

    @property
    def rows(self) -> int:
        """How many lines a box needs that shows it whole."""
        return ROWS + LINES_OF_A_SEGMENT * (self.text.count("\n") - 1)


def texts_for_registry(trial: Trial, published: Sequence[Published]) -> list[RegistryText]:
    """The text in every language of the product, whatever the reader's; [] before a list is active."""
    if not published:
        return []
    texts = []
    for language, name in LANGUAGES.items():
        with translation.override(language):
            texts.append(RegistryText(language, name, _text(trial, published)))
    return texts


def moment_in_words(moment: datetime) -> str:
    """When a segment went live."""
    return _("%(when)s UTC") % {"when": date_format(moment.astimezone(UTC), "j F Y, H:i")}


def _text(trial: Trial, published: Sequence[Published]) -> str:
    opening = _(
        "The allocation sequence of %(trial)s was sealed before it was used. At activation a commitment was "
        "published: the SHA-256 of algorithm version, design, sequence and a secret salt of 256 bits."
    )
    line = _("Segment %(number)d, algorithm %(algorithm)s, activated %(when)s: %(commitment)s")
    closing = _(
        "Seed and salt are revealed once the trial is locked. Anyone can then recompute the sequence and the "
        "commitment, and verify that neither order nor arms were altered."
    )
    lines = [
        line
        % {
            "number": each.segment,
            "algorithm": each.algorithm,
            "when": moment_in_words(each.activated_at),
            "commitment": each.sha256,
        }
        for each in published
    ]
    return "\n".join([opening % {"trial": trial.code}, *lines, closing])
