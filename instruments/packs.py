"""Content packs: the licensed wording of one instrument in one language, loaded per trial.

Without a pack the form shows the words that are shipped: our own, or topics that stand in for licensed ones.
`texts_of` and `apply_pack` give the same FormTexts, so that a form is drawn in one way whatever its words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from instruments.definition import Code, Definition, Item, Language, Part, Text
from instruments.files import MAXIMUM_BYTES
from instruments.problems import FileRefused
from instruments.sentences import sentences

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _printable(text: str) -> str:
    if CONTROL.search(text):
        raise ValueError(_("Holds a character that cannot be shown. Remove it."))
    return text


Words = Annotated[Text, AfterValidator(_printable)]
Label = Annotated[
    str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True), AfterValidator(_printable)
]
Fact = Annotated[
    str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True), AfterValidator(_printable)
]


class PackItem(Part):
    """The words of one item; options by their code, written as text."""

    text: Words
    hint: Words | None = None
    section: Words | None = None
    low_label: Words | None = None
    high_label: Words | None = None
    options: dict[str, Words] = {}


class PackLicence(Part):
    """The permission under which the wording is used."""

    owner: Fact
    reference: Fact


class ContentPack(Part):
    """A pack. `version` is its own; `instrument_version` is that of the form it words."""

    instrument: Code
    instrument_version: Words
    version: Label
    language: Language
    licence: PackLicence
    title: Words
    instructions: Words
    recall: Words | None = None
    items: Annotated[dict[str, PackItem], Field(min_length=1)]


@dataclass(frozen=True)
class ItemTexts:
    """The words of one item in one language; absent ones are ""."""

    text: str
    hint: str = ""
    section: str = ""
    unit: str = ""
    low_label: str = ""
    high_label: str = ""
    options: dict[int | str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FormTexts:
    """The words of a form in one language. `placeholder` means that they are not the real ones.

    `version` is that of the form, `pack_version` that of the content pack; "" for the words that are shipped.
    """

    language: str
    version: str
    title: str
    instructions: str
    recall: str
    licence: str
    placeholder: bool
    items: dict[str, ItemTexts]
    pack_version: str = ""


class _Repeated(ValueError):
    """A key that is given twice."""


def read_pack(text: str) -> ContentPack:
    """Return the pack in a JSON text; raises FileRefused with every mistake."""
    if len(text) > MAXIMUM_BYTES:
        raise FileRefused([_("The content pack is larger than 1 MB. Load one instrument at a time.")])
    data = _json(text)
    try:
        return ContentPack.model_validate(data)
    except ValidationError as error:
        raise FileRefused(sentences(error, data)) from None


def _json(text: str) -> Any:
    try:
        data = json.loads(text, object_pairs_hook=_without_repeats)
        json.dumps(data, ensure_ascii=False).encode()  # half a character pair could be neither stored nor shown
    except RecursionError:
        raise FileRefused([_("The content pack is nested too deeply. Flatten it.")]) from None
    except json.JSONDecodeError as error:
        sentence = _("Line %(line)s, column %(column)s: this is not JSON. Correct it there.")
        raise FileRefused([sentence % {"line": error.lineno, "column": error.colno}]) from None
    except _Repeated as error:
        sentence = _("The content pack cannot be read: the key %(key)s is given twice. Keep one.")
        raise FileRefused([sentence % {"key": repr(str(error))}]) from None
    except ValueError:
        raise FileRefused([_("The content pack cannot be read. Write every word as text in quotes.")]) from None
    return data


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Repeated(key)
        found[key] = value
    return found


def check_pack(definition: Definition, pack: ContentPack) -> list[str]:
    """Return a sentence for whatever the pack lacks or adds; none when it fits the definition."""
    return list(pack_mistakes(definition, pack))


def pack_mistakes(definition: Definition, pack: ContentPack) -> Iterator[str]:
    if pack.instrument != definition.code:
        facts = {"found": pack.instrument, "wanted": definition.code}
        yield _("instrument: is “%(found)s”, not “%(wanted)s”. Load it there.") % facts
        return
    if pack.instrument_version != definition.version:
        facts = {"found": pack.instrument_version, "wanted": definition.version}
        yield (
            _("instrument_version: is “%(found)s”, but the form is “%(wanted)s”. Load a pack made for that version.")
            % facts
        )
    yield from _pair("recall", definition.recall, pack.recall)
    for item in definition.items:
        if item.code not in pack.items:
            yield _lacks(f"items.{item.code}")
        else:
            yield from item_mistakes(item, pack.items[item.code])
    known = set(definition.item_codes())
    for code in pack.items:
        if code not in known:
            facts = {"path": f"items.{code}", "instrument": definition.code}
            yield _("%(path)s: is not an item of %(instrument)s. Remove it.") % facts


def item_mistakes(item: Item, words: PackItem) -> Iterator[str]:
    where = f"items.{item.code}"
    for name in ("low_label", "high_label"):
        yield from _pair(f"{where}.{name}", getattr(item, name), getattr(words, name))
    known = {str(code) for code in item.option_codes()}
    if item.kind == "yes_no" and not words.options:
        return
    for code in sorted(known - set(words.options)):
        yield _lacks(f"{where}.options.{code}")
    for code in sorted(set(words.options) - known):
        facts = {"path": f"{where}.options.{code}", "item": item.code}
        yield _("%(path)s: is not an option of %(item)s. Remove it.") % facts


def _pair(path: str, wanted: object, given: object) -> Iterator[str]:
    if wanted is not None and given is None:
        yield _lacks(path)
    if wanted is None and given is not None:
        yield _("%(path)s: is not used by this form. Remove it.") % {"path": path}


def _lacks(path: str) -> str:
    return _("%(path)s: is missing. Add it.") % {"path": path}


def texts_of(definition: Definition, language: str) -> FormTexts:
    """Return the shipped words in a language; raises FileRefused when there are none."""
    if language not in definition.languages:
        facts = {"instrument": definition.code, "language": language}
        raise FileRefused([_("%(instrument)s has no words in “%(language)s”. Load a content pack in it.") % facts])
    return FormTexts(
        language=language,
        version=definition.version,
        title=definition.title[language],
        instructions=definition.instructions[language],
        recall=(definition.recall or {}).get(language, ""),
        licence=definition.licence.owner,
        placeholder=definition.licence.status == "placeholder",
        items={item.code: shipped(item, language) for item in definition.items},
    )


def nearest_texts(definition: Definition, language: str) -> FormTexts:
    """Return the shipped words in a language such as `fr` or `fr-CA`, or in the first when there are none in it."""
    wanted = nearest(definition.languages, language)
    return texts_of(definition, definition.languages[0] if wanted is None else wanted)


def nearest(languages: Sequence[str], wanted: str) -> str | None:
    """Return the language itself, else another of the same family (`fr` for `fr-CA`), else None."""
    family = wanted.split("-")[0]
    fitting = [wanted, family, *(each for each in languages if each.split("-")[0] == family)]
    return next((each for each in fitting if each in languages), None)


def shipped(item: Item, language: str) -> ItemTexts:
    words = {
        name: (getattr(item, name) or {}).get(language, "") for name in ("hint", "section", "low_label", "high_label")
    }
    options = {option.code: option.text[language] for option in item.options}
    return ItemTexts(text=item.text[language], unit=item.unit_in(language), options=options, **words)


def apply_pack(definition: Definition, pack: ContentPack) -> FormTexts:
    """Return the pack's words for the form; raises FileRefused when it does not fit.

    Units come from the definition, in English where it lacks the pack's language.
    """
    mistakes = check_pack(definition, pack)
    if mistakes:
        raise FileRefused(mistakes)
    return FormTexts(
        language=pack.language,
        version=definition.version,
        pack_version=pack.version,
        title=pack.title,
        instructions=pack.instructions,
        recall=pack.recall or "",
        licence=f"{pack.licence.owner}, {pack.licence.reference}",
        placeholder=False,
        items={item.code: worded(item, pack, definition) for item in definition.items},
    )


def worded(item: Item, pack: ContentPack, definition: Definition) -> ItemTexts:
    words = pack.items[item.code]
    near = nearest(definition.languages, pack.language) or definition.languages[0]
    given = {option.code: words.options.get(str(option.code), option.text[near]) for option in item.options}
    return ItemTexts(
        text=words.text,
        hint=words.hint or "",
        section=words.section or "",
        unit=item.unit_in(near),
        low_label=words.low_label or "",
        high_label=words.high_label or "",
        options=given,
    )
