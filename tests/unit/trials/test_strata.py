"""Levels cover every attainable value exactly once, or the protocol is refused by the value's name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.trials.documents import checked, protocol, small
from trials.protocol.strata import attainable_values, level_of


def with_levels(source: dict[str, Any], *levels: dict[str, Any]) -> dict[str, Any]:
    data = small()
    data["strata"][0]["source"] = source
    data["strata"][0]["levels"] = [{"label": {"en": "Level"}, **level} for level in levels]
    return data


LSIQ = {"instrument": "lsiq", "score": "total"}


def test_the_registry_s_own_strata_are_refused_naming_nine() -> None:
    report = checked(with_levels(LSIQ, {"code": "high", "above": 9}, {"code": "low", "below": 9}))
    assert report.problems == (
        'No level of the stratum "lsiq" contains the score 9. '
        'Give it to one level, for example with "at_least: 9" in the level "high".',
    )


def test_an_overlap_names_the_score_and_the_levels() -> None:
    [problem] = checked(with_levels(LSIQ, {"code": "high", "at_least": 9}, {"code": "low", "at_most": 9})).problems
    assert '"high" and "low"' in problem
    assert "score 9." in problem


def test_a_wide_gap_lists_the_first_values_and_counts_the_rest() -> None:
    [problem] = checked(with_levels(LSIQ, {"code": "high", "at_least": 14}, {"code": "low", "below": 3})).problems
    assert "3, 4, 5, 6, 7 and 6 more" in problem


def test_a_level_that_holds_nothing_is_refused() -> None:
    report = checked(with_levels(LSIQ, {"code": "all", "at_least": 0}, {"code": "beyond", "above": 15}))
    assert any('"beyond"' in problem and "no attainable score" in problem for problem in report.problems)


def test_listed_values_cover_as_bounds_do() -> None:
    report = checked(
        with_levels(LSIQ, {"code": "low", "values": list(range(9))}, {"code": "high", "values": list(range(9, 16))})
    )
    assert report.problems == ()


def test_every_attainable_score_has_its_level() -> None:
    trial = protocol()
    levels = {value: level_of(trial, "lsiq", value) for value in attainable_values(trial, trial.factor("lsiq"))}
    assert levels == {value: "high" if value >= 9 else "low" for value in range(16)}


def test_a_value_without_a_level_has_none_made_up() -> None:
    with pytest.raises(LookupError):
        level_of(protocol(), "lsiq", "nine")
    with pytest.raises(KeyError):
        level_of(protocol(), "sex", 1)


def test_sites_must_all_be_covered() -> None:
    [problem] = checked(
        with_levels({"site": True}, {"code": "montreal", "values": ["MTL"]}, {"code": "other", "values": ["XXX"]})
    ).problems[:1]
    assert "contains the site QUE" in problem


def test_a_yes_no_question_can_stratify() -> None:
    yes_no = with_levels({"question": "pregnant"}, {"code": "y", "values": [True]}, {"code": "n", "values": [False]})
    assert checked(yes_no).problems == ()


@pytest.mark.parametrize(("low", "gap"), [({"below": 25}, True), ({"at_most": 25}, False)])
def test_a_continuous_measure_is_checked_at_and_between_its_bounds(low: dict[str, Any], gap: bool) -> None:
    data = with_levels({"question": "bmi"}, {"code": "high", "above": 25}, {"code": "low", **low})
    data["eligibility"]["criteria"].append(
        {
            "code": "bmi",
            "kind": "exclusion",
            "wording": {"en": "BMI"},
            "answer": {"kind": "number", "unit": "kg/m2", "min": 10, "max": 80},
            "rule": "answer > 40",
        }
    )
    assert any("contains the value 25" in problem for problem in checked(data).problems) is gap


@pytest.mark.parametrize(
    "source",
    [
        {"instrument": "lsiq"},
        {"instrument": "lsiq", "score": "total", "site": True},
        {"instrument": "lsiq", "score": "total", "field": "lsiq_1"},
        {},
    ],
)
def test_a_source_is_exactly_one_thing(source: dict[str, Any]) -> None:
    report = checked(with_levels(source, {"code": "a", "at_least": 9}, {"code": "b", "below": 9}))
    assert any("name exactly one" in problem for problem in report.problems)


def test_an_unknown_score_is_refused() -> None:
    report = checked(
        with_levels({"instrument": "lsiq", "score": "sum"}, {"code": "a", "at_least": 9}, {"code": "b", "below": 9})
    )
    assert any('no score "sum"' in problem for problem in report.problems)


def test_a_measurement_cannot_stratify() -> None:
    data = with_levels(
        {"instrument": "medx_strength", "score": "peak_nm"}, {"code": "a", "at_least": 9}, {"code": "b", "below": 9}
    )
    data["randomization"]["before"]["forms"] = [{"visit": "baseline", "instrument": "medx_strength"}]
    assert any("cannot be checked" in problem for problem in checked(data).problems)
