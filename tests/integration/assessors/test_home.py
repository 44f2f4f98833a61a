"""Due this week: the assessor's forms only, each one click away, telling no arm."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Permission
from core import clock
from outcomes.actions import visits
from tests import cast
from tests.integration.assessors.conftest import World, hip
from trials.access import authorize


def test_every_due_form_is_one_click_away(world: World) -> None:
    html = world.client.get(world.home()).content.decode()
    for instrument in ("medx_strength", "dynamometry", "hip_rom"):
        assert world.url(instrument) in html
        assert world.client.get(world.url(instrument)).status_code == 200
    for instrument in ("odi", "mri", "lsiq"):
        assert str(world.form(instrument).pk) not in html


def test_what_is_done_leaves_the_list(world: World) -> None:
    world.client.post(world.url("hip_rom"), {**hip(), "step": "submit"})
    assert world.url("hip_rom") not in world.client.get(world.home()).content.decode()


def test_what_is_open_for_weeks_is_not_said_to_be_due_today(world: World) -> None:
    html = world.client.get(world.home()).content.decode()
    assert "Open now" in html
    assert "Due today" not in html
    assert "Ouvert" in world.client.get(world.home(), headers={"Accept-Language": "fr"}).content.decode()


def test_urgency_follows_the_window(world: World) -> None:
    with clock.moved_to(cast.MONDAY + timedelta(days=27)):
        assert "Closing soon" in world.client.get(world.home()).content.decode()
    with clock.moved_to(cast.MONDAY + timedelta(days=30)):
        html = world.client.get(world.home()).content.decode()
        assert html.count('class="st st-late"') == 3


def test_another_participant_costs_no_further_query(world: World) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            world.client.get(world.home())
        return len(found)

    count()
    before = count()
    other = cast.consented(world.trial, world.people)
    grant = authorize(cast.actor(world.people.elise), Permission.CONSENT, trial=world.trial, site=other.site)
    visits.lay_out(participant=other, grant=grant)
    assert other.number in world.client.get(world.home()).content.decode()
    assert count() == before


def test_another_sites_participants_are_not_there(world: World) -> None:
    world.client.force_login(world.assessor_elsewhere())
    html = world.client.get(world.home()).content.decode()
    assert world.participant.number not in html
    assert "Nothing to measure this week." in html


def test_wrong_role_logged_out_and_wrong_method(world: World) -> None:
    world.client.force_login(world.people.marc)
    assert world.client.get(world.home()).status_code == 403
    assert Client().get(world.home()).status_code == 302
    world.client.force_login(world.people.amelie)
    assert world.client.post(world.home()).status_code == 405


def test_a_page_number_that_is_none_shows_the_first(world: World) -> None:
    for number in ("x", "0", "99", "²"):
        assert world.client.get(world.home(), {"page": number}).status_code == 200
