"""Blinding assessed: guesses by arm, the indices, and unblindings; for the unblinded statistician."""

import pytest
from django.test import Client

from audit.models import Entry
from exports import unblinded
from outcomes.actions import guesses, responses
from outcomes.models import Visit
from participants.actions import unblinding
from participants.models import Participant
from tests.unit.exports.world import files_of, rows_of
from tests.unit.outcomes.world import answered, ask_for_guesses, form_of, sign
from tests.unit.randomization_db.world import World

PAGE = "/t/STRONG-BACK/sequence/blinding/"


@pytest.fixture
def guessed(world: World) -> World:
    """Two randomized and measured: one guessed about, strongly; one left open with a reason."""
    ask_for_guesses(world.trial, "assessor")
    world.activate()
    for index in range(2):
        participant = world.allocate()
        visit = measure(world, participant)
        if index == 0:
            guesses.give(visit=visit, arm="RT", certainty="strongly", by=world.amelie)
        else:
            guesses.skip(visit=visit, why="prefers_not", by=world.amelie)
    unblinding.record(participant=participant, how="participant", arm="RT", by=world.amelie)
    return world


def measure(world: World, participant: Participant) -> Visit:
    for instrument, given in (("medx_strength", {"done": 1}), ("dynamometry", {}), ("hip_rom", {"done": 1})):
        form = form_of(participant, "baseline", instrument)
        responses.submit(form=form, answers=answered(instrument, **given), by=world.amelie)
    visit = Visit.objects.select_related("trial", "participant__site").get(participant=participant, code="baseline")
    sign(visit, world.amelie)
    return visit


def test_tables_indices_and_unblindings(guessed: World, client: Client) -> None:
    html = client.get(PAGE).content.decode()
    assert "Assessor, Baseline" in html
    assert "1 (1)" in html
    assert "James, whole trial" in html
    assert "1 gave no guess: I would rather not say." in html
    assert "By accident: the participant said it" in html


def test_each_opening_of_the_day_is_noted_once(guessed: World, client: Client) -> None:
    for _time in range(2):
        client.get(PAGE)
    assert Entry.objects.filter(verb="blind.open_blinding").count() == 1


def test_a_table_without_guesses_has_no_index_and_says_why(world: World, client: Client) -> None:
    html = client.get(PAGE).content.decode()
    assert "none: nobody guessed" in html


def test_the_export_by_arm_holds_guesses_indices_and_what_was_learned(guessed: World) -> None:
    made = unblinded.export(trial=guessed.trial, by=guessed.samuel, purpose="Report to the committee")
    files = files_of(made)
    rows = rows_of(files, "guesses")
    assert sorted((row["guess"], row["certainty"], row["skipped"]) for row in rows) == [
        ("", "", "prefers_not"),
        ("RT", "strongly", ""),
    ]
    indices = rows_of(files, "blinding_indices")
    assert {(row["index"], row["arm"]) for row in indices} == {("james", ""), ("bang", "MC+ILEX"), ("bang", "RT")}
    assert [row["arm"] for row in rows_of(files, "learned_arms")] == ["RT"]
    assert [row["how"] for row in rows_of(files, "unblindings")] == ["participant"]


def test_the_other_cases(world: World, client: Client) -> None:
    assert client.post(PAGE).status_code == 405
    assert Client().get(PAGE).status_code == 302
    assert client.get("/t/NO-TRIAL/sequence/blinding/").status_code == 404
    for key in ("elise", "amelie", "marc", "helen", "leila", "tomas", "noor"):
        client.force_login(getattr(world.cast, key))
        assert client.get(PAGE).status_code == 403
