"""The dataset by arm: for the statistician, each time with a purpose."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError

from accounts.permissions import Permission
from audit.models import Entry
from core.problems import Problem, Refused
from exports import blinded, unblinded
from exports.scope import scope_of
from randomization.actions import errata as error_actions
from randomization.actions import freezes
from randomization.blindfold import Purpose
from randomization.blindfold import unblinded as opened
from randomization.models import Erratum
from randomization.queries import arm_of
from review.actions import locks
from tests import cast as people
from tests.trail import contents
from tests.unit.exports.conftest import Story
from tests.unit.exports.world import consent_again, files_of, row_of, rows_of
from therapy.course import exercises_of
from therapy.details import DETAILS
from trials.protocol.programmes import Exercise
from trials.queries import protocol_of

WHY = "Report to the monitoring committee"


def test_allocations_with_the_strata_as_used(story: Story) -> None:
    world = story.world
    with opened(by=world.samuel, trial=world.trial, purpose=Purpose.EXPORT, reason=WHY):
        arm = arm_of(story.treated)
    files = files_of(unblinded.export(trial=world.trial, by=world.samuel, purpose=WHY))
    assert len(rows_of(files, "allocations")) == 1
    row = row_of(files, "allocations", story.treated.number)
    assert (row["arm"], row["stratum_lsiq"], row["stratum"], row["position"]) == (arm, "high", "lsiq=high", "1")
    assert (row["role"], row["allocated_at"]) == ("therapist", "2026-03-02T15:00:00Z")


def test_errors_about_allocations_leave_everybody_in_the_dataset(story: Story) -> None:
    world, why = story.world, "The score was entered for another person."
    details = {"factor": "lsiq", "corrected": "low"}
    error_actions.record(
        participant=story.treated, kind=Erratum.Kind.WRONG_STRATUM, explanation=why, details=details, by=world.samuel
    )
    given = {"given": "RT"}
    error_actions.record(
        participant=story.treated, kind=Erratum.Kind.WRONG_TREATMENT, explanation=why, details=given, by=world.marc
    )
    freezes.freeze(trial=world.trial, incident="The key was copied.", by=world.noor)
    files = files_of(unblinded.export(trial=world.trial, by=world.samuel, purpose=WHY))
    wrong = row_of(files, "allocation_errors", story.treated.number, kind="wrong_stratum")
    assert (wrong["level_used"], wrong["level_corrected"], wrong["explanation"]) == ("high", "low", why)
    other = row_of(files, "allocation_errors", story.treated.number, kind="wrong_treatment")
    assert (other["treatment_given"], other["role"]) == ("RT", "therapist")
    assert row_of(files, "allocations", story.treated.number)["stratum_lsiq"] == "high"
    (stop,) = rows_of(files, "allocation_stops")
    assert (stop["incident"], stop["resumed_at"]) == ("The key was copied.", "")
    shared = files_of(unblinded.export(trial=world.trial, by=world.samuel, purpose=WHY, for_sharing=True))
    assert all("explanation" not in row for row in rows_of(shared, "allocation_errors"))
    assert all("incident" not in row for row in rows_of(shared, "allocation_stops"))


def test_sessions_exercises_and_sets(story: Story) -> None:
    files = files_of(unblinded.export(trial=story.world.trial, by=story.world.samuel, purpose=WHY))
    session = row_of(files, "sessions", story.treated.number)
    assert (session["session"], session["status"], session["pain_before"]) == ("1", "done", "4")
    assert len(session["therapist"]) == 8
    exercises = rows_of(files, "exercises")
    assert {row["status"] for row in exercises} == {"as_planned"}
    sets = rows_of(files, "sets")
    assert len(sets) == sum(int(row["sets_performed"]) for row in exercises)
    assert all(row["performed_reps"] == row["planned_reps"] for row in sets)


def test_what_is_not_collected_is_told_apart_from_what_is_missing(story: Story) -> None:
    files = files_of(unblinded.export(trial=story.world.trial, by=story.world.samuel, purpose=WHY))
    for row in rows_of(files, "sets"):
        exercise = next(each for each in exercises_of_arms(story) if each.code == row["exercise"])
        assert row["not_collected"].split() == [each for each in DETAILS if each in exercise.not_collected]
        assert (row["planned_angle"] == "") == (exercise.angle is None)
        assert (row["performed_tempo"], row["performed_angle"]) == ("", "")


def test_volume_adds_up_to_the_sets(story: Story) -> None:
    files = files_of(unblinded.export(trial=story.world.trial, by=story.world.samuel, purpose=WHY))
    weeks, sets = rows_of(files, "volume"), rows_of(files, "sets")
    assert {row["week"] for row in weeks} == {"1"}
    assert sum(int(row["sets"]) for row in weeks) == len(sets)
    known = {each.code: each for each in exercises_of_arms(story)}
    for row in weeks:
        own = [each for each in sets if each["exercise"] == row["exercise"]]
        sides = 2 if known[row["exercise"]].each_side else 1
        assert int(row["reps"] or 0) == sides * sum(int(each["performed_reps"] or 0) for each in own)
    in_groups = sum(int(row["sets"]) for row in rows_of(files, "volume_muscles"))
    assert in_groups == sum(len(known[row["exercise"]].muscles) for row in sets)


def test_therapists_with_qualification_participants_and_delay(story: Story) -> None:
    files = files_of(unblinded.export(trial=story.world.trial, by=story.world.samuel, purpose=WHY))
    (row,) = rows_of(files, "therapists")
    session = row_of(files, "sessions", story.treated.number)
    qualified = {"MC+ILEX": "athletic_therapist", "RT": "kinesiologist"}
    assert row["therapist"] == session["therapist"]
    assert row["qualification"] == qualified[row["arm"]]
    assert (row["participants_treated"], row["sessions_attended"], row["first_sessions"]) == ("1", "1", "1")
    assert (row["days_to_first_mean"], row["days_to_first_least"], row["days_to_first_most"]) == ("0.0", "0", "0")


def exercises_of_arms(story: Story) -> list[Exercise]:
    """Every exercise of every programme."""
    programmes = protocol_of(story.world.trial).programmes
    return [each for programme in programmes for each in exercises_of(programme).values()]


def test_everybody_randomized_has_a_row_of_adherence(story: Story) -> None:
    files = files_of(unblinded.export(trial=story.world.trial, by=story.world.samuel, purpose=WHY))
    assert {row["number"] for row in rows_of(files, "adherence")} == {
        row["number"] for row in rows_of(files, "allocations")
    }
    row = row_of(files, "adherence", story.treated.number)
    assert (row["planned"], row["attended"], row["attended_percent"]) == ("48", "1", "2.08")
    assert row["days_to_first"] == "0"
    assert row["arm"] == row_of(files, "allocations", story.treated.number)["arm"]


def test_what_came_after_the_cut_is_in_no_table(story: Story) -> None:
    scope = scope_of(story.world.trial, story.world.samuel, Permission.EXPORT_UNBLINDED, for_sharing=False, by_arm=True)
    by_arm = ("allocations", "sessions", "exercises", "sets", "volume", "volume_muscles", "adherence", "therapists")
    with opened(by=story.world.samuel, trial=story.world.trial, purpose=Purpose.EXPORT, reason=WHY):
        for cut, some in ((scope.cut, True), (people.MONDAY - timedelta(days=1), False)):
            tables = {table.name: table for table in unblinded.tables(replace(scope, cut=cut))}
            assert {name: bool(list(tables[name].lines())) for name in by_arm} == dict.fromkeys(by_arm, some)


def test_it_holds_the_blinded_tables_too(story: Story) -> None:
    blind = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    whole = files_of(unblinded.export(trial=story.world.trial, by=story.world.samuel, purpose=WHY))
    assert whole["participants.csv"] == blind["participants.csv"]
    assert set(whole) - set(blind) == {
        "allocations.csv",
        "allocation_errors.csv",
        "allocation_stops.csv",
        "sessions.csv",
        "exercises.csv",
        "sets.csv",
        "volume.csv",
        "volume_muscles.csv",
        "adherence.csv",
        "therapists.csv",
        "goals.csv",
        "goal_reviews.csv",
        "fidelity.csv",
        "guesses.csv",
        "blinding_indices.csv",
        "learned_arms.csv",
        "delivery_deviations.csv",
        "event_notes.csv",
        "second_opinions.csv",
        "emergencies.csv",
        "form_interview_record.csv",
    }


def test_every_column_is_in_the_codebook(story: Story) -> None:
    scope = scope_of(story.world.trial, story.world.samuel, Permission.EXPORT_UNBLINDED, for_sharing=False, by_arm=True)
    files = files_of(unblinded.export(trial=story.world.trial, by=story.world.samuel, purpose=WHY))
    written = {(table.name, name) for table in unblinded.tables(scope) for name in table.head}
    assert {(row["table"], row["column"]) for row in rows_of(files, "codebook")} == written
    for table in unblinded.tables(scope):
        assert len(set(table.head)) == len(table.head), table.name


@pytest.mark.parametrize("purpose", ["", "   ", "short"])
def test_the_purpose_must_be_said(story: Story, purpose: str) -> None:
    with pytest.raises(Problem) as caught:
        unblinded.export(trial=story.world.trial, by=story.world.samuel, purpose=purpose)
    assert caught.value.field == "purpose"
    assert not Entry.objects.filter(verb="blind.open_export").exists()


def test_each_time_is_in_the_trail_before_and_after_the_lock(story: Story) -> None:
    world = story.world
    unblinded.export(trial=world.trial, by=world.samuel, purpose=WHY).file.close()
    locks.lock_trial(trial=world.trial, reason="Data are complete.", by=world.noor)
    with pytest.raises(Problem):
        unblinded.export(trial=world.trial, by=world.samuel, purpose="")
    made = unblinded.export(trial=world.trial, by=world.samuel, purpose="The final analysis of the trial")
    assert json.loads(files_of(made)["manifest.json"])["locked"] is True
    opened_for = [each.reason for each in contents(verb="blind.open_export")]
    assert opened_for == [WHY, "The final analysis of the trial"]
    assert Entry.objects.filter(verb="export.unblinded", secrecy="unblinding").count() == 2


def test_blinded_roles_are_refused(story: Story) -> None:
    for by in (story.world.noor, story.world.helen, story.world.elise, story.world.tomas, story.world.marc):
        with pytest.raises(Refused):
            unblinded.export(trial=story.world.trial, by=by, purpose=WHY)


def test_nothing_sealed_is_read_outside_the_opening(story: Story) -> None:
    scope = scope_of(story.world.trial, story.world.samuel, Permission.EXPORT_UNBLINDED, for_sharing=False, by_arm=True)
    names = ("allocations", "allocation_errors", "allocation_stops", "sessions", "sets")
    sealed = [table for table in unblinded.tables(scope) if table.name in names]
    for table in sealed:
        with pytest.raises(DatabaseError):
            list(table.lines())


def test_a_statisticians_blinded_export_holds_no_form_that_may_tell(story: Story) -> None:
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.samuel))
    assert "form_interview_record.csv" not in files


def test_shared_data_by_arm_leave_out_notes_and_who_did_not_agree(story: Story) -> None:
    made = unblinded.export(trial=story.world.trial, by=story.world.samuel, purpose=WHY, for_sharing=True)
    files = files_of(made)
    assert "note" not in rows_of(files, "sessions")[0]
    assert len(rows_of(files, "allocations")) == 1
    consent_again(story.treated, sharing=False)
    made = unblinded.export(trial=story.world.trial, by=story.world.samuel, purpose=WHY, for_sharing=True)
    files = files_of(made)
    assert rows_of(files, "allocations") == rows_of(files, "sessions") == rows_of(files, "sets") == []
