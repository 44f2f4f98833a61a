"""A visit that did not take place, closed as a whole."""

from datetime import timedelta

import pytest
from django.test import Client

from audit.models import Entry
from core import clock
from outcomes.models import Form
from reminders.actions.sweep import REMINDERS, sweep
from reminders.models import Message
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db


def test_walls(world: World) -> None:
    check_walls(world, "coordinators:visit_missed", number=world.consented().number)


def test_all_that_is_open_is_closed_and_what_was_submitted_stays(world: World, elise: Client) -> None:
    participant = world.consented()
    world.submit(world.form(participant, "baseline", "nprs"))
    visit = world.form(participant, "baseline", "odi").visit
    interview = Form.objects.filter(visit=visit, secrecy="unblinding").values_list("state", flat=True)
    before = list(interview)
    url = world.url("coordinators:visit_missed", number=participant.number)
    assert url in elise.get(world.url("record", number=participant.number)).content.decode()
    done = elise.post(url, {"visit": str(visit.pk), "reason_code": "unwell"}, follow=True).content.decode()
    assert "The visit is marked as missed." in done
    known = Form.objects.filter(visit=visit).exclude(secrecy="unblinding")
    assert set(known.exclude(instrument="nprs").values_list("state", "not_done_code")) == {("missed", "unwell")}
    assert known.get(instrument="nprs").state == Form.State.COMPLETE
    assert list(interview) == before
    assert Entry.objects.get(verb="visit.mark_missed").facts["visit"] == visit.label()


def test_nobody_is_reminded_of_it_and_it_can_still_be_entered(world: World, elise: Client) -> None:
    participant = world.consented()
    form = world.form(participant, "baseline", "odi")
    url = world.url("coordinators:visit_missed", number=participant.number)
    elise.post(url, {"visit": str(form.visit_id), "reason_code": "unreachable"})
    clock.advance(timedelta(hours=12))
    sweep(by=REMINDERS, hand_over=lambda key: None)
    assert not Message.objects.filter(visit=form.visit_id).exists()
    form.refresh_from_db()
    world.submit(form)
    form.refresh_from_db()
    assert (form.state, form.not_done_code) == (Form.State.COMPLETE, "")


def test_another_reason_needs_words_and_a_visit_ahead_is_not_offered(world: World, elise: Client) -> None:
    participant = world.randomized()
    visit = world.form(participant, "baseline", "odi").visit
    ahead = world.form(participant, "week16", "odi").visit
    url = world.url("coordinators:visit_missed", number=participant.number)
    assert str(ahead.pk) not in elise.get(url).content.decode()
    assert elise.post(url, {"visit": str(ahead.pk), "reason_code": "unwell"}).status_code == 422
    assert elise.post(url, {"visit": str(visit.pk), "reason_code": "other"}).status_code == 422
    assert elise.post(url, {"visit": str(visit.pk), "reason_code": ""}).status_code == 422
    assert not Entry.objects.filter(verb="visit.mark_missed").exists()


def test_a_second_click_is_told(world: World, elise: Client) -> None:
    participant = world.consented()
    visit = world.form(participant, "baseline", "odi").visit
    url = world.url("coordinators:visit_missed", number=participant.number)
    body = {"visit": str(visit.pk), "reason_code": "unwell"}
    assert elise.post(url, body).status_code == 302
    assert elise.post(url, body).status_code in (409, 422)
    assert Entry.objects.filter(verb="visit.mark_missed").count() == 1
