"""A content pack fits its instrument exactly, or is refused with a sentence for each misfit."""

import json

import pytest
from django.utils import translation

from instruments import catalogue
from instruments.packs import _without_repeats, apply_pack, check_pack, nearest, nearest_texts, read_pack, texts_of
from instruments.problems import FileRefused
from tests.packs import pack_for


@pytest.mark.parametrize("code", catalogue.all_codes())
def test_a_whole_pack_replaces_every_placeholder(code: str) -> None:
    definition = catalogue.load(code)
    texts = apply_pack(definition, read_pack(json.dumps(pack_for(definition))))
    assert (texts.placeholder, texts.language, texts.licence) == (False, "fr", "Owner, L-1")
    assert set(texts.items) == set(definition.item_codes())
    for item in definition.items:
        assert texts.items[item.code].text == f"Real {item.code}"
        assert texts.items[item.code].options == {code: f"Real {code}" for code in item.option_codes()}


def test_a_pack_may_bring_a_language_that_is_not_shipped() -> None:
    definition = catalogue.load("nprs")
    texts = apply_pack(definition, read_pack(json.dumps(pack_for(definition, "nl"))))
    assert (texts.language, texts.title) == ("nl", "Real title")


def test_shipped_words_say_that_they_stand_in() -> None:
    odi, nprs = catalogue.load("odi"), catalogue.load("nprs")
    assert texts_of(odi, "fr").placeholder
    assert not texts_of(nprs, "en").placeholder
    assert texts_of(odi, "fr").items["odi_4"].text == "Marcher"
    assert texts_of(nprs, "en").items["nprs"].low_label == "No pain"
    with pytest.raises(FileRefused, match="no words in “nl”"):
        texts_of(odi, "nl")


def test_every_misfit_is_named_at_once() -> None:
    odi = catalogue.load("odi")
    data = pack_for(odi, instrument_version="2.0", recall=None)
    del data["items"]["odi_2"]
    del data["items"]["odi_3"]["options"]["5"]
    data["items"]["odi_4"]["options"]["6"] = "Extra"
    data["items"]["odi_11"] = {"text": "Extra"}
    data["items"]["odi_5"]["low_label"] = "Extra"
    sentences = check_pack(odi, read_pack(json.dumps(data)))
    assert sentences == [
        "instrument_version: is “2.0”, but the form is “2.1a”. Load a pack made for that version.",
        "recall: is missing. Add it.",
        "items.odi_2: is missing. Add it.",
        "items.odi_3.options.5: is missing. Add it.",
        "items.odi_4.options.6: is not an option of odi_4. Remove it.",
        "items.odi_5.low_label: is not used by this form. Remove it.",
        "items.odi_11: is not an item of odi. Remove it.",
    ]
    with pytest.raises(FileRefused):
        apply_pack(odi, read_pack(json.dumps(data)))


def test_a_pack_of_another_instrument_is_refused() -> None:
    pack = read_pack(json.dumps(pack_for(catalogue.load("nprs"))))
    assert check_pack(catalogue.load("odi"), pack) == ["instrument: is “nprs”, not “odi”. Load it there."]


def test_a_repeated_key_is_found_among_very_many_by_reading_them_once() -> None:
    """Looking for it key by key would hold up a server for minutes."""

    class Counted(str):
        __slots__ = ()
        compared = 0
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            Counted.compared += 1
            return str.__eq__(self, other)

    keys = [*(Counted(f"k{number}") for number in range(2000)), Counted("k1999")]
    with pytest.raises(ValueError, match="k1999"):
        _without_repeats([(key, 1) for key in keys])
    assert Counted.compared < 2 * len(keys)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "Line 1, column 2: this is not JSON"),
        ("[]", "Write keys with values"),
        ('{"a": 1, "a": 2}', "the key 'a' is given twice"),
        ("[" * 100_000, "nested too deeply"),
        ("1" * 5000, "cannot be read"),
        (" " * 1_000_001, "larger than 1 MB"),
        ('{"colour": 1}', "the key 'colour' is not known"),
        ('{"title": "\\ud800"}', "cannot be read"),
        ('{"title": "a\\u0000b"}', "title: Holds a character that cannot be shown. Remove it."),
        ('{"title": " "}', "title: is empty. Fill it in."),
        ('{"version": "%s"}' % ("1" * 41), "version: is longer than 40 characters. Shorten it."),
    ],
)
def test_what_is_no_pack_is_refused_with_a_sentence(text: str, words: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_pack(text)
    assert words in refused.value.sentence


def test_mistakes_are_told_in_the_readers_language() -> None:
    with translation.override("fr"):
        assert check_pack(catalogue.load("nprs"), read_pack(json.dumps(pack_for(catalogue.load("vas"))))) == [
            "instrument\N{NO-BREAK SPACE}: c'est «\N{NO-BREAK SPACE}vas\N{NO-BREAK SPACE}», et non "
            "«\N{NO-BREAK SPACE}nprs\N{NO-BREAK SPACE}». Chargez-le là."
        ]


def test_a_language_of_the_same_family_stands_in() -> None:
    odi = catalogue.load("odi")
    assert [nearest_texts(odi, language).language for language in ("fr", "fr-CA", "nl")] == ["fr", "fr", "en"]
    assert nearest(["fr-CA", "en"], "fr") == "fr-CA"
    assert nearest(["en"], "fr") is None
