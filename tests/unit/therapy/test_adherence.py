"""A synthetic log whose answers were worked out by hand gives exactly these figures."""

from collections import namedtuple
from datetime import date, timedelta
from typing import Any

from tests.unit.therapy.doses import double_progression, lumbar_extension
from therapy.adherence import adherence_of
from therapy.dose import suggested_load
from therapy.volume import Performed, amount_of, by_muscle, by_week, course_of
from trials.protocol.programmes import Programme
from trials.protocol.words import Text

RANDOMIZED = date(2026, 3, 2)
Held = namedtuple("Held", "status minutes late")


def programme() -> Programme:
    """16 weeks of 3 sessions: 48; at least 45 of 60 minutes."""
    kind = {"code": "session", "label": Text({"en": "Session"}), "exercises": (lumbar_extension(),)}
    return Programme(
        code="loaded",
        label=Text({"en": "Loaded"}),
        sessions_per_week=3,
        weeks=16,
        minutes={"planned": 60, "at_least": 45},
        supervision="individual",
        setting=Text({"en": "Clinic"}),
        session_types=(kind,),
        alternation={"by": "sequence", "pattern": ("session",)},
        progression=double_progression(step_percent=5),
    )


def on(days: int, status: str = "done", minutes: int | None = None, late: bool = False) -> tuple[Any, date]:
    return Held(status, minutes, late), RANDOMIZED + timedelta(days=days)


def test_the_figures_of_a_course_worked_out_by_hand() -> None:
    log = [
        on(0, minutes=60),
        on(2, minutes=50),
        on(4, "shortened", 30),
        on(7, "missed"),
        on(9, "cancelled", late=True),
        on(11, minutes=45, late=True),
        on(111, minutes=60),
        on(112, minutes=60),
    ]
    found = adherence_of(programme(), log, RANDOMIZED)
    assert (found.planned, found.recorded, found.attended) == (48, 8, 6)
    assert (found.done, found.shortened, found.missed, found.cancelled) == (5, 1, 1, 1)
    assert found.attended_percent == 12.5  # 6 of 48
    assert found.done_percent == 100 * 5 / 48
    assert (found.within_window, found.window_percent) == (5, 100 * 5 / 48)  # day 112 is the first after 16 weeks
    assert (found.minutes, found.timed, found.long_enough, found.late) == (305, 6, 5, 2)
    assert found.weeks == (3, 1, *[0] * 13, 1)
    assert (found.full_weeks, found.days_to_first) == (1, 0)


def test_the_denominator_stays_when_nobody_comes() -> None:
    nobody = adherence_of(programme(), [], RANDOMIZED)
    assert (nobody.planned, nobody.attended_percent, nobody.days_to_first) == (48, 0, None)
    away = adherence_of(programme(), [on(3, "missed"), on(5)], RANDOMIZED)
    assert (away.attended_percent, away.days_to_first) == (100 / 48, 5)


def test_volume_counts_both_sides_and_never_adds_units() -> None:
    squat = lumbar_extension(code="squat", load_unit="kg", each_side=True, muscles=("gluteals", "quadriceps"))
    extension = lumbar_extension(muscles=("lumbar_extensors",))
    plank = lumbar_extension(code="plank", load_unit="body_weight", reps=None, seconds={"min": 20, "max": 60})
    assert amount_of(squat, [{"reps": 10, "load": 20}, {"reps": 8, "load": 20}]).load == 720  # 18 × 20 × 2 sides
    week_2 = RANDOMIZED + timedelta(days=7)
    rows = [
        Performed(1, RANDOMIZED, squat, [{"reps": 8, "load": 20}], [{"reps": 10, "load": 20}]),
        Performed(1, RANDOMIZED, extension, [{"reps": 8, "load": 100}], [{"reps": 12, "load": 100, "effort": 7}]),
        Performed(2, week_2, extension, [{"reps": 12, "load": 100}], [{"reps": 9, "load": 105}]),
        Performed(2, week_2, plank, [{"seconds": 20}], [{"seconds": 30}]),
        Performed(3, RANDOMIZED + timedelta(days=9), squat, [{"reps": 8, "load": 20}], []),
    ]
    assert by_week(rows, RANDOMIZED) == {1: {"kg": 400, "nm": 1200}, 2: {"nm": 945}}
    assert by_muscle(rows) == {
        "gluteals": {"sets": 1, "kg": 400},
        "lumbar_extensors": {"sets": 2, "nm": 2145},
        "quadriceps": {"sets": 1, "kg": 400},
    }
    course = course_of(rows)
    assert [(day.session, day.top_load, day.amount.load) for day in course["lumbar_extension"]] == [
        (1, 100, 1200),
        (2, 105, 945),
    ]
    assert [day.percent_of_plan for day in course["lumbar_extension"]] == [150, 78.75]
    assert (course["lumbar_extension"][0].effort, course["lumbar_extension"][1].effort) == (7, None)
    assert [(day.amount.seconds, day.amount.load, day.percent_of_plan) for day in course["plank"]] == [(30, None, 150)]
    assert len(course["squat"]) == 1  # left out in the third session


def test_a_load_that_is_no_amount_has_no_volume_and_no_step() -> None:
    for unit in ("rm", "band", "degrees"):
        exercise = lumbar_extension(load_unit=unit)
        assert amount_of(exercise, [{"reps": 10, "load": 10}]).load is None
    rule = double_progression(step=2.5, step_percent=5)
    assert suggested_load(lumbar_extension(load_unit="rm"), rule, [{"reps": 12, "load": 10}]) is None


def test_the_rule_of_progression_on_a_log_with_known_answers() -> None:
    rule = double_progression(step=2.5, step_percent=5)
    answers = [
        ([(12, 40)], 42.5),  # 5 % is 2, the step of 2.5 is more
        ([(12, 60)], 63),  # 5 % is 3
        ([(12, 61)], 64.25),  # 64.05, up to a quarter
        ([(12, 40), (11, 40)], None),  # one set fell short
        ([(12, 40), (12, 45)], 47.5),  # from the heaviest
        ([], None),
    ]
    for sets, expected in answers:
        last = [{"reps": reps, "load": load} for reps, load in sets]
        assert suggested_load(lumbar_extension(load_unit="kg"), rule, last) == expected
