"""Eligibility is decided from answers alone, and never guessed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.unit.trials.documents import protocol, spoiled
from trials.protocol.eligibility import age_on, assess, criteria_at, validate_answers

PROFILE = {"nociceptive": "A", "contextual": "none", "rated_by": "Dr Roy"}
FITS: dict[str, Any] = {"age": 30, "pregnant": False, "drivers": PROFILE}


def test_everything_met_is_eligible() -> None:
    result = assess(protocol(), "screening", FITS)
    assert (result.outcome, result.reasons, result.unanswered) == ("eligible", (), ())


def test_each_failed_criterion_is_a_reason_in_protocol_order() -> None:
    answers = {"age": 61, "pregnant": True, "drivers": {**PROFILE, "contextual": "B"}}
    result = assess(protocol(), "screening", answers)
    assert result.outcome == "ineligible"
    assert result.reasons == ("age", "pregnant", "drivers")


def test_an_unanswered_criterion_is_neither_yes_nor_no() -> None:
    result = assess(protocol(), "screening", {**FITS, "pregnant": None})
    assert (result.outcome, result.unanswered) == ("undecided", ("pregnant",))


def test_one_failed_criterion_decides_while_others_are_open() -> None:
    result = assess(protocol(), "screening", {"pregnant": True})
    assert result.outcome == "ineligible"
    assert result.unanswered == ("age", "drivers")


def test_a_profile_lacking_a_domain_is_undecided() -> None:
    result = assess(protocol(), "screening", {**FITS, "drivers": {"nociceptive": "A", "rated_by": "Dr Roy"}})
    assert result.unanswered == ("drivers",)


def test_later_stages_ask_their_own_and_what_is_reconfirmed() -> None:
    assert [each.code for each in criteria_at(protocol(), "later")] == ["pregnant", "finding"]
    assert assess(protocol(), "later", {"pregnant": True, "finding": False}).reasons == ("pregnant",)


def test_groups_are_asked_their_own_criteria_only() -> None:
    data = spoiled("eligibility.criteria.1.groups", ["patients"])
    data["design"] = {
        "kind": "groups",
        "groups": [
            {"code": "patients", "label": {"en": "P"}, "programme": "walking"},
            {"code": "controls", "label": {"en": "C"}},
        ],
    }
    del data["strata"], data["randomization"]
    data["blinding"]["blind_to"] = {}
    data["visits"][1]["anchor"] = {"milestone": "consent"}
    assert "pregnant" not in [each.code for each in criteria_at(protocol(data), "screening", "controls")]
    assert "pregnant" in [each.code for each in criteria_at(protocol(data), "screening", "patients")]


def test_dates_count_back_from_the_day_given() -> None:
    data = spoiled(
        "eligibility.criteria.4",
        {
            "code": "onset",
            "kind": "inclusion",
            "wording": {"en": "Three months"},
            "answer": {"kind": "date"},
            "rule": "answer.months_ago >= 3",
        },
    )
    answers = {**FITS, "onset": "2026-01-31"}
    assert assess(protocol(data), "screening", answers, on=date(2026, 4, 30)).reasons == ("onset",)
    assert assess(protocol(data), "screening", answers, on=date(2026, 5, 1)).outcome == "eligible"
    assert assess(protocol(data), "screening", answers).outcome == "undecided"


@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        ({"age": 200}, "age", "0 to 120"),
        ({"age": True}, "age", "whole years"),
        ({"age": float("nan")}, "age", "whole years"),
        ({"pregnant": "yes"}, "pregnant", "yes or no"),
        ({"drivers": {**PROFILE, "contextual": "C"}}, "drivers.contextual", "none, A, B"),
        ({"drivers": {"nociceptive": "A"}}, "drivers.rated_by", "clinician"),
        ({"drivers": {**PROFILE, "mood": "A"}}, "drivers", "no domain"),
        ({"drivers": ["A"]}, "drivers", "each domain"),
        ({"finding": True}, "finding", "not asked at this stage"),
        ({"shoe_size": 42}, "shoe_size", "asks no question"),
    ],
)
def test_answers_that_cannot_be_are_named_by_field(answers: dict[str, Any], field: str, words: str) -> None:
    [problem] = validate_answers(protocol(), "screening", answers)
    assert problem.field == field
    assert words in problem.sentence


def test_unanswered_is_no_problem() -> None:
    assert validate_answers(protocol(), "screening", {"age": None}) == []


def test_a_date_in_the_future_is_refused() -> None:
    data = spoiled(
        "eligibility.criteria.1",
        {
            "code": "onset",
            "kind": "inclusion",
            "wording": {"en": "Onset"},
            "answer": {"kind": "date"},
            "rule": "answer.days_ago > 90",
        },
    )
    [problem] = validate_answers(protocol(data), "screening", {"onset": date(2026, 5, 4)}, today=date(2026, 5, 3))
    assert "future" in problem.sentence


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 5, 3), date(2026, 5, 2), 17),
        (date(2008, 5, 3), date(2026, 5, 3), 18),
        (date(2004, 2, 29), date(2026, 2, 28), 21),
        (date(2004, 2, 29), date(2026, 3, 1), 22),
    ],
)
def test_age_counts_birthdays_passed(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age
