"""An instrument as a form: the sentences, the reasons, the confirmations, and nothing answered beforehand."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from instruments import answers, catalogue
from instruments.packs import nearest_texts
from web.instrument_forms.forms import QuestionForm, StaffForm, reason_name
from web.instrument_forms.words import answer_in_words, condition_in_words, summary_rows


def staff(code: str, data: dict[str, Any] | None = None, **kwargs: Any) -> StaffForm:
    definition = catalogue.load(code)
    return StaffForm(definition, nearest_texts(definition, "en"), data, **kwargs)


def question(code: str, item: str, data: dict[str, Any] | None = None, language: str = "en") -> QuestionForm:
    definition = catalogue.load(code)
    return QuestionForm(definition, nearest_texts(definition, language), definition.item(item), data)


def hip(**changes: str) -> dict[str, str]:
    degrees = {"flexion": "110", "extension": "12,5"}
    trials = {f"{move}_{side}_{n}": degrees[move] for move in degrees for side in ("left", "right") for n in (1, 2, 3)}
    return {"done": "1", **trials, **changes}


@pytest.mark.parametrize("code", catalogue.all_codes())
def test_every_instrument_is_drawn_in_order_with_nothing_answered(code: str) -> None:
    definition = catalogue.load(code)
    language = "fr" if "fr" in definition.languages else "en"
    with translation.override(language):
        form = StaffForm(definition, nearest_texts(definition, language))
        page = render_to_string("instruments/sections.html", {"form": form})
    drawn = re.findall(r'data-item="(\w+)"', page)
    assert drawn == definition.item_codes()
    assert "checked" not in page
    assert not re.search(r'<option value="[^"]+" selected', page)
    assert not re.search(r'<input type="text"[^>]* value="', page)


@pytest.mark.parametrize("code", catalogue.all_codes())
def test_every_item_can_be_asked_alone(code: str) -> None:
    definition = catalogue.load(code)
    texts = nearest_texts(definition, "en")
    for item in definition.items:
        form = QuestionForm(definition, texts, item, {})
        assert form.is_valid()
        assert form.value is None
        assert f'name="{item.code}' in str(form.question)


def test_raw_trials_are_kept_as_typed_with_a_comma() -> None:
    form = staff("hip_rom", hip())
    assert form.is_valid(), form.errors
    assert form.answers["extension_left_1"] == 12.5
    assert [form.answers[f"flexion_left_{n}"] for n in (1, 2, 3)] == [110, 110, 110]


def test_unit_and_range_are_said_before_entry() -> None:
    page = render_to_string("instruments/sections.html", {"form": staff("hip_rom")})
    assert "From -60 to 60 °" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("lots", str(answers.DECIMAL)),
        ("181", str(answers.RANGE) % {"low": "0", "high": "180"}),
        ("90.123", str(answers.DECIMALS) % {"decimals": 1}),
    ],
)
def test_what_cannot_be_is_refused_in_the_words_of_every_other_door(typed: str, sentence: str) -> None:
    form = staff("hip_rom", hip(flexion_left_1=typed))
    assert not form.is_valid()
    assert form.errors == {"flexion_left_1": [sentence]}
    assert f'value="{typed}"' in str(form["flexion_left_1"])


def test_an_unlikely_value_is_asked_about_once_and_then_kept() -> None:
    form = staff("hip_rom", hip(flexion_left_1="30"))
    assert not form.is_valid()
    assert list(form.errors) == ["flexion_left_1"]
    assert 'name="flexion_left_1-confirmed"' in render_to_string("instruments/sections.html", {"form": form})
    again = staff("hip_rom", hip(**{"flexion_left_1": "30", "flexion_left_1-confirmed": "30"}))
    assert again.is_valid(), again.errors
    assert again.confirmed == ["flexion_left_1"]
    assert again.answers["flexion_left_1"] == 30


def test_a_confirmation_holds_for_the_value_confirmed_only() -> None:
    form = staff("hip_rom", hip(**{"flexion_left_1": "20", "flexion_left_1-confirmed": "30"}))
    assert not form.is_valid()


def test_an_empty_item_needs_a_reason_and_is_then_asked_for_one_in_place() -> None:
    form = staff("hip_rom", hip(flexion_left_2=""))
    assert form.errors == {"flexion_left_2": [str(answers.UNANSWERED)]}
    page = render_to_string("instruments/sections.html", {"form": form})
    assert f'name="{reason_name("flexion_left_2")}"' in page
    assert f'name="{reason_name("flexion_left_1")}"' not in page
    given = staff("hip_rom", hip(**{"flexion_left_2": "", reason_name("flexion_left_2"): "technical"}))
    assert given.is_valid(), given.errors
    assert given.missing == {"flexion_left_2": "technical"}


def test_one_reason_may_stand_for_everything_left_empty() -> None:
    form = staff("hip_rom", hip(flexion_left_2="", flexion_left_3="", all_empty="not_done"))
    assert form.is_valid(), form.errors
    assert form.missing == {"flexion_left_2": "not_done", "flexion_left_3": "not_done"}


def test_a_common_reason_never_hides_a_typing_mistake() -> None:
    form = staff("hip_rom", hip(flexion_left_2="x", all_empty="not_done"))
    assert form.errors == {"flexion_left_2": [str(answers.DECIMAL)]}


def test_a_reason_beside_an_answer_is_refused() -> None:
    form = staff("hip_rom", hip(**{reason_name("flexion_left_2"): "technical"}))
    assert form.errors == {"flexion_left_2": [str(answers.BOTH)]}


def test_an_answer_given_later_replaces_the_reason_stored_before() -> None:
    data = hip(**{reason_name("flexion_left_2"): "technical"})
    form = staff("hip_rom", data, missing={"flexion_left_2": "technical"})
    assert form.is_valid(), form.errors
    assert "flexion_left_2" not in form.missing


def test_values_of_items_that_do_not_apply_are_named_not_dropped() -> None:
    form = staff("hip_rom", hip(done="0", not_done_reason="pain"))
    assert form.errors["flexion_left_1"] == [str(answers.HIDDEN)]
    alone = staff("hip_rom", {"done": "0", "not_done_reason": "pain"})
    assert alone.is_valid(), alone.errors
    assert alone.answers == {"done": 0, "not_done_reason": "pain"}


def test_one_mistake_is_told_once_though_other_items_hang_on_it() -> None:
    form = staff("hip_rom", hip(done="maybe"))
    assert list(form.errors) == ["done"]


def test_a_draft_may_stop_anywhere() -> None:
    form = staff("hip_rom", {"done": "1", "flexion_left_1": "100"}, whole=False)
    assert form.is_valid(), form.errors


def test_stored_answers_come_back_as_they_were_entered() -> None:
    form = staff("mri", answers={"done": 1, "scan_date": "2026-03-17", "regions": ["spine", "hips"]})
    page = render_to_string("instruments/sections.html", {"form": form})
    assert page.count("checked") == 3
    assert 'value="2026"' in page


def test_dates_in_three_fields_become_one_day() -> None:
    date = {"scan_date_day": "17", "scan_date_month": "mars", "scan_date_year": "2026"}
    form = staff("mri", {"done": "1", "regions": ["spine"], "all_empty": "technical", **date})
    assert form.is_valid(), form.errors
    assert form.answers["scan_date"] == "2026-03-17"
    assert form.answers["regions"] == ["spine"]


def test_a_question_keeps_the_code_and_says_what_is_wrong() -> None:
    assert question("odi", "odi_3", {"odi_3": "2"}).value is None  # not yet checked
    asked = question("odi", "odi_3", {"odi_3": "2"}, "fr")
    assert asked.is_valid()
    assert asked.value == 2
    wrong = question("odi", "odi_3", {"odi_3": "7"})
    assert wrong.errors == {"odi_3": [str(answers.CHOOSE)]}


def test_a_question_is_asked_in_the_chosen_language_with_the_same_codes() -> None:
    english, french = (str(question("odi", "odi_3", None, language).question) for language in ("en", "fr"))
    assert re.findall(r'value="(\d)"', english) == re.findall(r'value="(\d)"', french) == list("012345")
    assert "Aucune difficulté" in french


def test_a_conditional_question_can_be_answered_alone() -> None:
    form = question("sleep_diary", "waso_min", {"waso_min": "20"})
    assert form.is_valid(), form.errors
    assert form.value == 20


def test_a_time_may_be_typed_as_people_write_it() -> None:
    form = question("sleep_diary", "into_bed", {"into_bed": "22h30"})
    assert form.is_valid()
    assert form.value == "22:30"


def test_answers_are_read_back_in_words() -> None:
    definition = catalogue.load("hip_rom")
    texts = nearest_texts(definition, "en")
    rows = summary_rows(definition, texts, {"done": 1, "flexion_left_1": 90.5}, {"flexion_left_2": "technical"})
    said = {str(row.label): row.value for row in rows}
    assert said["Hip flexion, left, trial 1"] == "90.5 °"
    assert said["Hip flexion, left, trial 2"] == "Technical failure"
    assert said["Hip flexion, left, trial 3"] is None
    assert "Why was it not measured?" not in said


def test_when_an_item_applies_is_said_in_words() -> None:
    definition = catalogue.load("hip_rom")
    said = condition_in_words(definition, definition.item("flexion_left_1"), nearest_texts(definition, "en"))
    assert said == "Only if “Was the range of motion measured?” is: Yes."
    diary = catalogue.load("sleep_diary")
    assert condition_in_words(diary, diary.item("waso_min"), nearest_texts(diary, "en")).endswith("is 1 or more.")


def test_several_choices_and_dates_are_read_back_in_words() -> None:
    definition = catalogue.load("mri")
    texts = nearest_texts(definition, "en")
    regions, day = definition.item("regions"), definition.item("scan_date")
    assert answer_in_words(regions, texts.items["regions"], ["spine", "hips"]) == "Lumbar spine; Hips"
    assert answer_in_words(day, texts.items["scan_date"], "2026-03-17") == "17 March 2026"


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        ({"vas": "40"}, 40),
        ({"vas-number": "40"}, 40),
        ({"vas": "40", "vas-number": "40"}, 40),
        ({"vas": "40", "vas-held": "40", "vas-number": "45"}, 45),
        ({}, None),
    ],
)
def test_a_line_is_marked_or_its_number_typed(sent: dict[str, str], value: int | None) -> None:
    form = question("vas", "vas", sent)
    assert form.is_valid(), form.errors
    assert form.value == value


def test_a_mark_and_another_number_are_asked_about_and_both_kept_on_the_page() -> None:
    form = question("vas", "vas", {"vas": "40", "vas-number": "45"})
    assert not form.is_valid()
    assert form.errors["vas"] == [
        "The mark on the line and the number differ. Empty the number, or mark the line there."
    ]
    page = str(form["vas"])
    assert re.findall(r'value="(\d+)"[^>]* checked', page) == ["40"]
    assert 'name="vas-number" id="id_vas-number" class="w-4" inputmode="numeric" autocomplete="off" value="45"' in page


@pytest.mark.parametrize("typed", ["101", "40,5", "much"])
def test_a_number_that_is_not_on_the_line_is_refused_and_stays(typed: str) -> None:
    form = question("vas", "vas", {"vas-number": typed})
    assert not form.is_valid()
    page = str(form["vas"])
    assert f'value="{typed}"' in page
    assert " checked" not in page


def test_a_line_has_no_mark_and_no_number_beforehand() -> None:
    page = str(question("vas", "vas")["vas"])
    assert page.count('type="radio"') == 101
    assert " checked" not in page
    assert 'name="vas-held" value=""' in page


@pytest.mark.parametrize(
    ("typed", "value", "words"),
    [
        (("", "", "2026"), "2026", "2026"),
        (("", "May", "2026"), "2026-05", "May 2026"),
        (("3", "5", "2026"), "2026-05-03", "3 May 2026"),
    ],
)
def test_a_date_is_kept_as_far_as_it_is_known(typed: tuple[str, str, str], value: str, words: str) -> None:
    sent = dict(zip(("lost_on_day", "lost_on_month", "lost_on_year"), typed, strict=True))
    form = question("device_back", "lost_on", sent)
    assert form.is_valid(), form.errors
    assert form.value == value
    definition = catalogue.load("device_back")
    assert answer_in_words(definition.item("lost_on"), nearest_texts(definition, "en").items["lost_on"], value) == words


def test_a_day_without_its_month_is_refused() -> None:
    form = question("device_back", "lost_on", {"lost_on_day": "3", "lost_on_year": "2026"})
    assert not form.is_valid()
