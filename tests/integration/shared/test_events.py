"""Adverse events on blinded pages: reported from the record, listed with their clocks, followed, judged."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.roles import Role
from core import clock
from participants.models import Participant
from safety.actions import events
from safety.models import AdverseEvent
from tests.cast import hold_as_well
from tests.integration.coordinators.walls import check_refused, check_walls
from tests.integration.coordinators.world import World
from tests.unit.safety.facts import SERIOUS, facts

pytestmark = pytest.mark.django_db

TYPED: dict[str, Any] = {
    "term": "strain",
    "onset_month": "4",
    "onset_year": "2026",
    "severity": "mild",
    "serious": "no",
    "action": "none",
    "outcome": "ongoing",
    "found": "told",
    "text": "Lifted a box.",
}
OPINION = {"intervention": "possible", "procedures": "unrelated", "expected_as": "-"}


@pytest.fixture
def person(world: World) -> Participant:
    return world.consented()


def reported(world: World, person: Participant, **changes: Any) -> AdverseEvent:
    known = {"onset": clock.today(person.site.time_zone).isoformat(), **SERIOUS, **changes}
    return events.report(participant=person, facts=facts(**known), text="In words.", by=world.coordinator)


def body(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def typed(world: World, **changes: Any) -> dict[str, Any]:
    today = clock.now()
    return {**TYPED, "onset_month": str(today.month), "onset_year": str(today.year), **changes}


def test_walls(world: World, person: Participant) -> None:
    check_walls(world, "event_new", number=person.number)


def test_it_is_reported_from_the_record(world: World, elise: Client, person: Participant) -> None:
    url = world.url("event_new", number=person.number)
    assert url in body(elise, world.url("record", number=person.number))
    answered = elise.post(url, typed(world), follow=True)
    assert "The event is reported." in answered.content.decode()
    held = AdverseEvent.objects.get()
    assert (held.term, held.outcome, held.reports.get().text) == ("strain", "ongoing", "Lifted a box.")


@pytest.mark.parametrize("who", ["amelie", "helen", "tomas", "noor"])
def test_every_blinded_role_reports(world: World, person: Participant, who: str) -> None:
    url = world.url("event_new", number=person.number)
    assert url in body(world.browser(who), world.url("record", number=person.number))
    assert world.browser(who).post(url, typed(world)).status_code == 302
    assert AdverseEvent.objects.count() == 1


def test_nothing_is_chosen_beforehand(world: World, elise: Client, person: Participant) -> None:
    assert " checked" not in body(elise, world.url("event_new", number=person.number))


def test_serious_without_a_reason_is_refused_and_nothing_typed_is_lost(
    world: World, elise: Client, person: Participant
) -> None:
    answered = elise.post(world.url("event_new", number=person.number), typed(world, serious="yes"))
    page = answered.content.decode()
    assert answered.status_code == 422
    assert "A serious event needs a reason." in page
    assert "Lifted a box." in page
    assert not AdverseEvent.objects.exists()


def test_day_without_time_is_asked_for(world: World, elise: Client, person: Participant) -> None:
    day = {"aware_on_day": "1", "aware_on_month": "1", "aware_on_year": "2026"}
    answered = elise.post(world.url("event_new", number=person.number), typed(world, **day))
    assert "Enter day and time, or leave both empty." in answered.content.decode()


def test_an_earlier_awareness_moves_the_clocks(world: World, elise: Client, person: Participant) -> None:
    heard = clock.now() - timedelta(hours=3)
    local = {"aware_on_day": heard.day, "aware_on_month": heard.month, "aware_on_year": heard.year, "aware_at": "07:00"}
    more = {"serious": "yes", "criteria": ["hospital"], **local}
    assert elise.post(world.url("event_new", number=person.number), typed(world, **more)).status_code == 302
    held = AdverseEvent.objects.get()
    assert held.aware_at == heard
    assert held.clocks.get(code="review").due_at == heard + timedelta(hours=24)


@pytest.mark.parametrize("name", ["safety", "event"])
def test_events_are_for_those_who_may_see_them(world: World, person: Participant, name: str) -> None:
    event = reported(world, person)
    url = world.url(name, **({"event": event.pk} if name == "event" else {}))
    for who in ("elise", "helen", "tomas", "noor", "leila"):
        assert "Hospital stay" in body(world.browser(who), url)
    refusals = {check_refused(world, who, url) for who in ("amelie", "marc", "samuel", "ingrid")}
    assert len(refusals) == 1


def test_an_event_of_another_site_is_not_there(world: World, elise: Client) -> None:
    other = world.elsewhere()
    assert elise.get(world.url("event_new", number=other.number)).status_code == 404


def test_what_ran_out_stands_on_the_home_of_the_investigator_and_on_the_dashboard(
    world: World, person: Participant
) -> None:
    helen, event = world.browser("helen"), reported(world, person)
    places = [world.url("safety"), world.url("monitors:participants"), world.url("monitors:progress")]
    clock.advance(timedelta(hours=24))
    assert not any("has passed" in body(helen, url) for url in places)
    clock.advance(timedelta(hours=1))
    assert all("The time limit of 1 serious event has passed." in body(helen, url) for url in places)
    assert "1 hour overdue" in body(helen, world.url("event", event=event.pk))
    assert helen.post(world.url("event_judge", event=event.pk), OPINION).status_code == 302
    assert not any("has passed" in body(helen, url) for url in places)


def test_the_opinion_stands_with_its_list_and_the_second_beside_it(world: World, person: Participant) -> None:
    helen, event = world.browser("helen"), reported(world, person)
    url = world.url("event_judge", event=event.pk)
    assert helen.post(url, {}).status_code == 422
    helen.post(url, {**OPINION, "expected_as": "stiffness"})
    answered = helen.post(url, OPINION)
    assert "Say what made you think again." in answered.content.decode()
    page = helen.post(url, {**OPINION, "intervention": "unlikely", "text": "Older tear."}, follow=True).content.decode()
    assert page.index("Possibly") < page.index("Unlikely")
    assert "list of protocol version 1" in page
    assert "Yes: Muscle stiffness" in page
    assert check_refused(world, "elise", url)


def test_a_report_that_was_sent_stops_its_clock(world: World, person: Participant) -> None:
    helen, event = world.browser("helen"), reported(world, person)
    url = world.url("event_sent", event=event.pk)
    assert "Full report" in body(helen, url)
    page = helen.post(url, {"code": "full_report", "reference": "REB-7"}, follow=True).content.decode()
    assert "REB-7" in page
    assert event.clocks.get(code="full_report").met_at == clock.now()


def test_a_follow_up_is_added_and_the_first_report_stays(world: World, elise: Client, person: Participant) -> None:
    event = reported(world, person)
    url = world.url("event_follow_up", event=event.pk)
    assert " checked" in body(elise, url)
    same = {"severity": "mild", "serious": "yes", "criteria": ["hospital"], "action": "none", "outcome": "ongoing"}
    assert elise.post(url, same).status_code == 409
    page = elise.post(url, {**same, "severity": "severe"}, follow=True).content.decode()
    assert "Follow-up report" in page
    assert "First report" in page
    assert "In words." in page


def test_a_correction_asks_why(world: World, elise: Client, person: Participant) -> None:
    event = reported(world, person)
    url = world.url("event_correct", event=event.pk)
    day, month = clock.now().day, clock.now().month
    changed = {
        "term": "fall",
        "found": "told",
        "onset_day": day,
        "onset_month": month,
        "onset_year": clock.now().year,
    }
    assert elise.post(url, changed).status_code == 422
    elise.post(url, {**changed, "reason": "Mixed up."})
    event.refresh_from_db()
    assert event.term == "fall"


def test_whoever_also_assesses_reads_no_texts(world: World, person: Participant) -> None:
    event = reported(world, person)
    assert "In words." in body(world.browser("elise"), world.url("event", event=event.pk))
    hold_as_well(world.cast.elise, world.trial, Role.ASSESSOR, world.site)
    assert "In words." not in body(world.browser("elise"), world.url("event", event=event.pk))
