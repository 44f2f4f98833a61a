"""The weekly check-in: from the link to thanks in two taps, more only for whoever likes."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from core import clock
from outcomes.models import Form, Response
from tests import cast
from tests.integration.participants_pages.conftest import World

PAIN = "      - {instrument: nprs, filled_by: participant, minutes: 1}\n  - code: week16_nights"
MORE = PAIN.replace("\n", "\n      - {instrument: week_in_short, filled_by: participant, required: false}\n")
"""The weekly visit with a form that is offered."""


def a_week_later(world: World) -> Iterator[World]:
    world.randomized()
    with clock.moved_to(clock.now() + timedelta(days=7)):
        world.link_to("weekly_pain")
        yield world


@pytest.fixture
def weekly(make_world: Callable[..., World]) -> Iterator[World]:
    yield from a_week_later(make_world("fr"))


@pytest.fixture
def offering(make_world: Callable[..., World]) -> Iterator[World]:
    text = cast.STRONG_BACK.read_text(encoding="utf-8")
    assert text.count(PAIN) == 1
    yield from a_week_later(make_world(protocol=text.replace(PAIN, MORE)))


def test_the_link_leads_to_the_question_itself(weekly: World) -> None:
    page = weekly.client.get(weekly.url(), follow=True)
    html = page.content.decode()
    assert page.redirect_chain == [(weekly.url("nprs", "1/"), 302)]
    assert html.count('type="radio"') == 11
    assert "checked" not in html
    assert "Répondez" in html or "répondre" in html
    assert 'id="back"' not in html


def test_one_number_and_send_is_all(weekly: World) -> None:
    sent = weekly.client.post(weekly.url("nprs", "1/"), {"nprs": "4", "revision": "0", "step": "next"})
    assert sent["Location"] == weekly.url(rest="thanks/")
    html = weekly.client.get(sent["Location"]).content.decode()
    assert "16 mars 2026" in html
    assert Response.objects.get(form__visit__code="weekly_pain").scores == {"score": 4}
    assert weekly.client.get(weekly.url()).status_code == 200


def test_what_the_protocol_offers_comes_after_thanks_and_need_not_be_answered(offering: World) -> None:
    begun = offering.client.get(offering.url(), follow=True)
    assert begun.redirect_chain[-1][0] == offering.url("nprs", "1/")
    sent = offering.client.post(offering.url("nprs", "1/"), {"nprs": "4", "step": "next"})
    assert sent["Location"] == offering.url(rest="thanks/")
    html = offering.client.get(sent["Location"]).content.decode()
    assert "You need not." in html
    assert offering.url("week_in_short") in html
    assert offering.form("week_in_short").state == Form.State.OPEN
    assert re.search(r"Your week in short", offering.client.get(offering.url()).content.decode())


def test_participants_see_their_own_past_as_a_line_where_the_protocol_shows_it(
    make_world: Callable[..., World],
) -> None:
    text = cast.STRONG_BACK.read_text(encoding="utf-8")
    shown = text.replace(PAIN, PAIN.replace("minutes: 1}", "minutes: 1, shows_past: score}"))
    world = make_world(protocol=shown)
    world.randomized()
    for number, value in enumerate((7, 4), start=1):
        with clock.moved_to(cast.MONDAY + timedelta(days=7 * number)):
            world.link_to("weekly_pain", number)
            sent = world.client.post(weekly_url(world, number), {"nprs": str(value), "step": "next"}, follow=True)
            html = sent.content.decode()
            assert ("At first you answered 7, the last time 4." in html) == (number == 2)
    assert html.count('class="chart"') == 1
    table = html[html.index("The numbers as a table") :]
    assert re.findall(r">\s*(\d)\s*</", table) == ["1", "7", "2", "4"]


def weekly_url(world: World, number: int) -> str:
    form = Form.objects.get(participant=world.participant, visit__code="weekly_pain", visit__number=number)
    return f"/q/{world.token}/{form.pk}/1/"


def test_by_default_no_past_is_shown(weekly: World) -> None:
    sent = weekly.client.post(weekly.url("nprs", "1/"), {"nprs": "4", "step": "next"}, follow=True)
    assert 'class="chart"' not in sent.content.decode()


def test_questionnaires_keep_their_start_page_though_one_question_is_left(weekly: World) -> None:
    with clock.moved_to(cast.MONDAY):
        weekly.link_to("baseline")
        assert weekly.client.get(weekly.url()).status_code == 200
