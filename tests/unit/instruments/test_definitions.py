"""Every shipped instrument can be read, in English and French, and holds the agreed item codes."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments import catalogue, scoring
from instruments.definition import Item
from instruments.definition_checks import all_texts
from instruments.definition_reader import read_definition
from instruments.problems import FileRefused, UnknownInstrument

VECTORS = Path(__file__).parent / "vectors"
STRONG_BACK = (
    *("odi", "promis29", "nprs", "lsiq", "sf12v1", "sri", "ipaq_sf", "sleep_diary", "sociodemographic"),
    *("medx_strength", "dynamometry", "hip_rom", "mri", "actigraphy", "interview_record"),
)
ENDS = {"en": "End", "fr": "Bout"}
# A pain rating is one question on a form; its vectors hold two occasions.
TWO_OCCASIONS = {"nprs", "vas"}


def minimal(**changes: Any) -> dict[str, Any]:
    words = {"en": "Word", "fr": "Mot"}
    whole = {
        "code": "demo",
        "version": "1",
        "languages": ["en", "fr"],
        "title": words,
        "filler": "participant",
        "minutes": 1,
        "direction": "none",
        "scoring": None,
        "missing_rule": words,
        "licence": {"owner": "Us", "status": "own", "note": "Ours."},
        "instructions": words,
        "items": [{"code": "a", "kind": "yes_no", "text": words}],
    }
    return whole | changes


def item(**changes: Any) -> dict[str, Any]:
    return {"code": "b", "kind": "text", "text": {"en": "Word", "fr": "Mot"}} | changes


def mistakes(**changes: Any) -> str:
    with pytest.raises(FileRefused) as refused:
        read_definition(minimal(**changes))
    return refused.value.sentence


@pytest.mark.parametrize("code", catalogue.all_codes())
def test_every_text_is_there_in_english_and_french(code: str) -> None:
    definition = catalogue.load(code)
    assert definition.languages == ["en", "fr"]
    for where, texts in all_texts(definition):
        assert set(texts) == {"en", "fr"}, where


@pytest.mark.parametrize("code", STRONG_BACK)
def test_the_first_trial_finds_its_instruments(code: str) -> None:
    assert catalogue.exists(code)


@pytest.mark.parametrize("path", sorted(VECTORS.glob("*.json")), ids=lambda path: path.stem)
def test_item_codes_are_those_of_the_vectors(path: Path) -> None:
    codes = {code for case in json.loads(path.read_text(encoding="utf-8")) for code in case["answers"]}
    known = scoring.rule(path.stem).items
    assert codes <= set(known)
    if path.stem not in TWO_OCCASIONS:
        assert codes <= set(catalogue.load(path.stem).item_codes())


@pytest.mark.parametrize("code", catalogue.all_codes())
def test_coded_items_hold_exactly_the_codes_that_the_rule_takes(code: str) -> None:
    definition = catalogue.load(code)
    if definition.scoring is None:
        return
    rule = scoring.rule(definition.scoring)
    for question in definition.items:
        if question.code in rule.items and question.options:
            codes = question.option_codes()
            assert all(rule.items[question.code].holds(value) for value in codes)
            if all(isinstance(value, int) for value in codes):
                assert sorted(codes) == list(range(min(codes), max(codes) + 1))  # type: ignore[type-var]
                assert not rule.items[question.code].holds(max(codes) + 1)  # type: ignore[type-var, operator]
                assert not rule.items[question.code].holds(min(codes) - 1)  # type: ignore[type-var, operator]


@pytest.mark.parametrize("code", ["odi", "promis29", "sf12v1", "lsiq", "pcs", "fabq", "tsk17", "csi"])
def test_wording_that_may_not_be_shipped_is_marked_as_a_placeholder(code: str) -> None:
    assert catalogue.load(code).licence.status == "placeholder"


def test_promis_codes_are_those_printed_on_the_form() -> None:
    profile = catalogue.load("promis29")
    first = {code: profile.item(code).options[0].code for code in ("PFA11", "Sleep109", "Sleep20", "EDANX01")}
    assert first == {"PFA11": 5, "Sleep109": 5, "Sleep20": 1, "EDANX01": 1}
    assert profile.item("SRPPER11_CaPS").options[0].text["en"] == "Never"
    assert profile.item("SRPPER11_CaPS").options[0].code == 5


def test_both_versions_of_the_profile_ask_the_same_and_score_each_by_its_own_calibration() -> None:
    old, new = catalogue.load("promis29"), catalogue.load("promis29_v21")
    assert new.items == old.items
    assert (old.scoring, new.scoring) == ("promis29", "promis29_v21")
    assert new.licence.status == "placeholder"


@pytest.mark.parametrize("other", ["oda", "../odi", 3, None])
def test_items_are_those_of_an_instrument_that_exists(other: Any) -> None:
    with pytest.raises(FileRefused, match="Name another instrument"):
        catalogue.with_items({"code": "demo", "items_of": other})


def test_items_are_not_written_twice() -> None:
    with pytest.raises(FileRefused, match="write no items of your own"):
        catalogue.with_items({"code": "demo", "items_of": "odi", "items": []})


def test_reversed_items_are_named_as_such() -> None:
    reversed_items = [item.code for item in catalogue.load("tsk17").items if item.reverse]
    assert reversed_items == ["tsk_4", "tsk_8", "tsk_12", "tsk_16"]


def test_an_unknown_instrument_names_the_known_ones() -> None:
    with pytest.raises(UnknownInstrument, match=r"'oda'.*odi"):
        catalogue.load("oda")


def test_a_path_is_no_instrument() -> None:
    with pytest.raises(UnknownInstrument):
        catalogue.load("../definitions/odi")


def test_every_mistake_is_named_with_its_place_at_once() -> None:
    sentences = mistakes(colour="red", minutes="ten", filler="nurse", items=[item(kind="sum"), item(code="c", text=3)])
    assert "colour: the key 'colour' is not known" in sentences
    assert "minutes: is 'ten'. Write a whole number" in sentences
    assert "filler: is 'nurse'" in sentences
    assert "items[b].kind: is 'sum'" in sentences
    assert "items[c].text: is 3" in sentences


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"items": [item(), item()]}, "the code 'b' is given twice"),
        ({"title": {"en": "Word"}}, "title: has no text in fr"),
        ({"title": {"en": "Word", "fr": "Mot", "nl": "Woord"}}, "title: nl is not one of the languages"),
        ({"items": [item(kind="integer", unit="s")]}, "items[b]: needs a minimum and a maximum"),
        ({"items": [item(kind="scale", minimum=5, maximum=5)]}, "5 is not below the maximum 5"),
        ({"items": [item(kind="integer", minimum=0, maximum=5)]}, "items[b].unit: is missing"),
        ({"items": [item(kind="decimal", minimum=0, maximum=5, unit="s")]}, "items[b].decimals: is 0"),
        ({"items": [item(kind="scale", minimum=0, maximum=5, plausible_maximum=9)]}, "0 to 9 is not inside 0 to 5"),
        ({"items": [item(kind="choice")]}, "items[b].options: needs at least 2"),
        ({"items": [item(kind="choice", options="levels")]}, "there is no answer set 'levels'"),
        ({"items": [item(minimum=3)]}, "items[b]: has a range"),
        ({"items": [item(show_if={"item": "z", "equals": 1})]}, "items[b].show_if.item: 'z' is not an earlier item"),
        ({"items": [item(kind="yes_no"), item(code="c", show_if={"item": "b", "equals": 2})]}, "no option [2]"),
        ({"items": [item(kind="yes_no"), item(code="c", show_if={"item": "b"})]}, "exactly one of equals, in"),
        ({"scoring": "odie"}, "scoring: there is no rule 'odie'. Did you mean 'odi'?"),
        (
            {"items": [item(kind="vas", minimum=0, maximum=100)]},
            "items[b]: is a line without words at its ends. Add low_label and high_label.",
        ),
        (
            {"items": [item(kind="vas", minimum=0, maximum=10, low_label=ENDS, high_label=ENDS)]},
            "items[b]: a line is read from 0 to 100.",
        ),
        ({"filler": "staff", "items": [item(kind="file")]}, "items[b].accepts: lists what a file may be"),
        ({"filler": "staff", "items": [item(accepts=["pdf"])]}, "items[b].accepts: lists what a file may be"),
        ({"items": [item(kind="file", accepts=["pdf"])]}, "but files of participants may tell their arm"),
        ({"scoring": "sorensen"}, "the scoring rule needs the item 'time_s'"),
        ({"items": [item()]}, "items[b].kind: is 'text', but what participants write in their own words may tell"),
        ({"answer_sets": {"spare": []}}, "answer_sets.spare: is used by no item"),
    ],
)
def test_a_contradiction_is_named(changes: dict[str, Any], sentence: str) -> None:
    assert sentence in mistakes(**changes)


@pytest.mark.parametrize("data", [None, [], "odi", 3])
def test_a_file_without_keys_is_refused(data: Any) -> None:
    with pytest.raises(FileRefused, match="holds no keys"):
        read_definition(data)


def test_a_yes_no_item_gets_its_two_options() -> None:
    definition = read_definition(minimal())
    assert [(option.code, option.text["fr"]) for option in definition.items[0].options] == [(1, "Oui"), (0, "Non")]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["yes_no", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
    max_leaves=8,
)


@given(key=st.sampled_from([*minimal(), "answer_sets", 3]), value=ANYTHING)
def test_whatever_a_key_holds_is_read_or_refused_with_sentences(key: Any, value: Any) -> None:
    try_reading(minimal() | {key: value})


@given(key=st.sampled_from([*Item.model_fields, "in", 3]), value=ANYTHING)
def test_whatever_an_item_holds_is_read_or_refused_with_sentences(key: Any, value: Any) -> None:
    try_reading(minimal(items=[item(kind="yes_no"), item(code="c") | {key: value}, value]))


def try_reading(data: dict[Any, Any]) -> None:
    with suppress(FileRefused):
        assert read_definition(data).code
