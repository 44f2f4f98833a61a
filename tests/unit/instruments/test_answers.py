"""A form keeps exactly what may be kept and says what is wrong with the rest, all at once."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.problems import Problem
from instruments import catalogue
from instruments.answers import Checked, Missing, check, shown_items
from instruments.definition import Item
from instruments.definition_reader import read_definition
from instruments.typed import parse
from tests.unit.instruments.strategies import answers
from tests.unit.instruments.test_definitions import item, minimal


def codes(problems: list[Problem]) -> dict[str | None, str]:
    return {problem.field: problem.code for problem in problems}


@pytest.mark.parametrize("code", catalogue.all_codes())
def test_every_complete_form_is_accepted_as_it_was_given(code: str) -> None:
    definition = catalogue.load(code)

    @settings(max_examples=15, deadline=None)
    @given(whole=answers(definition))
    def accepted(whole: dict[str, Any]) -> None:
        checked = check(definition, whole, confirmed=list(whole))
        assert checked.accepted
        assert {key: normal(value) for key, value in checked.values.items()} == {
            key: normal(value) for key, value in whole.items()
        }

    accepted()


def normal(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value)
    return value.strip() if isinstance(value, str) else value


def test_everything_that_is_wrong_is_said_at_once() -> None:
    checked = check(catalogue.load("odi"), {"odi_1": 6, "odi_2": True, "odi_99": 1}, {"odi_3": "lazy"})
    found = codes(checked.problems)
    assert (found["odi_1"], found["odi_2"]) == ("answers.option", "answers.option")
    assert found["odi_99"] == "answers.unknown_item"
    assert found["odi_3"] == "answers.reason"
    assert found["odi_4"] == "answers.unanswered"
    assert checked.values == {}
    assert all(problem.sentence for problem in checked.problems)


def test_a_draft_may_be_unfinished() -> None:
    assert check(catalogue.load("odi"), {"odi_1": 2}, whole=False).accepted


def test_a_reason_stands_for_an_answer_but_not_beside_one() -> None:
    nprs = catalogue.load("nprs")
    checked = check(nprs, {}, {"nprs": "prefers_not_to_say"})
    assert (checked.accepted, checked.missing) == (True, {"nprs": Missing.PREFERS_NOT_TO_SAY})
    assert codes(check(nprs, {"nprs": 3}, {"nprs": "skipped"}).problems) == {"nprs": "answers.both"}


@pytest.mark.parametrize("reason", list(Missing))
def test_every_reason_has_words(reason: Missing) -> None:
    assert reason.label


def test_a_hidden_item_must_stay_empty() -> None:
    diary = catalogue.load("sleep_diary")
    night = {
        "into_bed": "22:30",
        "try_sleep": "22:45",
        "sol_min": 10,
        "n_awakenings": 0,
        "final_awakening": "06:30",
        "out_of_bed": "06:45",
        "quality": 4,
    }
    assert check(diary, night).accepted
    assert codes(check(diary, night | {"waso_min": 5}).problems) == {"waso_min": "answers.hidden"}
    assert codes(check(diary, night | {"n_awakenings": 1}).problems) == {"waso_min": "answers.unanswered"}
    assert "waso_min" not in [item.code for item in shown_items(diary, night)]


def test_an_unlikely_value_is_kept_once_confirmed() -> None:
    form = catalogue.load("sociodemographic")
    checked = check(form, {"body_mass_kg": 220.5}, whole=False)
    assert codes(checked.warnings) == {"body_mass_kg": "answers.unlikely"}
    assert "40 to 160" in checked.warnings[0].sentence
    assert not checked.accepted
    confirmed = check(form, {"body_mass_kg": 220.5}, whole=False, confirmed=["body_mass_kg"])
    assert (confirmed.accepted, confirmed.values) == (True, {"body_mass_kg": 220.5})


def checked_one(kind: str, value: Any, **extra: Any) -> Checked:
    definition = read_definition(minimal(filler="assessor", items=[item(code="b", kind=kind, **extra)]))
    return check(definition, {"b": value})


RANGE = {"minimum": 0, "maximum": 10, "unit": "s"}
LINE = {"minimum": 0, "maximum": 100, **{end: {"en": "End", "fr": "Bout"} for end in ("low_label", "high_label")}}


@pytest.mark.parametrize(
    ("kind", "value", "extra", "code"),
    [
        ("integer", 11, RANGE, "answers.range"),
        ("integer", 10**400, RANGE, "answers.range"),
        ("integer", 3.0, RANGE, "answers.number"),
        ("integer", True, RANGE, "answers.number"),
        ("integer", "3", RANGE, "answers.number"),
        ("decimal", float("nan"), RANGE | {"decimals": 1}, "answers.number"),
        ("decimal", float("inf"), RANGE | {"decimals": 1}, "answers.number"),
        ("decimal", 3.25, RANGE | {"decimals": 1}, "answers.decimals"),
        ("date", "2026-02-30", {}, "answers.date"),
        ("date", "3 May", {}, "answers.date"),
        ("partial_date", "2026-13", {}, "answers.date"),
        ("partial_date", "2026-02-30", {}, "answers.date"),
        ("partial_date", "26", {}, "answers.date"),
        ("partial_date", 2026, {}, "answers.date"),
        ("vas", 40.5, LINE, "answers.number"),
        ("vas", 101, LINE, "answers.range"),
        ("time", "24:00", {}, "answers.time"),
        ("text", "x" * 501, {}, "answers.text"),
        ("text", "a\x00b", {}, "answers.text"),
        ("text", "   ", {}, "answers.text"),
        ("text", ["a"], {}, "answers.text"),
    ],
)
def test_a_value_that_the_item_cannot_hold_is_refused(kind: str, value: Any, extra: dict[str, Any], code: str) -> None:
    assert codes(checked_one(kind, value, **extra).problems) == {"b": code}


@pytest.mark.parametrize(
    ("value", "code"),
    [(["none", "massage"], "answers.exclusive"), (["massage", "massage"], "answers.options"), ([], "answers.options")],
)
def test_choices_are_known_distinct_and_compatible(value: list[str], code: str) -> None:
    checked = check(catalogue.load("sociodemographic"), {"past_treatments": value}, whole=False)
    assert codes(checked.problems) == {"past_treatments": code}


def one(kind: str, **extra: Any) -> Item:
    return read_definition(minimal(filler="assessor", items=[item(code="b", kind=kind, **extra)])).items[0]


INTEGER = one("integer", **RANGE)
DECIMAL = one("decimal", **RANGE | {"decimals": 2, "minimum": -5})


@pytest.mark.parametrize(
    ("asked", "typed", "expected"),
    [
        (INTEGER, " 7 ", 7),
        (INTEGER, "7,0", 7),
        (INTEGER, "", None),
        (DECIMAL, "3,25", 3.25),
        (DECIMAL, "3.25", 3.25),
        (DECIMAL, "\u22122,5", -2.5),
        (one("time"), "22:30", "22:30"),
        (one("time"), "22h30", "22:30"),
        (one("time"), "22 h 30", "22:30"),
        (one("time"), "7 h", "07:00"),
        (one("time"), "10:30 pm", "22:30"),
        (one("time"), "12:05 a.m.", "00:05"),
        (one("date"), "2026-05-03", "2026-05-03"),
        (one("partial_date"), "2026", "2026"),
        (one("partial_date"), "2026-05", "2026-05"),
        (one("partial_date"), "2026-05-03", "2026-05-03"),
        (one("vas", **LINE), "40", 40),
        (one("yes_no"), "1", 1),
        (one("text"), " a ", "a"),
        (one("text"), "  ", None),
        (catalogue.load("hhd").item("unit"), "kgf", "kgf"),
        (catalogue.load("mri").item("regions"), ["spine", "hips"], ["spine", "hips"]),
        (catalogue.load("mri").item("regions"), [], None),
    ],
)
def test_what_people_type_is_understood(asked: Item, typed: Any, expected: Any) -> None:
    assert parse(asked, typed) == expected


@pytest.mark.parametrize(
    ("asked", "typed"),
    [
        (INTEGER, "7.5"),
        (INTEGER, "11"),
        (INTEGER, "9" * 5000),
        (INTEGER, "٣"),
        (INTEGER, "1e1"),
        (INTEGER, " " * 10_000_000),
        (DECIMAL, "nan"),
        (DECIMAL, "inf"),
        (DECIMAL, "1,2,3"),
        (DECIMAL, "1e9999"),
        (one("time"), "25:00"),
        (one("time"), "22:"),
        (one("time"), "13:00 pm"),
        (one("time"), "7"),
        (one("yes_no"), "2"),
        (one("yes_no"), ["1"]),
        (one("text"), "x" * 10_000_000),
        (catalogue.load("mri").item("regions"), ["spine", "moon"]),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_sentence(asked: Item, typed: Any) -> None:
    with pytest.raises(Problem) as refused:
        parse(asked, typed)
    assert refused.value.field == asked.code
    assert refused.value.sentence


@given(typed=st.text(max_size=60))
def test_nothing_typed_breaks_the_reader(typed: str) -> None:
    for asked in (INTEGER, DECIMAL, one("time"), one("date"), one("text"), one("yes_no")):
        with suppress(Problem):
            value = parse(asked, typed)
            assert value is None or check(read_definition(minimal(items=[as_data(asked)])), {"b": value}).values


def as_data(asked: Item) -> dict[str, Any]:
    return asked.model_dump(exclude_none=True)
