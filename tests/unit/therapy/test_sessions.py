"""The session log: recorded once, in order, against the arm's programme; corrected with a reason."""

from datetime import timedelta
from typing import Any

import pytest

from audit.classes import FieldClass
from audit.models import Entry
from core import clock
from core.problems import Conflict, Invalid, NotFound, Problem, Refused
from outcomes.models import Visit
from participants.actions import withdrawal
from participants.models import Milestone, Participant
from randomization.blindfold import Purpose, unblinded
from review.actions import locks
from tests import cast as people
from tests.trail import content
from tests.unit.randomization_db.world import World
from therapy import queries
from therapy.actions import assignments, corrections, sessions
from therapy.models import PerformedExercise, Session

EXERCISES = ("segmentation", "simplification", "task_practice", "lumbar_extension")
AS_PLANNED = [{"exercise": code, "status": "as_planned"} for code in EXERCISES]


def record(world: World, participant: Participant, number: int = 1, **changes: Any) -> Session:
    known = {"status": "done", "held_at": clock.now(), "exercises": AS_PLANNED, "by": world.marc}
    return sessions.record(participant=participant, number=number, **{**known, **changes})


def missed(world: World, participant: Participant, number: int = 1, **changes: Any) -> Session:
    known = {"status": "missed", "reason_code": "illness", "exercises": ()}
    return record(world, participant, number, **{**known, **changes})


def with_extension(**entry: Any) -> list[dict[str, Any]]:
    return [*AS_PLANNED[:3], {"exercise": "lumbar_extension", **entry}]


def performed(world: World, participant: Participant, number: int = 1) -> dict[str, PerformedExercise]:
    _session, rows = queries.session_by_number(participant, number, world.marc)
    return {row.exercise: row for row in rows}


def codes(caught: pytest.ExceptionInfo[Problem]) -> list[str]:
    problem = caught.value
    return [each.code for each in problem.problems] if isinstance(problem, Invalid) else [problem.code]


def test_a_session_done_as_planned_takes_the_prescription(world: World, marcs: Participant) -> None:
    session = record(world, marcs, minutes=60, pain_before=4, pain_after=3, effort=6, note="Went well")
    assert (session.session_type, session.status, session.late) == ("session", "done", False)
    rows = performed(world, marcs)
    assert list(rows) == list(EXERCISES)
    assert rows["segmentation"].performed == [{"reps": 8}] * 3


def test_next_time_lays_out_last_times_values_and_the_rules_suggestion(world: World, marcs: Participant) -> None:
    sets = [{"reps": 12, "load": 100, "effort": 7}]
    record(world, marcs, exercises=with_extension(status="changed", sets=sets))
    following = queries.next_session(marcs, world.marc)
    assert following is not None
    assert following.number == 2
    extension = {each.exercise.code: each for each in following.exercises}["lumbar_extension"]
    assert extension.sets == [{"reps": 12, "load": 100, "effort": 7, "unit": "nm"}]
    assert (extension.last_on, extension.suggested_load) == (clock.today("America/Toronto"), 105)


def test_types_alternate_by_sessions_held_when_one_is_missed(world: World, waiting: Participant) -> None:
    assignments.take(participant=waiting, by=world.priya)
    planned = []
    for number, held in enumerate((True, False, True, True), start=1):
        clock.advance(timedelta(days=1))
        following = queries.next_session(waiting, world.priya)
        assert following is not None
        planned.append(following.kind.code)
        entries = [{"exercise": each.exercise.code, "status": "as_planned"} for each in following.exercises]
        if held:
            record(world, waiting, number, by=world.priya, exercises=entries)
        else:
            missed(world, waiting, number, by=world.priya)
    assert planned == ["session_1", "session_2", "session_2", "session_1"]


def test_an_exercise_of_the_other_arm_is_refused(world: World, marcs: Participant) -> None:
    with pytest.raises(Invalid) as caught:
        record(world, marcs, exercises=[*AS_PLANNED, {"exercise": "deadlift", "status": "as_planned"}])
    assert codes(caught) == ["session.exercise_unknown"]
    instead = with_extension(status="substituted", instead="deadlift", sets=[{"reps": 8}], reason_code="pain")
    with pytest.raises(Invalid) as caught:
        record(world, marcs, exercises=instead)
    assert codes(caught) == ["session.exercise_instead"]
    assert {cell.state for cell in queries.grid_of(marcs, world.marc)} == {"planned"}


def test_exercises_can_be_replaced_and_left_out_with_a_reason(world: World, marcs: Participant) -> None:
    entries = [
        {"exercise": "segmentation", "status": "dropped", "reason_code": "time"},
        {
            "exercise": "simplification",
            "status": "substituted",
            "instead": "segmentation",
            "sets": [{"reps": 5}],
            "reason_code": "pain",
        },
        *AS_PLANNED[2:],
    ]
    record(world, marcs, exercises=entries)
    rows = performed(world, marcs)
    assert (rows["segmentation"].performed, rows["segmentation"].reason_code) == ([], "time")
    assert (rows["simplification"].instead, rows["simplification"].performed) == ("segmentation", [{"reps": 5}])


def test_each_planned_exercise_is_accounted_for(world: World, marcs: Participant) -> None:
    twice = [*AS_PLANNED, AS_PLANNED[0]]
    for entries, code in (
        (AS_PLANNED[:3], "session.exercise_status"),
        (twice, "session.exercise_twice"),
        (with_extension(status="perhaps"), "session.exercise_status"),
        (with_extension(status="dropped"), "session.exercise_reason"),
        (with_extension(status="as_planned", colour="red"), "session.exercise_unknown"),
        (["deadlift"], "session.exercise_unknown"),
    ):
        with pytest.raises(Invalid) as caught:
            record(world, marcs, exercises=entries)
        assert code in codes(caught)


def test_a_shortened_session_leaves_out_what_was_not_entered(world: World, marcs: Participant) -> None:
    record(world, marcs, status="shortened", reason_code="time", exercises=AS_PLANNED[:2])
    rows = performed(world, marcs)
    assert [rows[code].status for code in EXERCISES] == ["as_planned", "as_planned", "dropped", "dropped"]


def test_what_contradicts_itself_is_refused(world: World, marcs: Participant) -> None:
    for changes, code in (
        ({"status": "perhaps"}, "session.status"),
        ({"status": "shortened"}, "session.reason"),
        ({"reason_code": "illness"}, "session.reason"),
        ({"status": "missed", "reason_code": "illness"}, "session.not_held"),
        ({"status": "missed", "reason_code": "illness", "exercises": (), "pain_after": 3}, "session.not_held"),
        ({"pain_before": 11}, "record.invalid"),
        ({"minutes": 0}, "record.invalid"),
        ({"note": "x" * 2001}, "record.invalid"),
    ):
        with pytest.raises(Problem) as caught:
            record(world, marcs, **changes)
        assert codes(caught) == [code]
    assert {cell.state for cell in queries.grid_of(marcs, world.marc)} == {"planned"}


def test_sessions_are_recorded_in_order_and_once(world: World, marcs: Participant) -> None:
    with pytest.raises(Problem) as caught:
        record(world, marcs, 2)
    assert caught.value.sentence == "Record session 1 first."
    record(world, marcs)
    with pytest.raises(Conflict) as caught:
        record(world, marcs, 1)
    assert "Session 1 is recorded already." in caught.value.sentence


def test_the_grid_has_every_session_of_the_programme(world: World, marcs: Participant) -> None:
    record(world, marcs, 1)
    missed(world, marcs, 2)
    clock.advance(timedelta(days=1))
    record(world, marcs, 3, status="shortened", reason_code="fatigue")
    missed(world, marcs, 4, status="cancelled", reason_code="staff")
    cells = queries.grid_of(marcs, world.marc)
    assert [cell.number for cell in cells] == list(range(1, 49))
    assert [cell.state for cell in cells[:5]] == ["done", "missed", "shortened", "cancelled", "planned"]


def test_the_moment_must_be_possible(world: World, marcs: Participant) -> None:
    for held_at in (clock.now() + timedelta(minutes=1), clock.now() - timedelta(days=1)):
        with pytest.raises(Problem) as caught:
            record(world, marcs, held_at=held_at)
        assert caught.value.code == "session.held_at"
    clock.advance(timedelta(days=3))
    record(world, marcs)
    with pytest.raises(Problem) as caught:
        record(world, marcs, 2, held_at=clock.now() - timedelta(days=1))
    assert "before the session before it" in caught.value.sentence


def test_a_session_recorded_another_day_is_flagged_late(world: World, marcs: Participant) -> None:
    held_at = clock.now()
    clock.advance(timedelta(days=1))
    assert record(world, marcs, held_at=held_at).late


def test_after_withdrawal_only_earlier_sessions_are_recorded(world: World, marcs: Participant) -> None:
    clock.advance(timedelta(days=2))
    left_on = clock.today("America/Toronto")
    withdrawal.withdraw(participant=marcs, scopes=["intervention"], reason_code="time", day=left_on, by=world.elise)
    clock.advance(timedelta(days=1))
    record(world, marcs, held_at=clock.now() - timedelta(days=2))
    with pytest.raises(Problem) as caught:
        record(world, marcs, 2)
    assert "withdrew from the sessions" in caught.value.sentence


def test_nobody_else_records(world: World, marcs: Participant) -> None:
    with pytest.raises(NotFound):
        record(world, marcs, by=world.priya)
    with pytest.raises(NotFound):
        record(world, world.ready())
    for by in (world.elise, world.amelie, world.samuel):
        with pytest.raises(Refused):
            record(world, marcs, by=by)


def test_a_locked_trial_takes_no_session(world: World, marcs: Participant) -> None:
    locks.lock_trial(trial=world.trial, reason="The end", by=world.noor)
    with pytest.raises(Conflict):
        record(world, marcs)


def test_only_the_last_session_is_handed_down_and_in_nobodys_name(world: World, marcs: Participant) -> None:
    for number in range(1, 48):
        missed(world, marcs, number)
    assert not Milestone.objects.filter(participant=marcs, kind__in=["session", "last_session"]).exists()
    before = Entry.objects.count()
    record(world, marcs, 48)
    milestone = Milestone.objects.get(participant=marcs, kind="last_session")
    assert (milestone.number, milestone.day) == (0, clock.today("America/Toronto"))
    assert Visit.objects.filter(participant=marcs, code="interview_after").exists()
    shown = Entry.objects.filter(number__gt=before, chain=str(world.trial.pk)).exclude(secrecy=FieldClass.UNBLINDING)
    assert {entry.actor_name for entry in shown} == {"Session log"}
    assert queries.next_session(marcs, world.marc) is None
    with pytest.raises(Problem) as caught:
        missed(world, marcs, 49)
    assert caught.value.sentence == "All 48 sessions are recorded."


def test_a_correction_needs_a_reason_and_keeps_the_old_value(world: World, marcs: Participant) -> None:
    session = record(world, marcs, pain_after=3)
    with pytest.raises(Problem):
        corrections.correct(participant=marcs, number=1, reason="", pain_after=5, by=world.marc)
    corrections.correct(participant=marcs, number=1, reason="Typed wrongly", pain_after=5, seen=1, by=world.marc)
    stored, _rows = queries.session_by_number(marcs, 1, world.marc)
    assert (stored.pain_after, stored.revision) == (5, 2)
    assert Entry.objects.get(verb="session.correct").secrecy == FieldClass.UNBLINDING
    told = content(verb="session.correct")
    assert (told.reason, told.actor_id) == ("Typed wrongly", world.marc.id)
    (change,) = told.changes
    assert (change.record_id, change.field, change.old, change.new) == (str(session.pk), "pain_after", "3", "5")
    with pytest.raises(Conflict):
        corrections.correct(participant=marcs, number=1, reason="Again", pain_after=4, seen=1, by=world.marc)
    with pytest.raises(NotFound):
        corrections.correct(participant=marcs, number=2, reason="Again", pain_after=4, by=world.marc)
    with pytest.raises(NotFound):
        corrections.correct(participant=marcs, number=1, reason="Again", pain_after=4, by=world.priya)


def test_a_session_that_was_not_held_after_all_loses_its_dose(world: World, marcs: Participant) -> None:
    record(world, marcs, minutes=60, pain_after=3)
    wrong = {"participant": marcs, "number": 1, "reason": "Wrong person", "by": world.marc}
    corrections.correct(**wrong, status="missed", reason_code="forgot")
    stored, rows = queries.session_by_number(marcs, 1, world.marc)
    assert (stored.status, stored.minutes, stored.pain_after) == ("missed", None, None)
    assert {(row.status, tuple(row.performed)) for row in rows} == {("dropped", ())}
    corrections.correct(**wrong, status="done", reason_code="", exercises=AS_PLANNED)
    assert {row.status for row in performed(world, marcs).values()} == {"as_planned"}


def test_the_dose_of_one_session_can_be_corrected(world: World, marcs: Participant) -> None:
    record(world, marcs)
    sets = [{"reps": 9, "load": 80}]
    corrections.correct(
        participant=marcs,
        number=1,
        reason="Load forgotten",
        exercises=with_extension(status="changed", sets=sets),
        by=world.marc,
    )
    assert performed(world, marcs)["lumbar_extension"].performed == [{"reps": 9, "load": 80, "unit": "nm"}]


def test_the_statistician_reads_all_sessions_inside_an_export(world: World, marcs: Participant) -> None:
    record(world, marcs)
    missed(world, marcs, 2)
    with unblinded(by=people.actor(world.cast.samuel), trial=world.trial, purpose=Purpose.EXPORT, reason="Report"):
        assert [(each.number, each.status) for each in queries.sessions_of(world.trial)] == [(1, "done"), (2, "missed")]
        assert [each.exercise for each in queries.performed_of(world.trial)] == list(EXERCISES)


def heavy(world: World, participant: Participant, number: int, load: float, **entry: Any) -> PerformedExercise:
    """A session two days on with twelve repetitions of so much, so that the rule suggests 5 % more next time."""
    clock.advance(timedelta(days=2))
    sets = [{"reps": 12, "load": load}]
    record(world, participant, number, exercises=with_extension(status="changed", sets=sets, **entry))
    return performed(world, participant, number)["lumbar_extension"]


def test_what_the_therapist_did_with_the_suggested_load_is_on_record(world: World, marcs: Participant) -> None:
    first = heavy(world, marcs, 1, 100)
    assert (first.rule, first.suggested, first.decision, first.why_code) == ("", None, "", "")
    followed = heavy(world, marcs, 2, 105)
    assert (followed.rule, followed.suggested) == ("double_progression", 105)
    assert (followed.decision, followed.why_code) == ("followed", "")
    with pytest.raises(Invalid) as caught:
        heavy(world, marcs, 3, 105)
    assert codes(caught) == ["session.exercise_why"]
    stayed = heavy(world, marcs, 3, 105, why_code="technique")
    assert (stayed.suggested, stayed.decision, stayed.why_code) == (110.25, "stayed", "technique")
    other = heavy(world, marcs, 4, 107.5, why_code="equipment")
    assert (other.decision, other.why_code) == ("other", "equipment")


def test_no_decision_is_taken_on_what_was_not_done(world: World, marcs: Participant) -> None:
    heavy(world, marcs, 1, 100)
    clock.advance(timedelta(days=2))
    record(world, marcs, 2, exercises=with_extension(status="dropped", reason_code="pain"))
    row = performed(world, marcs, 2)["lumbar_extension"]
    assert (row.rule, row.decision) == ("", "")


def test_a_corrected_load_corrects_the_decision(world: World, marcs: Participant) -> None:
    heavy(world, marcs, 1, 100)
    heavy(world, marcs, 2, 105)
    lower = with_extension(status="changed", sets=[{"reps": 10, "load": 100}], why_code="pain")
    corrections.correct(participant=marcs, number=2, reason="Typed wrongly", exercises=lower, by=world.marc)
    row = performed(world, marcs, 2)["lumbar_extension"]
    assert (row.decision, row.why_code, row.suggested) == ("stayed", "pain", 105)


def test_an_exercise_of_the_programme_is_added_with_a_reason(world: World, waiting: Participant) -> None:
    assignments.take(participant=waiting, by=world.priya)
    following = queries.next_session(waiting, world.priya)
    assert following is not None
    planned = [{"exercise": each.exercise.code, "status": "as_planned"} for each in following.exercises]
    added = {"exercise": "deadlift", "status": "added", "sets": [{"reps": 8, "load": 40}], "reason_code": "equipment"}
    for wrong, code in (
        ({**added, "reason_code": ""}, "session.exercise_reason"),
        ({**added, "exercise": "lumbar_extension"}, "session.exercise_unknown"),
        ({**added, "sets": []}, "session.dose"),
    ):
        with pytest.raises(Invalid) as caught:
            record(world, waiting, by=world.priya, exercises=[*planned, wrong])
        assert codes(caught) == [code]
    record(world, waiting, by=world.priya, exercises=[*planned, added])
    _session, rows = queries.session_by_number(waiting, 1, world.priya)
    last = rows[-1]
    assert (last.exercise, last.status, last.planned, last.order) == ("deadlift", "added", [], len(planned) + 1)
    assert last.performed == [{"reps": 8, "load": 40, "unit": "kg"}]


def test_two_sessions_within_an_hour_are_asked_about(world: World, marcs: Participant) -> None:
    record(world, marcs)
    clock.advance(timedelta(minutes=59))
    with pytest.raises(Problem) as caught:
        record(world, marcs, 2)
    assert caught.value.code == "session.close"
    assert "Session 1 was held at 10:00" in caught.value.sentence
    record(world, marcs, 2, close_confirmed=True)
    clock.advance(timedelta(minutes=60))
    record(world, marcs, 3)
    missed(world, marcs, 4)


def test_a_moved_session_says_from_when_and_why(world: World, marcs: Participant) -> None:
    today = clock.today("America/Toronto")
    for details in (
        {"planned_on": today - timedelta(days=1)},
        {"moved_code": "illness"},
        {"planned_on": today, "moved_code": "illness"},
    ):
        with pytest.raises(Problem) as caught:
            record(world, marcs, **details)
        assert caught.value.code == "session.moved"
    session = record(world, marcs, planned_on=today - timedelta(days=1), moved_code="illness", pain_during=5)
    assert (session.planned_on, session.moved_code, session.pain_during) == (today - timedelta(days=1), "illness", 5)
    with pytest.raises(Problem):
        corrections.correct(participant=marcs, number=1, reason="Wrong", moved_code="", by=world.marc)
    corrections.correct(participant=marcs, number=1, reason="Wrong", planned_on=None, moved_code="", by=world.marc)
    assert queries.session_by_number(marcs, 1, world.marc)[0].planned_on is None
