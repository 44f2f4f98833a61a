"""The end of a list: revealed after the lock, exported, and verified outside with nothing but the file."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit.classes import FieldClass
from audit.models import Entry
from audit.records import writing
from core import clock
from core.problems import Conflict, Invalid, Problem, Refused
from randomization import door, lists, queries
from randomization.actions import records, sequences
from randomization.models import Allocation, Sequence, Stratum
from randomization.record import first_link, head_of, next_link, read_record
from randomization.verification import verify_record
from review.actions import locks
from tests import cast as people
from tests.trail import content
from tests.unit.randomization_db.world import DESIGN, MINIMIZATION, World

MANAGE = Path(__file__).parents[3] / "manage.py"
WHY = "Verification by the sponsor's statistician"
BY = people.email_of("samuel")


def finished(world: World, design: dict[str, Any] = DESIGN) -> None:
    """Allocated, extended, an error recorded, locked and revealed."""
    world.activate(design)
    participants = [world.allocate(unstable=unstable) for unstable in (True, True, False)]
    world.extend(120)
    participants.append(world.allocate())
    explanation = "Excluded by imaging after all."
    door.record_error(
        participant=participants[0], kind=door.ErrorKind.INELIGIBLE, explanation=explanation, by=world.elise
    )
    world.lock()
    records.reveal(trial=world.trial, purpose=WHY, by=world.samuel)


def verify_outside(file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As somebody who has the file and the product, but no setting, database or key."""
    command = [sys.executable, str(MANAGE), "randomization", "verify", file.name, *arguments]
    environment = {"PATH": os.environ["PATH"]}
    return subprocess.run(command, cwd=file.parent, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("design", [DESIGN, MINIMIZATION], ids=["blocks", "minimization"])
def test_the_record_is_verified_outside_and_tampering_is_named(
    world: World, tmp_path: Path, design: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    finished(world, design)
    file = tmp_path / "record.json"
    call_command("randomization", "export", trial=world.trial.code, by=BY, purpose=WHY, output=file)
    published = [each.sha256 for each in door.commitments(world.trial)]
    done = verify_outside(file, *(f"--commitment={each}" for each in published))
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 allocations" in done.stdout
    assert "does not show that it names the right people" in done.stdout

    record = json.loads(file.read_bytes())
    # The head is what binds the file to the database, and so to the trail.
    assert f"Head: {record['head']}" in done.stdout
    call_command("randomization", "verify", trial=world.trial.code, by=BY)
    assert f"Head: {record['head']}" in capsys.readouterr().out
    taken = record["allocations"][1]
    taken["arm"] = "RT" if taken["arm"] == "MC+ILEX" else "MC+ILEX"
    file.write_text(json.dumps(record), encoding="utf-8")
    done = verify_outside(file)
    assert done.returncode == 1
    assert taken["participant"] in done.stderr


def test_the_record_holds_segments_allocations_and_errors(world: World) -> None:
    finished(world)
    record = json.loads(records.export(trial=world.trial, purpose=WHY, by=world.samuel))
    assert [len(segment["list"]) for segment in record["segments"]] == [212, 28]
    assert [each["stratum"] for each in record["allocations"]] == [*["lsiq=high"] * 3, "lsiq=low"]
    (erratum,) = record["errata"]
    assert erratum["kind"] == "ineligible"
    # Whoever is found ineligible stays among those randomized.
    assert erratum["participant"] in {each["participant"] for each in record["allocations"]}


def test_nothing_is_revealed_before_the_lock(active: World) -> None:
    with pytest.raises(Conflict) as caught:
        records.reveal(trial=active.trial, purpose=WHY, by=active.samuel)
    assert caught.value.code == "reveal.not_locked"
    with pytest.raises(Conflict) as sealed:
        records.export(trial=active.trial, purpose=WHY, by=active.samuel)
    assert sealed.value.code == "record.sealed"
    assert queries.revealed_at(active.trial) is None


def test_who_may_reveal_and_export_and_for_what(world: World) -> None:
    world.activate()
    world.lock()
    for by in (world.noor, world.marc, world.elise, world.helen, world.tomas):
        with pytest.raises(Refused):
            records.reveal(trial=world.trial, purpose=WHY, by=by)
    with pytest.raises(Problem) as caught:
        records.reveal(trial=world.trial, purpose="Why not", by=world.samuel)
    assert caught.value.code == "record.purpose"
    records.reveal(trial=world.trial, purpose=WHY, by=world.samuel)
    for by in (world.noor, world.marc, world.elise):
        with pytest.raises(Refused):
            records.export(trial=world.trial, purpose=WHY, by=by)
    with pytest.raises(Problem):
        records.export(trial=world.trial, purpose="", by=world.samuel)


def test_revealing_closes_the_list_for_good(world: World) -> None:
    world.activate()
    ready = world.ready()
    draft = sequences.extend(trial=world.trial, slots=120, by=world.samuel)
    world.lock()
    records.reveal(trial=world.trial, purpose=WHY, by=world.samuel)
    with pytest.raises(Conflict) as twice:
        records.reveal(trial=world.trial, purpose=WHY, by=world.ruth)
    assert twice.value.code == "sequence.revealed"
    locks.unlock_trial(trial=world.trial, reason="A form was missing", by=world.noor)
    with pytest.raises(Invalid) as caught:
        door.allocate(participant=ready, by=world.marc)
    assert {problem.code for problem in caught.value.problems} == {"allocation.list"}
    with pytest.raises(Conflict) as refused:
        sequences.activate(sequence=draft, by=world.ruth)
    assert refused.value.code == "sequence.revealed"


def test_the_trail_keeps_who_took_the_record_and_its_hash(world: World) -> None:
    finished(world)
    assert content(verb="sequence.reveal").reason == WHY
    records.export(trial=world.trial, purpose=WHY, by=world.samuel)
    entry = Entry.objects.get(verb="sequence.export_record")
    told = content(verb="sequence.export_record")
    assert (entry.secrecy, told.reason, len(told.facts["sha256"])) == (FieldClass.UNBLINDING, WHY, 64)


def test_commitments_are_public_from_the_first_day(active: World, tmp_path: Path) -> None:
    file = tmp_path / "public.json"
    call_command("randomization", "export", trial=active.trial.code, commitments=True, output=file)
    public = json.loads(file.read_bytes())
    assert set(public) == {"format", "trial", "segments"}
    assert set(public["segments"][0]) == {"number", "algorithm", "commitment", "activated_at"}
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("randomization", "export", trial=active.trial.code, commitments=True, output=file)


def live(world: World, capsys: pytest.CaptureFixture[str]) -> str:
    call_command("randomization", "verify", trial=world.trial.code, by=BY)
    return capsys.readouterr().out


def test_the_database_is_verified_at_any_time(active: World, capsys: pytest.CaptureFixture[str]) -> None:
    active.allocate()
    said = live(active, capsys)
    assert "Each allocation has its entry in the audit trail" in said
    assert "audit verify --anchors" in said
    for arguments in ({}, {"trial": active.trial.code}, {"trial": active.trial.code, "by": people.email_of("noor")}):
        with pytest.raises(CommandError):
            call_command("randomization", "verify", **arguments)


def another_commitment(_world: World) -> None:
    Sequence.objects.update(commitment="0" * 64)


def another_counter(_world: World) -> None:
    Stratum.objects.filter(key="lsiq=high").update(used=7)


def a_lost_allocation(world: World) -> None:
    """As an owner of the database could, past the trigger: what is left takes no next slot."""
    (first, *_rest) = queries.segments_of(world.trial)
    Stratum.objects.filter(sequence=first, key="lsiq=high").update(key="lsiq=other")


@pytest.mark.parametrize("tamper", [another_commitment, another_counter, a_lost_allocation], ids=lambda f: f.__name__)
def test_tampering_with_the_database_is_named(
    active: World, capsys: pytest.CaptureFixture[str], tamper: Callable[[World], None]
) -> None:
    active.allocate()
    with active.opened(), writing():
        tamper(active)
    with pytest.raises(CommandError) as caught:
        live(active, capsys)
    assert caught.value.returncode == 1


def test_a_seal_that_was_moved_is_named(active: World, capsys: pytest.CaptureFixture[str]) -> None:
    sequence = Sequence.objects.only("id").get(trial=active.trial)
    with active.opened(), writing():
        Sequence.objects.filter(pk=sequence.pk).update(sealed_salt=b"x" * 60)
        assert not Allocation.objects.exists()
        with pytest.raises(Problem):
            lists.salt_of(Sequence.by_id(sequence.pk))
    with pytest.raises(CommandError) as caught:
        live(active, capsys)
    assert "cannot be opened" in str(caught.value)


@pytest.mark.parametrize("design", [DESIGN, MINIMIZATION], ids=["blocks", "minimization"])
@pytest.mark.parametrize("unstable", [True, False], ids=["same stratum", "other stratum"])
def test_a_clock_that_goes_back_leaves_a_record_that_holds(
    world: World, design: dict[str, Any], unstable: bool
) -> None:
    world.activate(design)
    first, second, third = world.ready(), world.ready(unstable=unstable), world.ready()
    earlier = door.allocate(participant=first, by=world.marc)
    with clock.moved_to(clock.now() - timedelta(milliseconds=50)):
        receipt = door.allocate(participant=second, by=world.marc)
    assert receipt.at == earlier.at
    clock.advance(timedelta(seconds=1))
    assert door.allocate(participant=third, by=world.marc).at == clock.now()
    assert records.check(trial=world.trial, by=world.samuel) is None


@pytest.mark.parametrize("design", [DESIGN, MINIMIZATION], ids=["blocks", "minimization"])
def test_nobody_is_allocated_before_the_list_went_live_by_whatever_clock(world: World, design: dict[str, Any]) -> None:
    live = world.activate(design)
    participant = world.ready()
    with clock.moved_to(clock.now() - timedelta(milliseconds=300)):
        assert door.allocate(participant=participant, by=world.marc).at == live.activated_at
    assert records.check(trial=world.trial, by=world.samuel) is None


def test_within_a_stratum_the_place_tells_who_came_first(active: World) -> None:
    """Of times as an older version may have stored them."""
    stored = [("lsiq=high", 1, 20), ("lsiq=high", 2, 10), ("lsiq=low", 1, 15)]
    with active.opened(), writing():
        for key, position, minute in stored:
            stratum, at = Stratum.objects.get(key=key), clock.now() + timedelta(minutes=minute)
            own = {"participant": active.baseline(), "stratum": stratum, "position": position, "strata": {}}
            Allocation(**own, at=at, by=active.marc.id, role="therapist").save(force_insert=True)
        made = [(fact.stratum, fact.position) for fact in queries.allocations(active.trial)]
    assert made == [("lsiq=low", 1), ("lsiq=high", 1), ("lsiq=high", 2)]


def test_an_allocation_that_no_act_made_is_named(active: World) -> None:
    active.allocate()
    forged = active.ready()
    with active.opened(), writing():
        stratum = Stratum.objects.get(key="lsiq=high")
        own = {"participant": forged, "stratum": stratum, "position": 2, "strata": {"lsiq": "high"}}
        Allocation(**own, at=clock.now(), by=active.marc.id, role="therapist").save(force_insert=True)
        Stratum.objects.filter(key="lsiq=high").update(used=2)
    finding = records.check(trial=active.trial, by=active.samuel)
    assert finding is not None
    assert finding.code == "verify.no_entry"
    assert forged.number in finding.sentence


def test_exchanged_study_numbers_are_named(active: World) -> None:
    first, second = active.allocate(), active.allocate()
    assert records.check(trial=active.trial, by=active.samuel) is None
    numbers = first.number, second.number
    with writing():
        for key, number in ((first.pk, "MTL-TMP"), (second.pk, numbers[0]), (first.pk, numbers[1])):
            type(first).objects.filter(pk=key).update(number=number)
    finding = records.check(trial=active.trial, by=active.samuel)
    assert finding is not None
    assert (finding.code, "study number" in finding.sentence) == ("verify.differs", True)
    assert numbers[1] in finding.sentence


def test_a_record_in_which_people_are_exchanged_holds_by_itself_but_has_another_head(world: World) -> None:
    """What no file can show, and what tells it all the same."""
    finished(world)
    document = json.loads(records.export(trial=world.trial, purpose=WHY, by=world.samuel))
    true_head, taken = document["head"], document["allocations"]
    taken[0]["participant"], taken[1]["participant"] = taken[1]["participant"], taken[0]["participant"]
    link = first_link(document["trial"])
    for entry in taken:
        entry["link"] = link = next_link(link, entry)
    document["head"] = head_of(document, link)
    published = [each.sha256 for each in door.commitments(world.trial)]
    assert verify_record(read_record(json.dumps(document).encode()), published=published) is None
    assert document["head"] != true_head == records.head(trial=world.trial, by=world.samuel)


def test_the_whole_trail_is_written_with_who_acted_behind_the_wall(active: World, tmp_path: Path) -> None:
    participant = active.allocate()
    file = tmp_path / "trail.jsonl"
    call_command("randomization", "trail", trial=active.trial.code, by=BY, purpose=WHY, output=file)
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
    took = next(line for line in lines if line["verb"] == "allocation.take_slot")
    assert took["actor"] == {"kind": "person", "id": active.marc.id, "name": "Marc Roy", "role": "therapist"}
    assert took["about"]["label"] == participant.number
    assert "position" in {change["field"] for change in took["changes"]}
    assert hashlib.sha256(file.read_bytes()).hexdigest() == content(verb="trail.export").facts["sha256"]


def test_nobody_blinded_takes_the_whole_trail(active: World, tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"
    for by, purpose in (("tomas@example.org", WHY), (BY, "short")):
        with pytest.raises(CommandError):
            call_command("randomization", "trail", trial=active.trial.code, by=by, purpose=purpose, output=file)
        assert not file.exists()


def test_files_are_for_the_eyes_of_their_owner(active: World, tmp_path: Path) -> None:
    record, trail = tmp_path / "record.json", tmp_path / "trail.jsonl"
    call_command("randomization", "export", trial=active.trial.code, commitments=True, output=record)
    call_command("randomization", "trail", trial=active.trial.code, by=BY, purpose=WHY, output=trail)
    assert {path.stat().st_mode & 0o777 for path in (record, trail)} == {0o600}
