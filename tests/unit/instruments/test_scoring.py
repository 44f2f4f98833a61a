"""Scores equal the published vectors; answers that no form has are refused with a sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments import catalogue, scoring
from instruments.problems import ScoreInputError, UnknownInstrument
from instruments.scoring import ipaq_sf, lsiq, odi
from tests.unit.instruments.strategies import answers

VECTORS = Path(__file__).parent / "vectors"
CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}-{case.get('name', number)}")
    for path in sorted(VECTORS.glob("*.json"))
    for number, case in enumerate(json.loads(path.read_text(encoding="utf-8")))
]


def assert_same(found: Any, expected: Any) -> None:
    if isinstance(expected, dict):
        for key, value in expected.items():
            assert key in found
            assert_same(found[key], value)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, abs=1e-5)
    else:
        assert found == expected
        assert isinstance(found, bool) == isinstance(expected, bool)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_vector(name: str, case: dict[str, Any]) -> None:
    assert_same(scoring.score(name, case["answers"]), case["expected"])


def test_every_vector_file_has_cases() -> None:
    assert {case.values[0] for case in CASES} == {path.stem for path in VECTORS.glob("*.json")}
    assert len(CASES) > 100


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"odi_11": 1}, ["'odi_11'", "odi_1"]),
        ({"odi_1": 6}, ["odi_1: 6", "from 0 to 5"]),
        ({"odi_1": -1}, ["odi_1: -1"]),
        ({"odi_1": "3"}, ["odi_1: '3'"]),
        ({"odi_1": True}, ["odi_1: True"]),
        ({"odi_1": 2.0}, ["odi_1: 2.0"]),
        ({"odi_1": [1]}, ["odi_1: [1]"]),
        ({"odi_1": 10**4000}, ["odi_1: a very large number"]),
        ({"odi_1": 7, "odi_2": 8, "x": 1}, ["odi_1: 7", "odi_2: 8", "'x'"]),
    ],
)
def test_answers_that_no_form_has_are_refused(answers: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ScoreInputError) as refused:
        scoring.score("odi", answers)
    for word in words:
        assert word in refused.value.sentence


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.1, 100.5, "50"])
def test_a_measurement_outside_its_range_is_refused(value: Any) -> None:
    with pytest.raises(ScoreInputError, match=r"vas: .* from 0 to 100"):
        scoring.score("vas", {"vas": value})


def test_body_mass_index_is_the_same_whether_measured_or_told() -> None:
    told = {"height_cm": 172.5, "body_mass_kg": 81.2}
    assert scoring.score("anthropometry", told) == {"bmi": 27.2884}
    assert scoring.score("sociodemographic", told) == {"bmi": 27.2884}
    assert scoring.score("anthropometry", {"height_cm": 172.5}) == {"bmi": None}


def test_an_impossible_clock_is_refused() -> None:
    with pytest.raises(ScoreInputError, match="into_bed: '24:00'"):
        scoring.score("sleep_diary", {"into_bed": "24:00"})


def test_a_code_out_of_range_is_never_taken_for_a_missing_one() -> None:
    with pytest.raises(ScoreInputError, match=r"gh1: 6 .* from 1 to 5"):
        scoring.score("sf12v1", {"gh1": 6})


def test_an_unknown_instrument_names_the_known_ones() -> None:
    with pytest.raises(UnknownInstrument, match=r"'odo'.*odi"):
        scoring.score("odo", {})


def test_one_pain_rating_has_a_score_and_no_change() -> None:
    assert scoring.score("nprs", {"nprs": 6}) == {"score": 6}
    with pytest.raises(ScoreInputError, match="either nprs alone"):
        scoring.score("nprs", {"nprs": 6, "nprs_baseline": 5})


def test_lsiq_cut_is_a_parameter_of_the_study() -> None:
    nine = {f"lsiq_{number}": int(number <= 9) for number in range(1, 16)}
    assert lsiq.score(nine)["group"] == "high"
    assert lsiq.score(nine, high_from=10)["group"] == "low"


def test_odi_without_any_answer_has_no_percentage() -> None:
    assert odi.score({}, max_missing=10)["score_pct"] is None


def test_promis_versions_differ_in_physical_function_only() -> None:
    lowest = dict.fromkeys(scoring.RULES["promis29"].items, 1)
    old, new = scoring.score("promis29", lowest), scoring.score("promis29_v21", lowest)
    assert (old.pop("physical_function")["t"], new.pop("physical_function")["t"]) == (22.9, 22.5)
    assert old == new


@pytest.mark.parametrize(("hours", "mins", "expected"), [(30, None, 30), (45, 0, 45), (15, 5, 905), (2, None, 120)])
def test_minutes_typed_into_the_hours_field_are_minutes(hours: int, mins: int | None, expected: int) -> None:
    assert ipaq_sf.minutes({"sit_hours": hours, "sit_mins": mins}, "sit") == expected


@pytest.mark.parametrize(("walking", "status"), [(0, "scored"), (1, "outlier_gt_960")])
def test_sixteen_hours_of_activity_still_count(walking: int, status: str) -> None:
    day = {"vig_days": 1, "vig_hours": 8, "mod_days": 1, "mod_hours": 8, "walk_days": 1, "walk_mins": walking}
    assert scoring.score("ipaq_sf", day)["status"] == status


@given(days=st.tuples(*[st.integers(0, 7)] * 3), mins=st.tuples(*[st.integers(10, 320)] * 3))
def test_activity_never_exceeds_the_greatest_total(days: tuple[int, ...], mins: tuple[int, ...]) -> None:
    week = {f"{name}_days": value for name, value in zip(ipaq_sf.METS, days, strict=True)}
    week |= {f"{name}_mins": value for name, value in zip(ipaq_sf.METS, mins, strict=True)}
    scores = scoring.score("ipaq_sf", week)
    assert 0 <= scores["total_met"] <= 19278
    assert scores["category"] == "high" or scores["total_met"] < 3000 or sum(days) < 7


def test_a_night_whose_sleep_exceeds_the_time_in_bed_is_flagged() -> None:
    night = {"into_bed": "23:30", "try_sleep": "22:30", "sol_min": 0, "n_awakenings": 0}
    scores = scoring.score("sleep_diary", night | {"final_awakening": "06:30", "out_of_bed": "06:40"})
    assert scores["flag"] == "se_over_100_check_times"
    assert scores["tst_min"] is None
    assert scores["se_tib_pct"] is None


def test_back_strength_takes_the_better_trial_and_needs_all_angles_for_the_mean() -> None:
    trials: dict[str, Any] = {f"torque_{angle}_1": 100 + angle for angle in (0, 12, 24, 36, 48, 60, 72)}
    scores = scoring.score("medx_strength", trials | {"torque_0_2": 130.5})
    assert (scores["torque_0_nm"], scores["peak_nm"], scores["n_angles"]) == (130.5, 172, 7)
    assert scores["mean_nm"] == pytest.approx((130.5 + 112 + 124 + 136 + 148 + 160 + 172) / 7, abs=1e-4)
    trials["torque_72_1"] = None
    scores = scoring.score("medx_strength", trials)
    assert (scores["torque_72_nm"], scores["peak_nm"], scores["mean_nm"]) == (None, None, None)


def test_gluteal_torque_uses_each_movement_its_own_lever() -> None:
    scores = scoring.score(
        "dynamometry",
        {
            "unit": "kgf",
            "body_mass_kg": 70,
            "extension_lever_m": 0.4,
            "extension_left_1": 20,
            "extension_left_2": 22,
            "abduction_right_3": 10,
        },
    )
    assert scores["extension_left_peak_n"] == pytest.approx(215.7463)
    assert scores["extension_left_peak_torque_nm"] == pytest.approx(86.2985, abs=1e-4)
    assert scores["extension_left_n_trials"] == 2
    assert scores["abduction_right_peak_n"] == pytest.approx(98.0665)
    assert scores["abduction_right_peak_torque_nm"] is None
    assert scores["abduction_left_peak_n"] is None


def test_hip_motion_keeps_a_negative_extension() -> None:
    scores = scoring.score("hip_rom", {"extension_left_1": -4, "extension_left_2": -8.0})
    assert (scores["extension_left_mean_deg"], scores["extension_left_max_deg"]) == (-6, -4)
    assert scores["flexion_left_mean_deg"] is None


def test_muscle_means_are_empty_when_one_level_is_missing() -> None:
    sites = [f"l{level}_{side}" for level in range(1, 6) for side in ("left", "right")]
    whole = {f"fat_{site}": 20 + number for number, site in enumerate(sites)}
    whole |= {"volume_left": 60.5, "volume_right": 61}
    scores = scoring.score("mri", whole)
    assert (scores["fat_mean_pct"], scores["volume_total_cm3"], scores["area_mean_cm2"]) == (24.5, 121.5, None)
    assert scoring.score("mri", whole | {"fat_l3_left": None})["fat_mean_pct"] is None


def test_body_mass_index() -> None:
    assert scoring.score("sociodemographic", {"height_cm": 180, "body_mass_kg": 81})["bmi"] == 25
    assert scoring.score("sociodemographic", {"height_cm": 180})["bmi"] is None


@pytest.mark.parametrize("code", catalogue.all_codes())
def test_a_response_carries_what_its_scores_rest_on(code: str) -> None:
    definition = catalogue.load(code)

    @settings(max_examples=15, deadline=None)
    @given(given_answers=answers(definition, complete=False))
    def every_allowed_answer_can_be_scored(given_answers: dict[str, Any]) -> None:
        scores = scoring.score_response(definition, given_answers)
        assert 0 <= scores.n_answered <= scores.n_required
        if definition.scoring is not None:
            assert set(scores.values) <= set(scoring.rule(definition.scoring).scores)
            assert scores.rule_version

    every_allowed_answer_can_be_scored()


@pytest.mark.parametrize("code", catalogue.all_codes())
def test_the_names_a_rule_promises_are_the_names_it_returns(code: str) -> None:
    definition = catalogue.load(code)
    if definition.scoring is not None:
        rule = scoring.rule(definition.scoring)
        assert set(scoring.score_response(definition, dict.fromkeys(rule.required)).values) == set(rule.scores)
