"""The blinded dataset: complete, without names, without anything that betrays an arm."""

import gc
import hashlib
import json
import tracemalloc
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Permission
from audit.classes import FieldClass
from audit.models import Entry
from audit.records import writing
from core import clock
from core.problems import Refused
from exports import blinded, codebook
from exports.scope import scope_of
from exports.tables import Table
from outcomes.actions import forms
from outcomes.models import Form, Visit
from participants.actions import withdrawal
from tests import cast as people
from tests.unit.exports.conftest import Story
from tests.unit.exports.world import FORMULA, consent_again, everybody, files_of, row_of, rows_of
from tests.unit.outcomes.world import form_of, sign

ALLOWED = {FieldClass.EXPORTABLE}


def tables_of(story: Story, for_sharing: bool = False) -> list[Table]:
    by = story.world.noor
    scope = scope_of(story.world.trial, by, Permission.EXPORT_BLINDED, for_sharing=for_sharing, by_arm=False)
    return blinded.tables(scope)


def test_everybody_screened_has_one_row_with_dates(story: Story) -> None:
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    assert everybody(files) == {story.treated.number, story.filled.number, story.new.number}
    row = row_of(files, "participants", story.treated.number)
    assert (row["site"], row["state"], row["screened_on"]) == ("MTL", "randomized", "2026-03-02")
    assert (row["consented_on"], row["randomized_on"], row["consent_version"]) == ("2026-03-02", "2026-03-02", "1.0")
    assert row_of(files, "participants", story.new.number)["consented_on"] == ""
    assert row_of(files, "participants", story.filled.number)["sex"] == "female"


def test_answers_reasons_scores_and_corrections(story: Story) -> None:
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    lsiq = row_of(files, "form_lsiq", story.treated.number, visit="baseline")
    assert (lsiq["lsiq_1"], lsiq["total"], lsiq["items_answered"], lsiq["rule_version"]) == ("1", "15", "15", "lsiq-1")
    about = row_of(files, "form_sociodemographic", story.filled.number)
    assert (about["gender"], about["gender_missing"]) == ("", "prefers_not_to_say")
    assert (about["education"], about["education_missing"]) == ("", "skipped")
    assert (about["sex"], about["sex_missing"]) == ("female", "")
    strength = row_of(files, "form_medx_strength", story.filled.number)
    assert (strength["neutral_angle_deg"], strength["corrections"]) == ("12", "1")
    assert (strength["originator"], strength["not_done_reason_missing"]) == ("assessor", "not_shown")


def test_a_visit_says_when_it_was_signed_and_not_by_whom(story: Story) -> None:
    for instrument in ("dynamometry", "hip_rom"):
        form = form_of(story.filled, "baseline", instrument)
        forms.mark_not_done(form=form, reason_code="equipment", by=story.world.amelie)
    visit = Visit.objects.select_related("trial", "participant__site").get(participant=story.filled, code="baseline")
    sign(visit, story.world.amelie)
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    signed = row_of(files, "visits", story.filled.number, visit="baseline")
    assert signed["signed_at"] == clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    assert row_of(files, "visits", story.treated.number, visit="baseline")["signed_at"] == ""
    assert all("Amélie".encode() not in content for content in files.values())


def test_forms_not_filled_have_a_row_among_the_forms_due(story: Story) -> None:
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    due = row_of(files, "forms", story.filled.number, visit="baseline", form="promis29")
    assert (due["state"], due["completed_at"]) == ("open", "")


def test_eligibility_has_each_decision_with_its_answers(story: Story) -> None:
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    screened = row_of(files, "eligibility", story.treated.number, stage="screening")
    assert (screened["lbp_months"], screened["pddm_contextual"], screened["age"]) == ("18", "A", "41")
    assert row_of(files, "eligibility", story.treated.number, stage="after_mri")["mri_finding"] == "0"


def test_no_name_no_arm_no_session_is_anywhere(story: Story) -> None:
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    whole = b"\n".join(content for name, content in files.items() if not name.startswith("codebook"))
    seeded = [value for index in range(3) for key, value in people.person(index).items() if key in ("name", "email")]
    staff = [name for name, *_rest in people.PEOPLE.values()]
    for secret in [*seeded, *staff, "514555000", "Zebulon", "MC+ILEX", "RT\r", "interview_record", "interview_after"]:
        assert secret.encode() not in whole, secret
    assert not {"allocations.csv", "sessions.csv", "exercises.csv", "sets.csv"} & set(files)


def test_only_exportable_fields_leave(story: Story) -> None:
    for table in tables_of(story):
        for column in table.columns:
            app, model, field = column.source.split(".")
            classes = apps.get_model(app, model).CLASSES
            assert classes[field] in ALLOWED, f"{table.name}.{column.name} comes from {column.source}"


def test_every_column_of_every_table_is_in_the_codebook(story: Story) -> None:
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    described = {(row["table"], row["column"]) for row in rows_of(files, "codebook")}
    written = {
        (name.removesuffix(".csv"), column)
        for name, content in files.items()
        if name.endswith(".csv") and name != "codebook.csv"
        for column in content.decode().split("\r\n")[0].split(",")
    }
    assert written == described
    assert {(e["table"], e["column"]) for e in json.loads(files["codebook.json"])["columns"]} == described


def test_no_table_names_a_column_twice(story: Story) -> None:
    for table in tables_of(story):
        assert len(set(table.head)) == len(table.head), table.name


def test_codebook_tells_range_codes_and_rule(story: Story) -> None:
    entries = {(e["table"], e["column"]): e for e in codebook.entries(tables_of(story))}
    angle = entries["form_medx_strength", "neutral_angle_deg"]
    assert (angle["unit"]["en"], angle["minimum"], angle["maximum"]) == ("°", 0, 90)
    assert angle["missing_codes"] == "neutral_angle_deg_missing"
    assert entries["form_odi", "score_pct"]["scoring_rule"] == "odi-1"
    codes = {each["code"]: (each["en"], each["fr"]) for each in entries["form_sociodemographic", "sex"]["codes"]}
    assert codes["female"] == ("Female", "Féminin")


def test_a_formula_typed_by_somebody_is_text(story: Story) -> None:
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    cells = [cell for row in rows_of(files, "form_mri") for cell in row.values()]
    assert "'" + FORMULA in cells
    assert FORMULA not in cells


def test_manifest_counts_and_hashes_each_file(story: Story) -> None:
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    manifest = json.loads(files["manifest.json"])
    assert (manifest["trial"], manifest["protocol_version"], manifest["locked"]) == ("STRONG-BACK", 1, False)
    assert manifest["cut_at"] == "2026-03-02T17:00:00Z"
    listed = {each["file"]: each for each in manifest["files"]}
    assert set(listed) == set(files) - {"manifest.json"}
    for name, content in files.items():
        if name != "manifest.json":
            assert listed[name]["sha256"] == hashlib.sha256(content).hexdigest()
    assert listed["participants.csv"]["rows"] == 3


def test_same_data_same_bytes(story: Story) -> None:
    with blinded.export(trial=story.world.trial, by=story.world.noor).file as one:
        once = one.read()
    with blinded.export(trial=story.world.trial, by=story.world.noor).file as two:
        assert two.read() == once
    clock.advance(timedelta(minutes=1))
    later = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    assert json.loads(later["manifest.json"])["cut_at"] == "2026-03-02T17:01:00Z"


def test_shared_data_hold_only_those_who_agreed_and_nothing_that_leads_back(story: Story) -> None:
    clock.advance(timedelta(hours=1))
    consent_again(story.treated, sharing=False)
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.noor, for_sharing=True))
    people_shared = rows_of(files, "participants")
    assert len(people_shared) == 1
    assert "site" not in people_shared[0]
    whole = b"\n".join(files.values())
    for secret in (story.treated.number, story.filled.number, story.new.number, FORMULA, "MTL"):
        assert secret.encode() not in whole, secret
    pseudonyms = {row["number"] for name in files if name.startswith("form_") for row in rows_of(files, name[:-4])}
    assert pseudonyms == {people_shared[0]["number"]}


def test_who_withdrew_their_data_is_counted_and_nothing_else(story: Story) -> None:
    withdrawal.withdraw(
        participant=story.filled,
        scopes=["data"],
        reason_code="no_reason",
        day=clock.today("America/Toronto"),
        reason="They asked for it.",
        by=story.world.elise,
    )
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    row = row_of(files, "participants", story.filled.number)
    assert (row["withdrawn_from"], row["sex"], row["age_years"]) == ("data", "", "")
    for name in files:
        if name.startswith(("form", "visits", "eligibility")):
            assert story.filled.number.encode() not in files[name], name


def test_another_site_sees_only_itself_and_a_wrong_role_nothing(story: Story) -> None:
    with pytest.raises(Refused):
        blinded.export(trial=story.world.trial, by=story.world.amelie)
    with pytest.raises(Refused):
        blinded.export(trial=story.world.trial, by=story.world.marc)


def test_each_export_is_in_the_trail(story: Story) -> None:
    blinded.export(trial=story.world.trial, by=story.world.noor).file.close()
    entry = Entry.objects.get(verb="export.blinded")
    assert entry.actor_name == "Noor Haddad"
    assert entry.facts["files"]["participants.csv"] == 3


def test_queries_do_not_grow_with_the_trial(story: Story) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            blinded.export(trial=story.world.trial, by=story.world.noor).file.close()
        return len(caught)

    before = queries()
    for _each in range(4):
        people.consented(story.world.trial, story.world.cast, contact=None)
    assert queries() == before


def test_memory_does_not_grow_with_the_rows(story: Story) -> None:
    """Six times the rows, the same peak: nothing makes a list of all."""
    visits = next(table for table in tables_of(story) if table.name == "visits")

    def peak(rows: int) -> int:
        held = Visit.objects.filter(participant=story.filled, code="week16").count()
        add_visits(story, range(held + 1, rows + 1))
        tracemalloc.start()
        counted = sum(1 for _line in visits.lines())
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert counted >= rows
        return most

    few = peak(1_000)
    assert peak(6_000) < 1.5 * few


def test_participants_are_let_go_at_once(story: Story) -> None:
    """Nothing points in circles: those would stay in memory, more with every participant, until the collector comes."""

    def circles() -> int:
        gc.collect()
        gc.disable()
        try:
            for table in tables_of(story):
                assert all(table.lines())
            return gc.collect()
        finally:
            gc.enable()

    circles()
    few = circles()
    for _more in range(5):
        people.consented(story.world.trial, story.world.cast, contact=None)
    assert circles() == few


def add_visits(story: Story, numbers: range) -> None:
    day = clock.today("America/Toronto")
    days = {"opens_on": day, "target_on": day, "closes_on": day}
    whose = {"trial": story.world.trial, "participant": story.filled}
    visits = [Visit(**whose, code="week16", number=number, **days) for number in numbers]
    whose = {**whose, "site": story.filled.site}
    forms = [Form(**whose, visit=visit, instrument="odi", filled_by="participant", **days) for visit in visits]
    with writing():
        Visit.objects.bulk_create(visits)
        Form.objects.bulk_create(forms)
