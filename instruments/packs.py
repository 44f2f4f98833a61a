"""Content packs: the licensed wording of one instrument in one language, loaded per trial.

Without a pack the form shows the placeholder topics that are shipped. `texts_of` and `apply_pack`
give the same FormTexts, so that a form is drawn in one way whatever its words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field, ValidationError

from instruments.definition import Code, Definition, Item, Language, Part, Text
from instruments.files import MAXIMUM_BYTES
from instruments.problems import FileRefused
from instruments.sentences import sentences


class PackItem(Part):
    """The words of one item; options by their code, written as text."""

    text: Text
    hint: Text | None = None
    section: Text | None = None
    low_label: Text | None = None
    high_label: Text | None = None
    options: dict[str, Text] = {}


class PackLicence(Part):
    """The permission under which the wording is used."""

    owner: Text
    reference: Text


class ContentPack(Part):
    instrument: Code
    version: Text
    language: Language
    licence: PackLicence
    title: Text
    instructions: Text
    recall: Text | None = None
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
    """The words of a form in one language. `placeholder` means that they are not the real ones."""

    language: str
    version: str
    title: str
    instructions: str
    recall: str
    licence: str
    placeholder: bool
    items: dict[str, ItemTexts]


def read_pack(text: str) -> ContentPack:
    """Return the pack in a JSON text; raises FileRefused with every mistake."""
    if len(text) > MAXIMUM_BYTES:
        raise FileRefused(["The content pack is larger than 1 MB. Load one instrument at a time."])
    try:
        data = json.loads(text, object_pairs_hook=without_repeats)
    except RecursionError:
        raise FileRefused(["The content pack is nested too deeply. Flatten it."]) from None
    except json.JSONDecodeError as error:
        where = f"Line {error.lineno}, column {error.colno}"
        raise FileRefused([f"{where}: this is not JSON ({error.msg}). Correct it."]) from None
    except ValueError as error:
        raise FileRefused([f"The content pack cannot be read: {error}."]) from None
    try:
        return ContentPack.model_validate(data)
    except ValidationError as error:
        raise FileRefused(sentences(error, data)) from None


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} is given twice, keep one")
    return found


def check_pack(definition: Definition, pack: ContentPack) -> list[str]:
    """Return a sentence for whatever the pack lacks or adds; none when it fits the definition."""
    return list(pack_mistakes(definition, pack))


def pack_mistakes(definition: Definition, pack: ContentPack) -> Iterator[str]:
    if pack.instrument != definition.code:
        yield f"instrument: is {pack.instrument!r}, not {definition.code!r}. Load it there."
        return
    if pack.version != definition.version:
        yield (f"version: is {pack.version!r}, but the form is {definition.version!r}. Load the pack of that version.")
    if (definition.recall is None) != (pack.recall is None):
        needed = "is not used by this form. Remove it." if pack.recall else "is missing. Add it."
        yield f"recall: {needed}"
    for item in definition.items:
        if item.code not in pack.items:
            yield f"items.{item.code}: is missing. Add it."
        else:
            yield from item_mistakes(item, pack.items[item.code])
    known = set(definition.item_codes())
    for code in pack.items:
        if code not in known:
            yield f"items.{code}: is not an item of {definition.code}. Remove it."


def item_mistakes(item: Item, words: PackItem) -> Iterator[str]:
    where = f"items.{item.code}"
    for name in ("low_label", "high_label"):
        if (getattr(item, name) is None) != (getattr(words, name) is None):
            cure = "is missing. Add it." if getattr(item, name) else "is not used. Remove it."
            yield f"{where}.{name}: {cure}"
    known = {str(code) for code in item.option_codes()}
    if item.kind == "yes_no" and not words.options:
        return
    for code in sorted(known - set(words.options)):
        yield f"{where}.options.{code}: is missing. Add it."
    for code in sorted(set(words.options) - known):
        yield f"{where}.options.{code}: is not an option of {item.code}. Remove it."


def texts_of(definition: Definition, language: str) -> FormTexts:
    """Return the shipped words in a language; raises FileRefused when there are none."""
    if language not in definition.languages:
        raise FileRefused([f"{definition.code} has no words in {language!r}. Load a content pack in it."])
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
        version=pack.version,
        title=pack.title,
        instructions=pack.instructions,
        recall=pack.recall or "",
        licence=f"{pack.licence.owner}, {pack.licence.reference}",
        placeholder=False,
        items={item.code: worded(item, pack, definition) for item in definition.items},
    )


def worded(item: Item, pack: ContentPack, definition: Definition) -> ItemTexts:
    words = pack.items[item.code]
    near = pack.language if pack.language in definition.languages else definition.languages[0]
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
