"""Letters in place of arms: sealed, the same each time, explained once the code is broken."""

import json

import pytest
from django.db import DatabaseError, transaction

from audit.models import Change, Entry
from core.problems import Problem, Refused
from exports import blinded
from exports.unblinded.code import break_code
from exports.unblinded.dummy import export_dummy
from randomization.blindfold import Purpose, unblinded
from randomization.dummy_codes import DummyCodes, letters_of
from randomization.queries import arm_of
from review.actions import locks
from tests.trail import content, values
from tests.unit.exports.conftest import Story
from tests.unit.exports.world import files_of, row_of, rows_of

WHY = "Blinded analysis by Dr. Hale"


def letters(story: Story) -> dict[str, str]:
    with unblinded(by=story.world.samuel, trial=story.world.trial, purpose=Purpose.EXPORT, reason=WHY) as grant:
        return letters_of(story.world.trial, grant)


def exported(story: Story, **changes: bool) -> dict[str, bytes]:
    return files_of(export_dummy(trial=story.world.trial, by=story.world.samuel, purpose=WHY, **changes))


def test_everybody_randomized_has_a_letter_and_the_strata(story: Story) -> None:
    with unblinded(by=story.world.samuel, trial=story.world.trial, purpose=Purpose.EXPORT, reason=WHY):
        arm = arm_of(story.treated)
    row = row_of(exported(story), "arms", story.treated.number)
    assert row == {
        "number": story.treated.number,
        "site": "MTL",
        "arm": letters(story)[arm or ""],
        "stratum_lsiq": "high",
    }


def test_every_arm_has_its_own_letter_drawn_once(story: Story) -> None:
    first = letters(story)
    assert sorted(first.values()) == ["A", "B"]
    assert letters(story) == first
    assert exported(story)["arms.csv"] == exported(story)["arms.csv"]
    assert Entry.objects.filter(verb="dummy_codes.draw", secrecy="unblinding").count() == 1


def test_the_letters_are_sealed(story: Story) -> None:
    letters(story)
    with pytest.raises(DatabaseError), transaction.atomic():
        list(DummyCodes.objects.all())
    assert not Change.objects.filter(field="sealed_letters").exists()
    assert "MC+ILEX" not in str(values(content(verb="dummy_codes.draw"))["sealed_letters"])


def test_what_would_tell_is_left_out(story: Story) -> None:
    files = exported(story)
    blind = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    assert set(files) - set(blind) == {"arms.csv"}
    assert set(blind) - set(files) == {"unblindings.csv"} & set(blind)
    assert "form_interview_record.csv" not in files
    assert {"position", "role", "allocated_at", "therapist"}.isdisjoint(rows_of(files, "arms")[0])
    free = [entry for entry in rows_of(blind, "codebook") if entry["table"] == "form_mri" and entry["type"] == "text"]
    told = {(entry["table"], entry["column"]) for entry in rows_of(files, "codebook")}
    assert any((entry["table"], entry["column"]) not in told for entry in free)


def test_the_codebook_names_the_arms_once_the_code_is_broken(story: Story) -> None:
    world = story.world
    assert b"exercise programme" not in exported(story)["codebook.csv"]
    locks.lock_trial(trial=world.trial, reason="Data are complete.", by=world.noor)
    assert json.loads(exported(story)["manifest.json"])["code_broken"] is False
    break_code(trial=world.trial, purpose="The final analysis of the trial", by=world.samuel).file.close()
    files = exported(story)
    assert json.loads(files["manifest.json"])["code_broken"] is True
    (arm,) = (row for row in rows_of(files, "codebook") if (row["table"], row["column"]) == ("arms", "arm"))
    names = {"MC+ILEX": "Targeted exercise programme", "RT": "General exercise programme"}
    for code, letter in letters(story).items():
        assert f"{letter}={names[code]}" in arm["codes_en"]


def test_shared_data_hold_pseudonyms_and_no_site(story: Story) -> None:
    row = rows_of(exported(story, for_sharing=True), "arms")[0]
    assert "site" not in row
    assert row["number"] != story.treated.number


@pytest.mark.parametrize("purpose", ["", "short"])
def test_the_purpose_must_be_said(story: Story, purpose: str) -> None:
    with pytest.raises(Problem):
        export_dummy(trial=story.world.trial, by=story.world.samuel, purpose=purpose)
    assert not Entry.objects.filter(verb="blind.open_export").exists()


def test_blinded_roles_are_refused(story: Story) -> None:
    for by in (story.world.noor, story.world.helen, story.world.elise, story.world.tomas, story.world.marc):
        with pytest.raises(Refused):
            export_dummy(trial=story.world.trial, by=by, purpose=WHY)
