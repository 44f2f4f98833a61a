"""Every score has a name, and every value is read as a word or a number."""

import pytest

from instruments import catalogue
from instruments.scoring import rule
from web.instrument_forms.score_words import score_name, score_rows, value_in_words


@pytest.mark.parametrize("instrument", [code for code in catalogue.all_codes() if catalogue.load(code).scoring])
def test_no_score_is_shown_by_its_code(instrument: str) -> None:
    scoring = catalogue.load(instrument).scoring
    assert scoring is not None
    found = rule(scoring)
    names = [row.label for row in score_rows(found.function(dict.fromkeys(found.required)))]
    assert names
    assert [name for name in names if "_" in name or name in found.scores] == []
    assert len(set(names)) == len(names)


def test_a_score_of_a_side_and_one_of_an_angle_say_which() -> None:
    assert score_name("abduction_left_peak_n") == "Abduction, left: peak force (N)"
    assert score_name("torque_24_nm") == "Torque at 24° (N·m)"


def test_values_are_read_in_words() -> None:
    assert value_in_words(True) == "Yes"
    assert value_in_words(37.9) == "37.9"
    assert value_in_words("bed_bound") == "confined to bed"
    assert value_in_words("AB") == "AB"
    assert value_in_words(None) is None


def test_a_t_score_comes_with_its_error_and_raw_sum() -> None:
    rows = score_rows({"anxiety": {"raw": 4, "t": 40.3, "se": 6.1}, "fatigue": {"raw": None, "t": None, "se": None}})
    assert [row.value for row in rows] == ["T-score 40.3 (standard error 6.1, raw 4)", None]


def test_a_profile_is_shown_domain_by_domain_and_an_empty_flag_not_at_all() -> None:
    rows = score_rows({"profile": {"nociceptive": "A", "comorbidity": "none"}, "flag": None})
    assert [(row.label, row.value) for row in rows] == [("Nociceptive drivers", "A"), ("Comorbidity", "not present")]
