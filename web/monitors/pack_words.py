"""An instrument's words in several languages, item by item, beside the topic and the code of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from instruments.definition import Definition, Item
from instruments.packs import FormTexts, ItemTexts, nearest_texts
from trials.wordings import Wording, language_name, texts_of_pack


@dataclass(frozen=True)
class Said:
    """What one language says in one place: sentences, then options each with its code. Empty where it has no words."""

    language: str
    name: str
    sentences: Sequence[str]
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Row:
    """One place of a form: its code and topic, then each language."""

    code: str
    topic: str
    said: Sequence[Said]


@dataclass(frozen=True)
class SideBySide:
    """Languages, each with the state of its words, and the form place by place."""

    heads: Sequence[tuple[str, str]]
    rows: Sequence[Row]


def side_by_side(definition: Definition, held: Sequence[Wording]) -> SideBySide:
    """The words of every language, in the order of the form."""
    texts = {words.language: texts_of_wording(definition, words) for words in held}
    topics = nearest_texts(definition, get_language() or "en")
    heads = [(language_name(words.language), words.state) for words in held]
    return SideBySide(heads, [*head_rows(texts), *(item_row(item, topics, texts) for item in definition.items)])


def texts_of_wording(definition: Definition, words: Wording) -> FormTexts:
    """The words of a pack, else those that are shipped."""
    return texts_of_pack(words.pack, definition) if words.pack else nearest_texts(definition, words.language)


def head_rows(texts: dict[str, FormTexts]) -> list[Row]:
    """What stands above the items."""
    parts: list[tuple[str, str, Callable[[FormTexts], str]]] = [
        ("title", _("Title"), lambda each: each.title),
        ("instructions", _("Instructions"), lambda each: each.instructions),
        ("recall", _("Time asked about"), lambda each: each.recall),
    ]
    rows = [
        Row(code, topic, [Said(each.language, language_name(key), _filled(read(each))) for key, each in texts.items()])
        for code, topic, read in parts
    ]
    return [row for row in rows if any(said.sentences for said in row.said)]


def item_row(item: Item, topics: FormTexts, texts: dict[str, FormTexts]) -> Row:
    """One item; its topic is in our own words, in the reader's language."""
    said = [words_of(item, key, each) for key, each in texts.items()]
    return Row(item.code, topics.items[item.code].text, said)


def words_of(item: Item, language: str, texts: FormTexts) -> Said:
    """What one language says in one item."""
    words: ItemTexts = texts.items[item.code]
    sentences = _filled(words.section, words.text, words.hint, words.low_label, words.high_label)
    options = [(str(code), words.options[code]) for code in item.option_codes()]
    return Said(texts.language, language_name(language), sentences, options)


def _filled(*sentences: str) -> list[str]:
    return [each for each in sentences if each]
