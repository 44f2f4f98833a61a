"""Planned doses, and what the progression rule suggests."""

from typing import Any

import pytest

from core.problems import Problem
from tests.unit.therapy.doses import double_progression, lumbar_extension
from therapy.dose import planned_sets, read_sets, suggested_load


def test_a_planned_dose_is_the_lower_end_of_its_ranges() -> None:
    hold = lumbar_extension(sets=2, reps=None, seconds={"min": 20, "max": 60}, load=5, load_unit="kg")
    assert planned_sets(hold) == [{"load": 5, "unit": "kg", "seconds": 20}] * 2
    assert planned_sets(lumbar_extension(sets=3)) == [{"reps": 8}] * 3


@pytest.mark.parametrize(
    ("rule", "sets", "load"),
    [
        ({"step": 2.5, "step_percent": 5}, [{"reps": 12, "load": 20}], 22.5),
        ({"step": 2.5, "step_percent": 5}, [{"reps": 12, "load": 100}], 105),
        ({"step_percent": 5}, [{"reps": 13, "load": 33}], 34.75),
        ({"step": 2.5}, [{"reps": 12, "load": 20}, {"reps": 11, "load": 20}], None),
        ({"step": 2.5}, [{"reps": 12}], None),
        ({"step": 2.5}, [], None),
        ({}, [{"reps": 12, "load": 20}], None),
    ],
)
def test_the_load_grows_when_every_set_reaches_the_upper_number(
    rule: dict[str, Any], sets: list[dict[str, Any]], load: float | None
) -> None:
    assert suggested_load(lumbar_extension(), double_progression(**rule), sets) == load


def test_where_the_therapist_judges_nothing_is_suggested() -> None:
    rule = double_progression(code="therapist_judgement", step=5)
    assert suggested_load(lumbar_extension(), rule, [{"reps": 12, "load": 20}]) is None


def test_sets_take_the_exercises_unit() -> None:
    assert read_sets(lumbar_extension(), [{"reps": 8, "load": 80.5}]) == [{"reps": 8, "load": 80.5, "unit": "nm"}]
    assert read_sets(lumbar_extension(effort_scale="borg_6_20"), [{"reps": 8, "effort": 20}])


DOSES_THAT_CANNOT_BE = [
    ([{"reps": 201}], "enter repetitions as a whole number from 0 to 200"),
    ([{"reps": -1}], "enter repetitions as a whole number"),
    ([{"reps": 8.5}], "enter repetitions as a whole number"),
    ([{"reps": True}], "enter repetitions as a whole number"),
    ([{"load": 1001}], "enter the load as a number from 0 to 1000"),
    ([{"load": "100"}], "enter the load as a number"),
    ([{"load": float("nan")}], "enter the load as a number"),
    ([{"reps": 8, "load": 100, "unit": "kg"}], "the load is in nm"),
    ([{"effort": 11}], "enter the effort as a number from 0 to 10"),
    ([{"reps": 8, "mood": 1}], "nothing else"),
    ([{}], "a set is empty"),
    ([], "enter 1 to 20 sets"),
    ([{"reps": 8}] * 21, "enter 1 to 20 sets"),
    ("8", "enter 1 to 20 sets"),
    ([8], "nothing else"),
]


@pytest.mark.parametrize(("sets", "sentence"), DOSES_THAT_CANNOT_BE)
def test_a_dose_that_cannot_be_is_refused(sets: Any, sentence: str) -> None:
    with pytest.raises(Problem) as caught:
        read_sets(lumbar_extension(), sets)
    assert sentence in caught.value.sentence
