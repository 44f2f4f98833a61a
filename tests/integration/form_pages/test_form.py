"""One form for every blinded role: results, answers told by phone, reading only, and who may not."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from core import clock, ids
from outcomes.models import Form, Response
from participants.models import Task
from tests.integration.form_pages.conftest import World


def test_a_coordinator_enters_results(as_elise: World) -> None:
    url = as_elise.shared_url("mri")
    html = as_elise.client.get(url).content.decode()
    assert "From 0 to 100 %" in html
    data = {
        "done": "1",
        "scan_date_day": "2",
        "scan_date_month": "March",
        "scan_date_year": "2026",
        "regions": ["spine", "hips"],
        "fat_l1_left": "12,25",
        "all_empty": "not_done",
        "step": "submit",
    }
    page = as_elise.client.post(url, data, follow=True)
    assert page.status_code == 200
    response = Response.objects.get(form=as_elise.form("mri"))
    assert response.answers["scan_date"] == "2026-03-02"
    assert response.answers["fat_l1_left"] == 12.25
    assert response.originator == Response.Originator.STAFF
    assert "12.25 %" in page.content.decode()
    assert "Lumbar spine; Hips" in page.content.decode()


def test_answers_told_by_phone_need_to_say_so(as_elise: World) -> None:
    url = as_elise.shared_url("odi")
    data = {f"odi_{n}": "2" for n in range(1, 11)} | {"step": "submit"}
    html = as_elise.client.get(url).content.decode()
    assert 'name="mode"' in html
    assert " checked" not in html
    assert "only_primary" not in html  # the window is open for long
    refused = as_elise.client.post(url, data)
    assert refused.status_code == 422
    assert "Say why you enter this, not the participant." in refused.content.decode()
    assert refused.content.decode().count(" checked") == 10
    assert as_elise.client.post(url, {**data, "mode": "telephone", "reason": "No internet"}).status_code == 302
    response = Response.objects.get()
    assert response.mode == "telephone"
    assert "By telephone." in as_elise.client.get(url).content.decode()
    assert response.originator == Response.Originator.STAFF_ON_BEHALF
    assert response.scores["score_pct"] == 40


def test_a_last_call_asks_the_primary_outcome_alone_and_closes_the_rest(as_elise: World) -> None:
    data = {f"odi_{n}": "2" for n in range(1, 11)} | {"reason": "No answer to messages", "step": "submit"}
    with clock.moved_to(clock.now() + timedelta(days=27)):
        url = as_elise.shared_url("odi")
        assert 'name="only_primary"' in as_elise.client.get(url).content.decode()
        wrong = as_elise.client.post(url, {**data, "mode": "paper", "only_primary": "on"})
        assert wrong.status_code == 400
        assert "choose “By telephone”" in wrong.content.decode()
        assert as_elise.client.post(url, {**data, "mode": "telephone", "only_primary": "on"}).status_code == 302
    assert as_elise.form("odi").state == Form.State.COMPLETE
    assert as_elise.form("promis29").not_done_code == "primary_only"


def test_an_incomplete_primary_outcome_raises_a_task_the_same_day(as_elise: World) -> None:
    data = {f"odi_{n}": "2" for n in range(1, 8)} | {
        "all_empty": "skipped",
        "mode": "paper",
        "reason": "By mail",
        "step": "submit",
    }
    as_elise.client.post(as_elise.shared_url("odi"), data)
    assert Task.objects.filter(participant=as_elise.participant, done_at=None).count() == 1


def test_a_participants_form_is_read_out_in_their_language(as_elise: World) -> None:
    as_elise.client.cookies["django_language"] = "fr"
    html = as_elise.client.get(as_elise.shared_url("odi")).content.decode()
    assert "Lifting objects" in html  # the participant answers in English


def test_who_only_reads_sees_no_form_to_fill(world: World) -> None:
    world.client.force_login(world.people.tomas)
    page = world.client.get(world.shared_url("odi"))
    assert page.status_code == 200
    assert 'name="odi_1"' not in page.content.decode()
    assert world.client.post(world.shared_url("odi"), {"odi_1": "1"}).status_code == 403


def test_who_only_reads_sees_what_is_stored(world: World, answered_odi: Callable[[], str]) -> None:
    url = answered_odi()
    world.client.force_login(world.people.tomas)
    html = world.client.get(url).content.decode()
    assert html.count("Moderate difficulty") == 9
    assert ">Change<" not in html


def test_a_form_before_its_window_says_when_it_opens(as_elise: World) -> None:
    night = Form.objects.filter(participant=as_elise.participant, visit__code="baseline_nights").order_by("opens_on")[0]
    page = as_elise.client.get(f"/t/{as_elise.trial.code}/forms/{night.pk}/")
    assert "This form opens on 3 March 2026." in page.content.decode()


def test_a_form_marked_not_done_can_still_be_done(as_elise: World) -> None:
    revision = as_elise.form("actigraphy").revision
    closing = as_elise.shared_url("actigraphy", "not-done/")
    as_elise.client.post(closing, {"reason_code": "equipment", "revision": revision})
    assert as_elise.form("actigraphy").state == Form.State.MISSED
    assert 'value="submit"' in as_elise.client.get(as_elise.shared_url("actigraphy")).content.decode()


def test_the_other_five_cases(world: World) -> None:
    for rest in ("", "correct/", "not-done/"):
        there, nowhere = world.shared_url("odi", rest), f"/t/{world.trial.code}/forms/{ids.new_id()}/{rest}"
        assert Client().get(there).status_code == 302
        world.client.force_login(world.people.elise)
        assert world.client.get(nowhere).status_code == 404
        assert world.client.put(there).status_code == 405
        for person in (world.people.marc, world.people.ingrid, world.people.samuel):
            world.client.force_login(person)
            assert [world.client.get(url).status_code for url in (there, nowhere)] == [403, 403]
    world.client.force_login(world.assessor_elsewhere())
    assert world.client.get(world.shared_url("odi")).status_code == 404


def test_an_assessor_cannot_enter_for_the_participant(world: World) -> None:
    data = {f"odi_{n}": "2" for n in range(1, 11)} | {"reason": "By phone", "step": "submit"}
    assert world.client.post(world.shared_url("odi"), data).status_code == 403
    assert not Response.objects.exists()
