"""Interviews: whose record is due, recorded, read back, corrected; known to interviewers only."""

from django.test import Client

from core import ids
from outcomes.models import Response
from tests.integration.unblinded.conftest import World

ANSWERS = {
    "timing": "pre",
    "mode": "video",
    "interview_date_day": "2",
    "interview_date_month": "3",
    "interview_date_year": "2026",
    "interview_language": "en",
    "duration_min": "42",
    "recorded": "1",
    "transcribed": "0",
    "step": "submit",
}


def test_a_due_interview_is_one_click_away(world: World) -> None:
    html = world.client.get(world.page()).content.decode()
    assert world.record() in html
    assert world.form().participant.number in html
    page = world.client.get(world.record())
    assert page.status_code == 200
    assert "checked" not in page.content.decode().split("<form", 3)[-1]


def test_it_is_recorded_and_leaves_the_list(world: World) -> None:
    answer = world.client.post(world.record(), ANSWERS, follow=True)
    assert answer.redirect_chain == [(world.record(), 302)]
    response = Response.objects.get(form=world.form())
    assert (response.answers["mode"], response.answers["duration_min"]) == ("video", 42)
    assert world.record() not in world.client.get(world.page()).content.decode()


def test_a_second_submit_is_told(world: World) -> None:
    world.client.post(world.record(), ANSWERS)
    assert world.client.post(world.record(), {**ANSWERS, "mode": "room"}).status_code == 409
    assert Response.objects.get(form=world.form()).answers["mode"] == "video"


def test_a_correction_needs_a_reason(world: World) -> None:
    world.client.post(world.record(), ANSWERS)
    data = {**ANSWERS, "mode": "room", "revision": "1"}
    assert world.client.post(world.record("correct/"), {**data, "reason": ""}).status_code == 422
    assert world.client.post(world.record("correct/"), {**data, "reason": "Wrong room"}).status_code == 302
    assert Response.objects.get(form=world.form()).answers["mode"] == "room"


def test_an_interview_that_was_not_held_is_closed_with_a_reason(world: World) -> None:
    page = world.client.get(world.record("not-done/"))
    assert page.status_code == 200
    assert world.client.post(world.record("not-done/"), {"revision": world.form().revision}).status_code == 422


def test_nobody_blinded_learns_that_it_exists(world: World) -> None:
    for name in ("elise", "amelie", "tomas", "helen", "noor"):
        blinded = Client()
        blinded.force_login(getattr(world.rooms.cast, name))
        for rest in ("", "correct/", "not-done/"):
            assert blinded.get(world.record(rest)).status_code == 403
            assert blinded.get(world.page(f"{ids.new_id()}/{rest}")).status_code == 403
        assert blinded.get(world.page()).status_code == 403


def test_the_other_cases(world: World) -> None:
    for rest in ("", "correct/", "not-done/"):
        assert world.client.get(world.page(f"{ids.new_id()}/{rest}")).status_code == 404
        assert world.client.put(world.record(rest)).status_code == 405
        assert Client().get(world.record(rest)).status_code == 302
    assert world.client.post(world.page()).status_code == 405
    for number in ("x", "0", "99"):
        assert world.client.get(world.page(), {"page": number}).status_code == 200
    abroad = Client()
    abroad.force_login(world.elsewhere())
    assert abroad.get(world.record()).status_code == 404
    assert world.form().participant.number not in abroad.get(world.page()).content.decode()
