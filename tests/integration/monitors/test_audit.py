"""The trail as monitors read it: who did what, without what must not be told."""

import csv
import io

import pytest
from django.test import Client

from accounts.roles import Role
from core import ids
from tests import cast as people
from tests.integration.monitors.conftest import World
from trials.actions import memberships

PAGE = "/t/STRONG-BACK/monitoring/audit/"
FILE = f"{PAGE}download/"


def day(day: str, month: str, year: str) -> dict[str, str]:
    return {"day_day": day, "day_month": month, "day_year": year}


def downloaded(client: Client, **wanted: str) -> list[dict[str, str]]:
    answer = client.get(FILE, wanted)
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_what_was_done_to_somebody(world: World, monitor: Client) -> None:
    html = monitor.get(PAGE, {"number": world.participant.number}).content.decode()
    assert "Screened" in html
    assert "Élise Tremblay" in html
    assert "Gave a role" not in html.split("<tbody>")[1]


def test_names_of_participants_are_masked(world: World, monitor: Client) -> None:
    for text in (monitor.get(PAGE).content.decode(), str(downloaded(monitor))):
        assert "Camille" not in text
        assert "person0@example.org" not in text
    saved = downloaded(monitor, verb="participants.screen")
    assert {row["field"]: row["not_shown"] for row in saved}["name"] == "1"


def test_the_file_has_a_row_for_each_field(world: World, monitor: Client) -> None:
    rows = downloaded(monitor, number=world.participant.number, verb="participants.screen")
    assert {row["what"] for row in rows} == {"participants.screen"}
    assert {"answers.lbp_months": "18"}.items() <= {row["field"]: row["new"] for row in rows}.items()
    assert rows[0]["at_utc"] == "2026-03-02T15:00:00Z"


def test_filters_that_fit_nothing(world: World, monitor: Client) -> None:
    for wanted in ({"number": "MTL-ZZZZ"}, day("1", "1", "2020"), {"verb": "trial.lock"}):
        assert "No entry fits." in monitor.get(PAGE, wanted).content.decode()
    assert monitor.get(PAGE, day("2", "March", "2026")).context["lines"]
    assert monitor.get(PAGE, {"day_day": "soon"}).status_code == 422
    assert monitor.get(PAGE, {"verb": "nonsense"}).status_code == 422


def test_pages_go_on_from_the_last_entry_without_counting(
    world: World, monitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.monitors.audit.PAGE_SIZE", 5)
    first = monitor.get(PAGE)
    second = monitor.get(f"{PAGE}?{first.context['older']}")
    assert len(first.context["lines"]) == 5
    assert second.context["lines"] != first.context["lines"]
    assert monitor.get(PAGE, {"from": str(ids.new_id())}).context["lines"] == first.context["lines"]
    assert monitor.get(PAGE, {"from": "x"}).status_code == 404


def test_another_sites_entries_are_not_there(world: World, client: Client) -> None:
    client.force_login(world.somebody(Role.MONITOR, world.other_site()))
    assert "No entry fits." in client.get(PAGE).content.decode()
    assert client.get(PAGE, {"number": world.participant.number}).context["lines"] == []
    assert downloaded(client) == []


def test_another_role_at_all_sites_opens_no_other_sites_entries(world: World, client: Client) -> None:
    user = world.somebody(Role.MONITOR, world.other_site())
    memberships.grant(user=user, trial=world.trial, role=Role.COORDINATOR, site=None, by=people.actor(world.cast.noor))
    client.force_login(user)
    assert "No entry fits." in client.get(PAGE).content.decode()
    assert downloaded(client) == []


def test_wrong_role_logged_out_and_wrong_method(world: World, client: Client) -> None:
    for user in (world.cast.samuel, world.cast.marc, world.cast.amelie, world.cast.elise):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.get(FILE).status_code == 403
    client.force_login(world.cast.tomas)
    assert client.post(PAGE).status_code == client.post(FILE).status_code == 405
    client.logout()
    assert client.get(PAGE).status_code == client.get(FILE).status_code == 302
