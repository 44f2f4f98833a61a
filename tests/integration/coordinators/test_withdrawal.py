"""Recording a withdrawal."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from participants.models import Appointment, Participant, Withdrawal
from tests.integration.coordinators.typed import day
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db


def url(world: World, participant: Participant) -> str:
    return world.url("coordinators:withdraw", number=participant.number)


def typed(world: World, *scopes: str, days: int = 0) -> dict[str, object]:
    said = clock.today(world.site.time_zone) + timedelta(days)
    return {"scopes": list(scopes), "reason_code": "time", "reason": "", **day("day", said)}


def test_walls(world: World) -> None:
    check_walls(world, "coordinators:withdraw", number=world.consented().number)


def test_only_from_what_was_said(world: World, elise: Client) -> None:
    participant = world.randomized()
    assert elise.post(url(world, participant), typed(world, "intervention")).status_code == 302
    participant.refresh_from_db()
    assert Withdrawal.objects.get().scopes == ["intervention"]
    assert participant.state == Participant.State.RANDOMIZED


def test_from_follow_up_cancels_what_is_pointless(world: World, elise: Client) -> None:
    participant = world.consented()
    world.book(participant, starts_at=clock.now() + timedelta(days=2))
    elise.post(url(world, participant), typed(world, "follow_up"))
    participant.refresh_from_db()
    assert participant.state == Participant.State.WITHDRAWN
    assert Appointment.objects.get().state == "cancelled"


def test_a_second_submit_and_a_day_ahead(world: World, elise: Client) -> None:
    participant = world.consented()
    assert elise.post(url(world, participant), typed(world, "contact", days=1)).status_code == 422
    assert elise.post(url(world, participant), typed(world)).status_code == 422
    elise.post(url(world, participant), typed(world, "contact"))
    assert elise.post(url(world, participant), typed(world, "contact")).status_code == 409


def test_nobody_withdraws_who_never_consented(world: World, elise: Client) -> None:
    assert elise.get(url(world, world.eligible())).status_code == 409


def fatal(world: World) -> dict[str, object]:
    """An event that ended in death today, as typed."""
    today = clock.today(world.site.time_zone)
    plain = {"term": "heart", "severity": "severe", "serious": "yes", "criteria": ["death"], "action": "stopped"}
    return {**plain, "outcome": "fatal", "found": "records", **day("onset", today), **day("ended", today)}


def test_the_walls_of_a_death(world: World) -> None:
    check_walls(world, "coordinators:death", number=world.consented().number)


def test_an_event_that_ends_in_death_leads_to_recording_it(world: World, elise: Client) -> None:
    participant = world.randomized()
    world.book(participant, starts_at=clock.now() + timedelta(days=2))
    page = world.url("coordinators:death", number=participant.number)
    answered = elise.post(world.url("event_new", number=participant.number), fatal(world))
    assert answered["Location"] == page
    today = clock.today(world.site.time_zone)
    form = elise.get(page).content.decode()
    assert f'value="{today.day}"' in form
    assert page in elise.get(world.url("coordinators:home")).content.decode()
    assert elise.post(page, {}).status_code == 422
    assert elise.post(page, day("day", today)).status_code == 302
    participant.refresh_from_db()
    assert participant.state == Participant.State.WITHDRAWN
    assert set(Withdrawal.objects.get().scopes) == {"intervention", "follow_up", "contact"}
    assert Appointment.objects.get().state == "cancelled"
    assert page not in elise.get(world.url("coordinators:home")).content.decode()
    assert elise.post(page, day("day", today)).status_code == 409


def test_who_may_not_withdraw_reports_a_death_and_the_coordinator_has_a_task(world: World, elise: Client) -> None:
    participant = world.consented()
    answered = world.browser("amelie").post(world.url("event_new", number=participant.number), fatal(world))
    assert answered["Location"] == world.url("record", number=participant.number)
    page = world.url("coordinators:death", number=participant.number)
    assert page in elise.get(world.url("coordinators:home")).content.decode()
    assert page not in world.browser("amelie").get(world.url("record", number=participant.number)).content.decode()
