"""What is measured of a set beside its dose, as far as the protocol plans it."""

from typing import Any

import pytest

from core.problems import Problem
from tests.unit.therapy.doses import lumbar_extension
from therapy.details import details_of, dose_only
from therapy.dose import read_as_planned, read_sets

PLANNED: dict[str, Any] = {"tempo": "2-0-4-0", "rest": {"min": 60, "max": 90}}


def test_only_what_the_protocol_plans_and_collects_is_asked_for() -> None:
    assert {*details_of(lumbar_extension(**PLANNED))} >= {"tempo", "rest"}
    assert "tempo" not in details_of(lumbar_extension(**PLANNED, not_collected=["tempo"]))


def test_details_are_kept_with_the_set_and_left_out_of_its_dose() -> None:
    (read,) = read_sets(lumbar_extension(**PLANNED), [{"reps": 8, "tempo": "3-1-3-0", "rest": 75}])
    assert (read["tempo"], read["rest"]) == ("3-1-3-0", 75)
    assert dose_only(read) == {"reps": 8}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"tempo": "slow"}, "four numbers of seconds"),
        ({"tempo": 2040}, "four numbers of seconds"),
        ({"rest": 1801}, "the rest"),
        ({"rest": 60.5}, "the rest"),
        ({"rest": -1}, "the rest"),
    ],
)
def test_what_cannot_be_is_refused(typed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        read_sets(lumbar_extension(**PLANNED), [{"reps": 8, **typed}])


def test_what_the_protocol_does_not_plan_is_refused() -> None:
    plain = lumbar_extension(not_collected=["tempo", "rest", "angle", "time_under_load"])
    with pytest.raises(Problem, match="the protocol does not plan"):
        read_sets(plain, [{"reps": 8, "rest": 60}])


def test_done_as_planned_may_have_details_but_no_other_dose() -> None:
    exercise, planned = lumbar_extension(**PLANNED), [{"reps": 8}]
    assert read_as_planned(exercise, planned, [{"reps": 8, "rest": 60}]) == [{"reps": 8, "rest": 60}]
    with pytest.raises(Problem, match="differ from the plan"):
        read_as_planned(exercise, planned, [{"reps": 9, "rest": 60}])
