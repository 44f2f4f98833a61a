"""In which words a trial shows its forms: those of its content packs, else those that are shipped.

Reading costs no query on a page: ``Trial.packs`` names the set of packs, which only ever grows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from instruments import catalogue
from instruments.definition import Definition
from instruments.packs import FormTexts, apply_pack, nearest, nearest_texts, read_pack
from trials.models import LoadedPack, Trial
from trials.protocol.schema import Protocol
from trials.queries import protocol_of


@dataclass(frozen=True)
class Gap:
    """A licensed instrument in a language for which no pack is loaded: topics would stand in for its words."""

    instrument: str
    language: str

    @property
    def sentence(self) -> str:
        facts = {"instrument": self.instrument, "language": language_name(self.language)}
        return (
            _("%(instrument)s, %(language)s: the words are licensed, topics stand in for them. Load a content pack.")
            % facts
        )


@dataclass(frozen=True)
class Wording:
    """In which words an instrument is shown in a language: a pack's, our own, or topics that stand in."""

    instrument: str
    language: str
    pack: LoadedPack | None
    is_licensed: bool
    is_in_protocol: bool = True

    @property
    def state(self) -> str:
        if self.pack is not None:
            return _("content pack %(version)s") % {"version": self.pack.version}
        return _("topics stand in for licensed words") if self.is_licensed else _("words of our own")


def packs_of(trial: Trial) -> tuple[LoadedPack, ...]:
    """Every pack loaded, oldest first, without its text."""
    return _packs(trial.pk, trial.packs) if trial.packs else ()


@lru_cache(maxsize=256)
def _packs(trial_id: UUID, number: int) -> tuple[LoadedPack, ...]:
    # A pack is never changed or taken away, so that neither is what these two name.
    return tuple(LoadedPack.objects.filter(trial_id=trial_id, number__lte=number).defer("text").order_by("number"))


def pack_for(trial: Trial, definition: Definition, language: str, at: datetime | None = None) -> LoadedPack | None:
    """The pack in force for a language, now or at a moment; None if there is none in it."""
    fitting = _fitting(trial, definition, at)
    wanted = nearest([pack.language for pack in fitting], language)
    return next((pack for pack in reversed(fitting) if pack.language == wanted), None)


def texts_in(trial: Trial, definition: Definition, language: str, at: datetime | None = None) -> FormTexts:
    """A form's words in a language, as they stand now or stood at a moment.

    A licensed form that has a pack in another language only is shown in that one: topics never stand in for words
    the trial has.
    """
    pack = pack_shown(trial, definition, language, at)
    return nearest_texts(definition, language) if pack is None else texts_of_pack(pack, definition)


def pack_shown(trial: Trial, definition: Definition, language: str, at: datetime | None = None) -> LoadedPack | None:
    """The pack whose words ``texts_in`` tells; None where it tells those that are shipped."""
    pack = pack_for(trial, definition, language, at)
    if pack is None and is_licensed(definition):
        others = dict.fromkeys(each.language for each in _fitting(trial, definition, at))
        return next((pack_for(trial, definition, other, at) for other in others), None)
    return pack


def texts_of_pack(pack: LoadedPack, definition: Definition) -> FormTexts:
    """The words of a pack, read once."""
    return _worded(pack.sha256, definition.code, definition.version)


@lru_cache(maxsize=512)
def _worded(sha256: str, code: str, _version: str) -> FormTexts:
    text = LoadedPack.objects.filter(sha256=sha256).values_list("text", flat=True)[0]
    return apply_pack(catalogue.load(code), read_pack(text))


def _fitting(trial: Trial, definition: Definition, at: datetime | None) -> list[LoadedPack]:
    """The packs made for this version of the form, oldest first."""
    return [
        pack
        for pack in packs_of(trial)
        if (pack.instrument, pack.instrument_version) == (definition.code, definition.version)
        and (at is None or pack.loaded_at <= at)
    ]


def is_licensed(definition: Definition) -> bool:
    """Whether what is shipped only stands in for words that belong to somebody."""
    return definition.licence.status == "placeholder"


def gaps(trial: Trial, protocol: Protocol) -> Iterator[Gap]:
    """What is still without its licensed words, in every language of a protocol."""
    for code in protocol.instruments:
        definition = catalogue.load(code)
        if is_licensed(definition):
            for language in protocol.languages:
                if pack_for(trial, definition, language) is None:
                    yield Gap(code, language)


def wordings_of(trial: Trial) -> list[Wording]:
    """Every instrument of the protocol in every language of the trial, and whatever else packs are loaded for.

    In alphabetical order and without visits, so that the list tells nothing of who is asked what.
    """
    protocol = protocol_of(trial)
    planned = {(code, language) for code in protocol.instruments for language in protocol.languages}
    loaded = {(pack.instrument, pack.language) for pack in packs_of(trial)}
    return [_wording(trial, *each, each in planned) for each in sorted(planned | loaded)]


def _wording(trial: Trial, code: str, language: str, is_in_protocol: bool) -> Wording:
    definition = catalogue.load(code)
    pack = pack_for(trial, definition, language)
    return Wording(code, language, pack, is_licensed(definition), is_in_protocol)


def language_name(code: str) -> str:
    """A language under its name in the reader's language."""
    return str(get_language_info(code)["name_translated"]) if is_language(code) else code


def is_language(code: str) -> bool:
    """Whether a language is known by its code."""
    try:
        return bool(get_language_info(code))
    except KeyError:
        return False
