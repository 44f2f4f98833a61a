"""One question a screen: saved at every tap, never forced, resumed anywhere, sent once."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core import clock, ids
from instruments import catalogue
from outcomes.actions import drafts
from outcomes.models import Draft, Form, Response
from tests.integration.participants_pages.conftest import World

NOTICE = re.compile(r'<div (id="skip"[^>]*)>')
JSON = {"headers": {"accept": "application/json"}}


def notice(page: Any) -> str:
    """The notice that asks whether to skip, as it stands on the page."""
    found = NOTICE.search(page.content.decode())
    assert found is not None
    return found[1]


def typed(world: World, item: str) -> Draft:
    return Draft.objects.get(form=world.form(item.rsplit("_", 1)[0]), item=item)


def test_a_question_stands_alone_with_nothing_chosen(world: World) -> None:
    page = world.client.get(world.url("odi", "3/"))
    html = page.content.decode()
    assert page.status_code == 200
    assert "Question 3 of 10" in html
    assert html.count('type="radio"') == 6
    assert "checked" not in html
    assert notice(page).endswith(" hidden")
    assert "belong to" in html  # the words stand in for the published ones


def test_continue_saves_and_goes_to_the_next_question(world: World) -> None:
    answer = world.client.post(world.url("odi", "3/"), {"odi_3": "2", "step": "next"})
    assert answer.status_code == 302
    assert answer["Location"] == world.url("odi", "4/")
    assert typed(world, "odi_3").value == 2
    assert "checked" in world.client.get(world.url("odi", "3/")).content.decode()


def test_continue_without_an_answer_asks_once_and_then_keeps_why(world: World) -> None:
    asked = world.client.post(world.url("odi", "8/"), {"step": "next"})
    assert asked.status_code == 200
    assert notice(asked) == 'id="skip" class="notice notice-info" role="status"'
    assert not Draft.objects.exists()
    skipped = world.client.post(world.url("odi", "8/"), {"step": "skip", "asked": "1"})
    assert skipped["Location"] == world.url("odi", "9/")
    assert typed(world, "odi_8").missing == "skipped"
    again = world.client.post(world.url("odi", "8/"), {"step": "next"})
    assert again.status_code == 302


def test_who_would_rather_not_answer_says_so_in_one_tap(world: World) -> None:
    world.client.post(world.url("odi", "8/"), {"step": "decline"})
    assert typed(world, "odi_8").missing == "prefers_not_to_say"
    assert "You left this open" in world.client.get(world.url("odi", "8/")).content.decode()


def test_a_code_that_is_no_option_is_refused_with_a_sentence(world: World) -> None:
    page = world.client.post(world.url("odi", "3/"), {"odi_3": "9", "step": "next"})
    assert page.status_code == 422
    assert "Choose one of the options." in page.content.decode()
    assert "<title>Error:" in page.content.decode()
    assert not Draft.objects.exists()


def test_a_tap_is_saved_at_once_and_says_when(world: World) -> None:
    answer = world.client.post(world.url("odi", "3/"), {"odi_3": "4", "step": "save"}, **JSON)
    assert answer.json() == {"saved": "Saved 10:00", "told": "", "revisions": {"odi_3": 1}}
    assert typed(world, "odi_3").value == 4


def test_the_later_tap_wins_though_it_arrives_first(world: World) -> None:
    world.client.post(world.url("odi", "3/"), {"odi_3": "4", "step": "save"}, **JSON)
    late = {"odi_3": "1", "step": "save", "waited": "60000"}
    assert world.client.post(world.url("odi", "3/"), late, **JSON).status_code == 200
    assert typed(world, "odi_3").value == 4


def test_continue_by_script_says_where_to_go(world: World) -> None:
    answer = world.client.post(world.url("odi", "3/"), {"odi_3": "4", "step": "next"}, **JSON)
    assert answer.json()["next"] == world.url("odi", "4/")
    empty = world.client.post(world.url("odi", "4/"), {"step": "next"}, **JSON)
    assert empty.json() == {"show": True}


def test_all_questions_come_at_once_for_a_phone_that_may_lose_its_network(world: World) -> None:
    world.client.post(world.url("odi", "2/"), {"odi_2": "5", "step": "next"})
    world.client.post(world.url("odi", "4/"), {"step": "decline"})
    page = world.client.get(world.url("odi", "cards/"), headers={"accept-encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    html = world.client.get(world.url("odi", "cards/")).content.decode()
    assert len(page.content) < len(html) / 4
    cards = html.split("data-card=")[1:]
    assert [each.split('"')[1] for each in cards] == catalogue.load("odi").item_codes()
    assert [number for number, each in enumerate(cards, 1) if " checked" in each] == [2]
    assert [number for number, each in enumerate(cards, 1) if "data-settled" in each] == [4]
    assert [number for number, each in enumerate(cards, 1) if 'name="revision" value="1"' in each] == [2, 4]


def test_cards_say_when_a_question_applies_and_end_with_the_form(world: World) -> None:
    html = world.client.get(world.url("ipaq_sf", "cards/")).content.decode()
    conditions = [each for each in catalogue.load("ipaq_sf").items if each.show_if]
    assert html.count("data-show-if=") == len(conditions) > 0
    world.client.post(world.url("nprs", "1/"), {only_item("nprs"): "6"})
    assert world.client.get(world.url("nprs", "cards/")).status_code == 409


def test_the_second_device_is_told_and_the_newer_answer_is_kept(world: World) -> None:
    first, second = Client(), Client()
    first.post(world.url("odi", "3/"), {"odi_3": "2", "revision": "0", "step": "save"}, **JSON)
    same = second.post(world.url("odi", "3/"), {"odi_3": "2", "revision": "0", "step": "save"}, **JSON)
    assert same.json()["told"] == ""
    newer = second.post(world.url("odi", "3/"), {"odi_3": "4", "revision": "0", "step": "save"}, **JSON)
    assert "another device" in newer.json()["told"]
    older = {"odi_3": "1", "revision": "1", "step": "save", "waited": "60000"}
    assert "answered later on another device" in first.post(world.url("odi", "3/"), older, **JSON).json()["told"]
    assert typed(world, "odi_3").value == 4


def test_a_device_without_script_is_told_on_the_next_page(world: World) -> None:
    world.client.post(world.url("odi", "3/"), {"odi_3": "2", "revision": "0", "step": "next"})
    page = Client().post(world.url("odi", "3/"), {"odi_3": "4", "revision": "0", "step": "next"}, follow=True)
    assert "had another answer, given on another device" in page.content.decode()
    assert typed(world, "odi_3").value == 4


def test_a_device_learns_of_all_that_was_answered_elsewhere(world: World) -> None:
    Client().post(world.url("odi", "1/"), {"odi_1": "2", "step": "save"}, **JSON)
    here = world.client.post(world.url("odi", "2/"), {"odi_2": "3", "revision": "0", "step": "save"}, **JSON)
    assert here.json()["revisions"] == {"odi_1": 1, "odi_2": 1}


def test_who_answers_on_after_another_device_sent_all_is_told(world: World) -> None:
    world.answer_all("odi", 2)
    world.client.post(world.url("odi", "check/"))
    late = Client().post(world.url("odi", "3/"), {"odi_3": "5", "step": "save"}, **JSON)
    page = Client().get(late.json()["next"])
    assert "was not added" in page.content.decode()
    assert "was not added" not in world.client.get(world.url("odi")).content.decode()


def test_another_phone_goes_on_at_the_first_open_question(world: World) -> None:
    for place in (1, 2):
        world.client.post(world.url("odi", f"{place}/"), {f"odi_{place}": "1", "step": "next"})
    other = Client()
    assert other.get(world.url("odi"))["Location"] == world.url("odi", "3/")


def test_a_question_that_does_not_apply_is_passed_over(world: World) -> None:
    form = world.form("ipaq_sf")
    codes = range(1, 12)
    place = next(n for n in codes if world.client.get(world.url("ipaq_sf", f"{n}/")).status_code == 302)
    landed = world.client.get(world.url("ipaq_sf", f"{place}/"))["Location"]
    assert re.fullmatch(rf"/q/{world.token}/{form.pk}/\d+/", landed)


def test_an_unlikely_number_is_asked_about_and_kept(world: World) -> None:
    with clock.moved_to(clock.now() + timedelta(days=1)):
        world.link_to("baseline_nights")
        url = world.url("sleep_diary", "3/")
        page = world.client.post(url, {"sol_min": "300", "step": "next"})
        assert page.status_code == 422
        assert "unusual" in page.content.decode()
        confirmed = {"sol_min": "300", "sol_min-confirmed": "300", "step": "next"}
        assert world.client.post(url, confirmed).status_code == 302
    draft = Draft.objects.get(item="sol_min")
    assert (draft.value, draft.confirmed) == (300, True)


def test_answers_are_looked_over_changed_and_sent(world: World) -> None:
    world.answer_all("odi", 2)
    check = world.client.get(world.url("odi", "check/"))
    assert check.content.decode().count(">Change<") == 10
    change = world.client.post(world.url("odi", "5/") + "?change=1", {"odi_5": "3", "step": "next"})
    assert change["Location"] == world.url("odi", "check/")
    sent = world.client.post(world.url("odi", "check/"))
    assert sent.status_code == 302
    response = Response.objects.get(form=world.form("odi"))
    assert response.answers["odi_5"] == 3
    assert response.scores["score_pct"] == 42
    assert response.originator == Response.Originator.PARTICIPANT


def test_nothing_is_sent_before_every_question_was_asked(world: World) -> None:
    world.answer_all("odi", 2, but=2)
    answer = world.client.post(world.url("odi", "check/"))
    assert answer["Location"] == world.url("odi", "9/")
    assert not Response.objects.exists()


def test_going_back_after_sending_is_calm_and_changes_nothing(world: World) -> None:
    world.answer_all("odi", 2)
    world.client.post(world.url("odi", "check/"))
    for rest in ("", "3/", "check/"):
        page = world.client.get(world.url("odi", rest))
        assert page.status_code == 200
        assert "Already sent" in page.content.decode()
    again = world.client.post(world.url("odi", "check/"))
    assert again.status_code == 409
    assert "Already sent" in again.content.decode()
    tap = world.client.post(world.url("odi", "3/"), {"odi_3": "5", "step": "save"}, **JSON)
    assert tap.status_code == 409
    assert Response.objects.get(form=world.form("odi")).answers["odi_3"] == 2


def test_a_form_of_one_question_is_sent_at_once(world: World) -> None:
    answer = world.client.post(world.url("nprs", "1/"), {only_item("nprs"): "6"})
    assert answer.status_code == 302
    assert Response.objects.get(form=world.form("nprs")).is_whole
    assert world.form("nprs").state == Form.State.COMPLETE


def only_item(instrument: str) -> str:
    return catalogue.load(instrument).items[0].code


def test_participants_see_no_score(world: World) -> None:
    world.answer_all("odi", 2)
    sent = world.client.post(world.url("odi", "check/"), follow=True)
    start = world.client.get(world.url())
    for page in (sent, start):
        assert "40" not in re.sub(
            r'(?s)<head>.*?</head>|href="[^"]*"|value="[^"]*"|action="[^"]*"', "", page.content.decode()
        )


def test_switching_the_language_keeps_the_place_and_the_answer(world: World) -> None:
    answer = world.client.post(world.url("odi", "3/"), {"odi_3": "2", "language": "fr"})
    assert answer["Location"] == world.url("odi", "3/")
    page = world.client.get(world.url("odi", "3/")).content.decode()
    assert "Soulever des objets" in page
    assert '<html lang="fr"' in page
    assert "checked" in page
    assert typed(world, "odi_3").value == 2


def test_switching_the_language_keeps_what_cannot_be_saved_yet(world: World) -> None:
    with clock.moved_to(clock.now() + timedelta(days=1)):
        world.link_to("baseline_nights")
        page = world.client.post(world.url("sleep_diary", "3/"), {"sol_min": "many", "language": "fr"})
    assert page.status_code == 422
    assert 'value="many"' in page.content.decode()
    assert '<html lang="fr"' in page.content.decode()


def test_the_participants_language_is_the_first(make_world: Callable[..., World]) -> None:
    world = make_world("fr")
    page = world.client.get(world.url("odi", "3/"), headers={"accept-language": "en"})
    assert "Soulever des objets" in page.content.decode()


def test_a_form_of_somebody_else_is_not_there(world: World) -> None:
    for rest in ("", "1/", "check/"):
        assert world.client.get(f"/q/{world.token}/{ids.new_id()}/{rest}").status_code == 404
    assessors = Form.objects.get(participant=world.participant, visit=world.link.visit, instrument="hip_rom")
    assert world.client.get(f"/q/{world.token}/{assessors.pk}/1/").status_code == 404


def test_a_place_that_is_none_leads_to_the_open_question(world: World) -> None:
    for place in ("0/", "11/", "99999/"):
        assert world.client.get(world.url("odi", place))["Location"] == world.url("odi", "1/")


def test_only_these_methods(world: World) -> None:
    assert world.client.put(world.url("odi", "1/")).status_code == 405
    assert world.client.delete(world.url("odi", "check/")).status_code == 405


@pytest.mark.parametrize("enforce_csrf_checks", [False, True])
def test_a_huge_paste_is_refused_and_nothing_is_kept(world: World, enforce_csrf_checks: bool) -> None:
    client = Client(enforce_csrf_checks=enforce_csrf_checks)
    client.get(world.url("odi", "1/"))
    page = client.post(world.url("odi", "1/"), {"odi_1": "x" * 10_000_000})
    assert page.status_code == 413
    assert "Shorten the text" in page.content.decode()
    assert not Draft.objects.exists()


def test_a_form_that_is_not_open_yet_is_not_offered(world: World) -> None:
    with clock.moved_to(clock.now() + timedelta(days=60)):
        assert world.client.get(world.url("odi", "1/")).status_code == 410


def test_the_script_is_told_why_nothing_can_be_saved(world: World) -> None:
    with clock.moved_to(clock.now() + timedelta(days=60)):
        answer = world.client.post(world.url("odi", "1/"), {"odi_1": "1", "step": "save"}, **JSON)
    assert answer.status_code == 410
    assert "time to answer has passed" in answer.json()["sentence"]
    wrong = world.client.post(world.url("odi", "1/"), {"odi_1": "9", "step": "save"}, **JSON)
    assert wrong.status_code == 422
    assert wrong.json()["sentence"] == "Choose one of the options."


def test_answers_that_no_longer_apply_are_told_of_before_sending_and_not_sent(world: World) -> None:
    form = world.form("ipaq_sf")
    given = {"vig_days": 2, "vig_hours": 1, "vig_mins": 30, "mod_days": 0, "walk_days": 0}
    rest = {item.code: 0 for item in catalogue.load("ipaq_sf").items if item.code.startswith("sit")}
    for code, value in {**given, **rest}.items():
        drafts.save_item(form=form, item=code, value=value, by=world.by)
    check = world.url("ipaq_sf", "check/")
    assert "no longer appl" not in world.client.get(check).content.decode()
    drafts.save_item(form=form, item="vig_days", value=0, by=world.by)
    page = world.client.get(check).content.decode()
    assert "2 answers no longer apply after what you changed. They are not sent." in page
    world.client.post(check)
    assert "vig_hours" not in Response.objects.get(form=form).answers
