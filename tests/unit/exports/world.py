"""A small trial with something in every table: answered, corrected, missing, randomized, trained, withdrawn."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from core import clock
from exports.bundle import Bundle
from outcomes.actions import corrections, responses
from participants.models import Participant
from tests import cast as people
from tests.unit.outcomes.world import answered, form_of, participant_actor
from tests.unit.randomization_db.world import World
from therapy.actions import assignments, sessions
from therapy.actions.first_session import randomize_at_first_session
from trials.queries import protocol_of

FORMULA = '=HYPERLINK("http://example.org","x")'


def files_of(made: Bundle) -> dict[str, bytes]:
    """Every file of the archive by name; closes it."""
    with made.file as file, zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(files: dict[str, bytes], table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{table}.csv"].decode(), newline="")))


def row_of(files: dict[str, bytes], table: str, number: str, **wanted: str) -> dict[str, str]:
    """The one row of a participant that has these values."""
    found = [row for row in rows_of(files, table) if row["number"] == number and wanted.items() <= row.items()]
    assert len(found) == 1, found
    return found[0]


def treat(world: World, participant: Participant) -> None:
    """Randomize at the first session and record it, by a therapist qualified for the arm."""
    first = randomize_at_first_session(participant=participant, by=world.marc)
    by = world.marc if first.assigned else world.priya
    if not first.assigned:
        assignments.take(participant=participant, by=by)
    programme = protocol_of(world.trial).programme_of(first.arm)
    assert programme is not None
    done = [{"exercise": each.code, "status": "as_planned"} for each in programme.session_types[0].exercises]
    clock.advance(timedelta(hours=2))
    sessions.record(
        participant=participant,
        number=1,
        status="done",
        held_at=clock.now(),
        by=by,
        exercises=done,
        pain_before=4,
        pain_after=3,
        note="He said his name is Zebulon",
    )


def fill(world: World, participant: Participant) -> None:
    """A questionnaire with reasons for no answer, strength with a correction, imaging with free text."""
    sociodemographic = form_of(participant, "baseline", "sociodemographic")
    given = answered("sociodemographic", sex="female")
    responses.submit(
        form=sociodemographic,
        answers={code: value for code, value in given.items() if code not in ("gender", "education")},
        missing={"gender": "prefers_not_to_say", "education": "skipped"},
        by=participant_actor(participant),
    )
    strength = form_of(participant, "baseline", "medx_strength")
    response = responses.submit(form=strength, answers=answered("medx_strength"), by=world.amelie)
    corrections.correct(response=response, answers={"neutral_angle_deg": 12}, reason="Misread.", by=world.amelie)
    mri = form_of(participant, "baseline", "mri")
    responses.submit(form=mri, answers=texts(answered("mri"), "mri"), by=world.elise)


def texts(answers: dict[str, Any], instrument: str) -> dict[str, Any]:
    """The same answers with a formula in every free text."""
    from instruments import catalogue

    free = {item.code for item in catalogue.load(instrument).items if item.kind == "text"}
    return {code: FORMULA if code in free else value for code, value in answers.items()}


def consent_again(participant: Participant, **clauses: bool) -> None:
    """Sign the document once more with other answers to the clauses."""
    codes = [clause.code for clause in protocol_of(participant.trial).consent.clauses]
    people.consent(participant, clauses={**dict.fromkeys(codes, True), **clauses})


def everybody(files: dict[str, bytes], tables: Sequence[str] = ("participants",)) -> set[str]:
    return {row["number"] for table in tables for row in rows_of(files, table)}
