"""Measuring: raw trials, units and ranges, drafts, reasons, submit, read back, correct."""

import re

from django.test import Client

from outcomes.actions import corrections
from outcomes.models import Draft, Form, Response
from tests import cast
from tests.integration.assessors.conftest import World, hip

JSON = {"headers": {"accept": "application/json"}}


def body_without_tokens(page: object) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|href="[^"]*"|value="/t/[^"]*"', "", page.content.decode())  # type: ignore[attr-defined]


def test_the_form_says_units_and_ranges_and_nothing_is_filled_in(world: World) -> None:
    html = world.client.get(world.url("hip_rom")).content.decode()
    assert "From 0 to 180 °" in html
    assert world.participant.number in html
    assert "checked" not in html


def test_raw_trials_are_submitted_scored_and_read_back(world: World) -> None:
    answer = world.client.post(world.url("hip_rom"), {**hip(flexion_left_3="116"), "step": "submit"}, follow=True)
    assert answer.redirect_chain == [(world.url("hip_rom"), 302)]
    response = Response.objects.get(form=world.form("hip_rom"))
    assert [response.answers[f"flexion_left_{n}"] for n in (1, 2, 3)] == [110, 110, 116]
    assert response.originator == Response.Originator.ASSESSOR
    assert "116 °" in answer.content.decode()
    assert "Submitted." in answer.content.decode()


def test_what_is_wrong_is_said_at_the_field_and_everything_typed_is_kept(world: World) -> None:
    page = world.client.post(
        world.url("hip_rom"), {**hip(flexion_left_1="999", flexion_left_2="101"), "step": "submit"}
    )
    html = page.content.decode()
    assert page.status_code == 422
    assert "<title>Error:" in html
    assert html.count("Enter a number from 0 to 180.") == 2
    assert 'value="999"' in html
    assert 'value="101"' in html
    assert not Response.objects.exists()


def test_an_unlikely_angle_is_confirmed_or_corrected(world: World) -> None:
    asked = world.client.post(world.url("hip_rom"), {**hip(flexion_left_1="20"), "step": "submit"})
    assert asked.status_code == 422
    assert "20 ° is correct" in asked.content.decode()
    confirmed = {**hip(flexion_left_1="20"), "flexion_left_1-confirmed": "20", "step": "submit"}
    assert world.client.post(world.url("hip_rom"), confirmed).status_code == 302
    assert Response.objects.get().confirmed == ["flexion_left_1"]


def test_an_empty_trial_needs_its_reason(world: World) -> None:
    page = world.client.post(world.url("hip_rom"), {**hip(flexion_left_2=""), "step": "submit"})
    assert page.status_code == 422
    given = {**hip(flexion_left_2=""), "flexion_left_2-missing": "technical", "step": "submit"}
    assert world.client.post(world.url("hip_rom"), given).status_code == 302
    assert Response.objects.get().missing == {"flexion_left_2": "technical"}


def test_a_single_item_is_saved_as_it_is_typed(world: World) -> None:
    world.client.post(world.url("hip_rom"), {"item": "done", "done": "1"}, **JSON)
    answer = world.client.post(world.url("hip_rom"), {"item": "flexion_left_1", "flexion_left_1": "104,5"}, **JSON)
    assert answer.json() == {"saved": "Draft saved 10:00", "unusual": ""}
    html = world.client.get(world.url("hip_rom")).content.decode()
    assert 'value="104.5"' in html
    assert "Draft saved 10:00" in html
    assert world.form("hip_rom").state == Form.State.STARTED


def test_a_single_item_that_cannot_be_is_told(world: World) -> None:
    wrong = world.client.post(world.url("hip_rom"), {"item": "flexion_left_1", "flexion_left_1": "x"}, **JSON)
    assert wrong.status_code == 422
    assert "Enter a number" in wrong.json()["sentence"]
    unknown = world.client.post(world.url("hip_rom"), {"item": "arm", "arm": "1"}, **JSON)
    assert unknown.status_code == 422


def test_a_draft_is_saved_without_script_and_comes_back(world: World) -> None:
    page = world.client.post(world.url("hip_rom"), {"done": "1", "flexion_left_1": "99", "step": "save"}, follow=True)
    assert "Draft saved. It is not submitted yet." in page.content.decode()
    assert 'value="99"' in page.content.decode()
    assert not Response.objects.exists()


def test_a_draft_keeps_what_is_right_beside_what_is_wrong(world: World) -> None:
    data = {"done": "1", "flexion_left_1": "99", "flexion_left_2": "abc", "step": "save"}
    page = world.client.post(world.url("hip_rom"), data)
    assert page.status_code == 422
    assert 'value="abc"' in page.content.decode()
    assert {draft.item for draft in Draft.objects.all()} == {"done", "flexion_left_1"}


def test_reasons_can_be_given_one_by_one(world: World) -> None:
    page = world.client.post(world.url("hip_rom"), {"done": "1", "flexion_left_1": "99", "step": "reasons"})
    html = page.content.decode()
    assert html.count('-missing"') >= 13
    assert 'value="99"' in html


def test_who_submits_second_is_told_and_loses_nothing(world: World) -> None:
    world.client.post(world.url("hip_rom"), {**hip(), "step": "submit"})
    page = world.client.post(world.url("hip_rom"), {**hip(flexion_left_1="77"), "step": "submit"})
    html = page.content.decode()
    assert page.status_code == 409
    assert "submitted meanwhile" in html
    assert 'value="77"' in html
    assert Response.objects.get().answers["flexion_left_1"] == 110
    tap = world.client.post(world.url("hip_rom"), {"item": "done", "done": "0"}, **JSON)
    assert tap.status_code == 409


def test_a_correction_needs_a_reason_and_keeps_the_old_value_in_the_trail(world: World) -> None:
    world.client.post(world.url("hip_rom"), {**hip(), "step": "submit"})
    url = world.url("hip_rom", "correct/")
    assert 'value="110"' in world.client.get(url).content.decode()
    changed = {**hip(flexion_left_1="100"), "revision": "1"}
    refused = world.client.post(url, {**changed, "reason": ""})
    assert refused.status_code == 422
    assert "Enter the reason for the change." in refused.content.decode()
    done = world.client.post(url, {**changed, "reason": "Misread the goniometer"}, follow=True)
    assert "Corrected 1 time" in done.content.decode()
    assert Response.objects.get().answers["flexion_left_1"] == 100


def test_two_corrections_at_once_the_second_person_compares(world: World) -> None:
    world.client.post(world.url("hip_rom"), {**hip(), "step": "submit"})
    by = cast.actor(world.people.amelie)
    corrections.correct(response=Response.objects.get(), answers={"flexion_left_2": 95}, reason="Misread", by=by)
    url, mine = world.url("hip_rom", "correct/"), {**hip(flexion_left_1="100"), "reason": "Typing mistake"}
    page = world.client.post(url, {**mine, "revision": "1"})
    html = page.content.decode()
    assert page.status_code == 409
    assert "95 °" in html
    assert 'value="100"' in html
    assert Response.objects.get().answers["flexion_left_1"] == 110
    assert world.client.post(url, {**mine, "revision": "2"}).status_code == 302


def test_a_correction_that_changes_nothing_is_told(world: World) -> None:
    world.client.post(world.url("hip_rom"), {**hip(), "step": "submit"})
    page = world.client.post(world.url("hip_rom", "correct/"), {**hip(), "revision": "1", "reason": "None really"})
    assert page.status_code == 400
    assert "Nothing was changed" in page.content.decode()


def test_an_optional_value_can_be_taken_away(world: World) -> None:
    data = {"done": "0", "not_done_reason": "pain"}
    world.client.post(world.url("medx_strength"), {**data, "step": "submit"})
    assert Response.objects.get().answers == data | {"done": 0}


def test_a_form_is_marked_not_done_with_a_reason(world: World) -> None:
    url = world.url("hip_rom", "not-done/")
    assert world.client.get(url).status_code == 200
    revision = world.form("hip_rom").revision
    assert world.client.post(url, {"revision": revision}).status_code == 422
    other = world.client.post(url, {"reason_code": "other", "reason": "", "revision": revision})
    assert "Say in a few words" in other.content.decode()
    assert world.client.post(url, {"reason_code": "unwell", "reason": "", "revision": revision}).status_code == 302
    assert world.form("hip_rom").not_done_code == "unwell"


def test_other_peoples_forms_are_not_there(world: World) -> None:
    for instrument in ("odi", "mri"):
        for rest in ("", "correct/", "not-done/"):
            assert world.client.get(world.url(instrument, rest)).status_code == 404


def test_the_other_five_cases(world: World) -> None:
    for rest in ("", "correct/", "not-done/"):
        there = world.url("hip_rom", rest)
        assert world.client.get(world.unknown(rest)).status_code == 404
        assert world.client.put(there).status_code == 405
        assert Client().get(there).status_code == 302
    world.client.force_login(world.people.marc)
    for rest in ("", "correct/", "not-done/"):
        pages = [world.client.get(url) for url in (world.url("hip_rom", rest), world.unknown(rest))]
        assert [page.status_code for page in pages] == [403, 403]
        assert body_without_tokens(pages[0]) == body_without_tokens(pages[1])
    world.client.force_login(world.assessor_elsewhere())
    assert world.client.get(world.url("hip_rom")).status_code == 404
