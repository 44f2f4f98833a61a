"""The list of participants: by number, each a link to the record, of the person's sites only."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from tests import cast as people
from tests.integration.monitors.conftest import World

PAGE = "/t/STRONG-BACK/monitoring/participants/"


def test_each_number_leads_to_the_record(world: World, monitor: Client) -> None:
    html = monitor.get(PAGE).content.decode()
    record = f"/t/STRONG-BACK/participants/{world.participant.number}/"
    assert f'href="{record}"' in html
    assert monitor.get(record).status_code == 200


def test_by_state_and_by_part_of_the_number(world: World, monitor: Client) -> None:
    assert world.participant.number in monitor.get(PAGE, {"state": "eligible"}).content.decode()
    assert world.participant.number not in monitor.get(PAGE, {"state": "randomized"}).content.decode()
    assert world.participant.number in monitor.get(PAGE, {"search": world.participant.number[4:]}).content.decode()
    assert "No participant fits." in monitor.get(PAGE, {"search": "ZZZZZZ"}).content.decode()
    assert monitor.get(PAGE, {"state": "nonsense", "page": "x"}).status_code == 200


def test_no_name_is_on_the_page(world: World, monitor: Client) -> None:
    html = monitor.get(PAGE).content.decode()
    assert "Camille" not in html
    assert "person0@example.org" not in html


def test_a_monitor_of_another_site_sees_nobody(world: World, client: Client) -> None:
    client.force_login(world.somebody(Role.MONITOR, world.other_site()))
    assert world.participant.number not in client.get(PAGE).content.decode()


def test_another_participant_costs_no_further_query(world: World, monitor: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            monitor.get(PAGE)
        return len(caught)

    queries()
    before = queries()
    people.screen_eligible(world.trial, world.cast)
    assert queries() == before


def test_wrong_role_logged_out_and_wrong_method(world: World, client: Client) -> None:
    for user in (world.cast.samuel, world.cast.elise, world.cast.marc, world.cast.amelie):
        client.force_login(user)
        assert client.get(PAGE).status_code == 403
    client.force_login(world.cast.tomas)
    assert client.post(PAGE).status_code == 405
    client.logout()
    assert client.get(PAGE).status_code == 302
