"""The short forms of safety, from the record; asking about events and reviewing deviations, from the list."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core import clock
from outcomes.actions import visits
from participants.actions import unblinding
from participants.models import Participant
from safety.actions import deviations
from safety.models import Asking, ConcomitantCare, Deviation, IncidentalFinding, Pregnancy
from tests import cast as people
from tests.integration.coordinators.walls import check_refused, check_walls
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db


def day(name: str) -> dict[str, Any]:
    today = clock.now().date()
    return {f"{name}_day": today.day, f"{name}_month": today.month, f"{name}_year": today.year}


FORMS: dict[str, tuple[type, dict[str, str], str]] = {
    "deviation_new": (
        Deviation,
        {"kind": "consent", "importance": "important", "cause": "staff", "remedy": "trained"},
        "happened_on",
    ),
    "pregnancy_new": (Pregnancy, {"outcome": "ongoing", "mri_told": "yes"}, "known_on"),
    "finding_new": (IncidentalFinding, {"number": "1", "step": "found", "urgent": "no"}, "day"),
    "care_new": (ConcomitantCare, {"kind": "manual", "reason": "back"}, "began"),
}


@pytest.mark.parametrize("name", FORMS)
def test_walls(world: World, name: str) -> None:
    check_walls(world, name, number=world.consented().number)


@pytest.mark.parametrize("name", FORMS)
def test_each_is_recorded_from_the_record_and_stands_in_the_list(world: World, elise: Client, name: str) -> None:
    participant = world.consented()
    model, typed, date_name = FORMS[name]
    url = world.url(name, number=participant.number)
    assert url in elise.get(world.url("record", number=participant.number)).content.decode()
    assert " checked" not in elise.get(url).content.decode()
    assert elise.post(url, {}).status_code == 422
    assert not model.objects.exists()
    assert elise.post(url, {**typed, **day(date_name)}).status_code == 302
    assert model.objects.count() == 1
    listed = elise.get(world.url("safety")).content.decode()
    assert listed.count(participant.number) >= 1


def test_the_investigator_reviews_and_nobody_else(world: World, elise: Client) -> None:
    participant = world.consented()
    known = {"kind": "consent", "importance": "important", "cause": "staff", "remedy": "none"}
    today = clock.today(participant.site.time_zone)
    held = deviations.record(participant=participant, happened_on=today, by=world.coordinator, **known)
    url, helen = world.url("deviation_review", deviation=held.pk), world.browser("helen")
    assert f'href="{url}"' in helen.get(world.url("safety")).content.decode()
    assert f'href="{url}"' not in elise.get(world.url("safety")).content.decode()
    assert check_refused(world, "elise", url) == check_refused(world, "amelie", url)
    assert helen.post(url, {}).status_code == 422
    assert helen.post(url, {"seen": "on"}).status_code == 302
    held.refresh_from_db()
    assert held.reviewed_at == clock.now()


def test_a_deviation_is_corrected_with_a_reason_and_reviewed_again(world: World, elise: Client) -> None:
    participant = world.consented()
    known = {"kind": "consent", "importance": "minor", "cause": "staff", "remedy": "none"}
    today = clock.today(participant.site.time_zone)
    held = deviations.record(participant=participant, happened_on=today, by=world.coordinator, **known)
    url = world.url("deviation_correct", deviation=held.pk)
    assert url in elise.get(world.url("safety")).content.decode()
    assert url not in world.browser("tomas").get(world.url("safety")).content.decode()
    assert len({check_refused(world, who, url) for who in ("tomas", "amelie", "marc")}) == 1
    assert elise.get(world.url("deviation_correct", deviation=participant.pk)).status_code == 404
    changed = {**known, "importance": "important", **day("happened_on")}
    assert elise.post(url, changed).status_code == 422
    assert elise.post(url, {**known, **day("happened_on"), "reason": "Wrong."}).status_code == 409
    assert elise.post(url, {**changed, "reason": "It touches consent."}).status_code == 302
    assert (
        world.url("deviation_review", deviation=held.pk)
        in world.browser("helen").get(world.url("safety")).content.decode()
    )


def test_a_late_review_stands_on_the_dashboard(world: World) -> None:
    participant, helen = world.consented(), world.browser("helen")
    known = {"kind": "consent", "importance": "important", "cause": "staff", "remedy": "none"}
    today = clock.today(participant.site.time_zone)
    held = deviations.record(participant=participant, happened_on=today, by=world.coordinator, **known)
    places = [world.url("safety"), world.url("monitors:participants"), world.url("monitors:progress")]
    clock.advance(timedelta(days=7, hours=1))
    late = "The review of 1 important deviation is late."
    assert all(late in helen.get(place).content.decode() for place in places)
    deviations.review(deviation=held, by=people.actor(world.cast.helen))
    assert not any(late in helen.get(place).content.decode() for place in places)


def asked_today(world: World) -> Participant:
    participant = world.consented()
    people.hand_down_randomized(participant)
    visits.lay_out(participant=participant, grant=world.grant())
    clock.advance(timedelta(days=28))
    return participant


@pytest.mark.parametrize(("answer", "leads_to"), [("nothing", "record"), ("something", "event_new")])
def test_asking_is_on_the_list_until_it_is_done(world: World, elise: Client, answer: str, leads_to: str) -> None:
    participant = asked_today(world)
    listed = elise.get(world.url("safety")).content.decode()
    visit = participant.visits.get(code="weekly_pain", number=4)
    url = world.url("event_ask", visit=visit.pk)
    assert url in listed
    assert elise.post(url, {}).status_code == 422
    assert elise.post(url, {"answer": answer})["Location"] == world.url(leads_to, number=participant.number)
    assert Asking.objects.get().answer == answer
    assert url not in elise.get(world.url("safety")).content.decode()
    assert elise.post(url, {"answer": answer}).status_code == 409


def test_it_is_due_today_for_whoever_asks(world: World, elise: Client) -> None:
    visit = asked_today(world).visits.get(code="weekly_pain", number=4)
    url = world.url("event_ask", visit=visit.pk)
    assert url in elise.get(world.url("coordinators:home")).content.decode()
    assert elise.post(url, {"answer": "nothing"}).status_code == 302
    assert url not in elise.get(world.url("coordinators:home")).content.decode()


def test_assessors_ask_nobody_where_the_protocol_has_others_ask(world: World) -> None:
    visit = asked_today(world).visits.get(code="weekly_pain", number=4)
    amelie, url = world.browser("amelie"), world.url("event_ask", visit=visit.pk)
    assert [answered.status_code for answered in (amelie.get(url), amelie.post(url))] == [404, 404]
    assert url not in amelie.get(world.url("assessors:home")).content.decode()
    assert check_refused(world, "tomas", url) == check_refused(world, "marc", url)


@pytest.mark.parametrize(("answer", "leads_to"), [("nothing", "assessors:visit"), ("something", "event_new")])
def test_who_measures_asks_at_the_visit_and_reads_no_event(world: World, answer: str, leads_to: str) -> None:
    participant, amelie = asked_today(world), world.browser("amelie")
    clock.advance(timedelta(days=84))
    visit = participant.visits.get(code="week16")
    url, here = world.url("event_ask", visit=visit.pk), world.url("assessors:visit", visit=visit.pk)
    places = [here, world.url("assessors:home")]
    assert all(url in amelie.get(place).content.decode() for place in places)
    assert world.url("event_new", number=participant.number) in amelie.get(here).content.decode()
    where = {"visit": visit.pk} if leads_to == "assessors:visit" else {"number": participant.number}
    assert amelie.post(url, {"answer": answer})["Location"] == world.url(leads_to, **where)
    assert not any(url in amelie.get(place).content.decode() for place in places)
    assert check_refused(world, "amelie", world.url("safety"))


def test_who_learned_the_group_is_not_led_to_ask(world: World) -> None:
    participant, amelie = asked_today(world), world.browser("amelie")
    clock.advance(timedelta(days=84))
    participant.refresh_from_db()
    unblinding.record(participant=participant, how="colleague", by=people.actor(world.cast.amelie))
    visit = participant.visits.get(code="week16")
    for place in (world.url("assessors:visit", visit=visit.pk), world.url("assessors:home")):
        assert world.url("event_ask", visit=visit.pk) not in amelie.get(place).content.decode()
