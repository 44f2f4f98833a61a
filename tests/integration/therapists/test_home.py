"""The therapist's home: first sessions, who waits, who is in care; flat, and nobody else's."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from participants.models import Participant
from tests import cast as people
from tests.integration.therapists.conftest import elsewhere, page, record, therapist
from tests.unit.randomization_db.world import World
from therapy.actions import assignments
from web.therapists import home


def body(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_who_is_in_care_with_the_next_session_one_click_away(world: World, marc: Client, marcs: Participant) -> None:
    record(world, marcs)
    clock.advance(timedelta(days=1))
    html = body(marc, page(world))
    assert page(world, f"{marcs.number}/sessions/2/") in html
    assert "2 of 48" in html
    assert "last seen Monday" in html
    assert marc.get(page(world, f"{marcs.number}/sessions/2/")).status_code == 200


def test_who_was_seen_today_is_said(world: World, marc: Client, marcs: Participant) -> None:
    record(world, marcs)
    assert "seen today" in body(marc, page(world))


def test_first_sessions_of_today_lead_to_randomizing_later_ones_do_not(world: World, marc: Client) -> None:
    today, later = world.ready(), world.baseline()
    world.book(later, days=2)
    html = body(marc, page(world))
    assert page(world, f"randomize/{today.number}/") in html
    assert later.number in html
    assert page(world, f"randomize/{later.number}/") not in html


def test_a_long_list_of_first_sessions_shows_the_earliest_and_leads_to_all(
    world: World, marc: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "SHOWN", 1)
    monkeypatch.setattr(home, "PER_PAGE", 1)
    today, later = world.ready(), world.baseline()
    world.book(later, days=2)
    shown = body(marc, page(world))
    assert today.number in shown
    assert later.number not in shown
    assert '<a href="?show=first_sessions">All 2' in shown
    first = body(marc, page(world) + "?show=first_sessions")
    assert today.number in first
    assert later.number not in first
    assert "1 to 1 of 2" in first
    assert later.number in body(marc, page(world) + "?show=first_sessions&page=2")


def test_first_sessions_are_read_as_many_as_are_shown(world: World, marc: Client) -> None:
    world.ready()
    with CaptureQueriesContext(connection) as asked:
        marc.get(page(world))
    listed = [each["sql"] for each in asked if 'FROM "participants_appointment"' in each["sql"]]
    assert all("LIMIT" in sql or "COUNT" in sql for sql in listed)
    assert len(listed) == 2


def test_who_waits_is_taken_over_by_a_qualified_therapist_only(
    world: World, marc: Client, waiting: Participant
) -> None:
    assert waiting.number not in body(marc, page(world))
    assert marc.post(page(world, f"{waiting.number}/take/")).status_code == 404
    marc.force_login(world.cast.priya)
    assert waiting.number in body(marc, page(world))
    taken = marc.post(page(world, f"{waiting.number}/take/"), follow=True)
    assert taken.redirect_chain == [(page(world, f"{waiting.number}/"), 302)]
    assert "is in your care now" in taken.content.decode()
    again = marc.post(page(world, f"{waiting.number}/take/"))
    assert again.status_code == 302


def test_whom_a_colleague_treats_is_not_there_in_either_arm(
    world: World, marc: Client, marcs: Participant, waiting: Participant
) -> None:
    assignments.take(participant=waiting, by=people.actor(therapist(world, "Kim", "kinesiologist")))
    for qualification in ("athletic_therapist", "kinesiologist"):
        marc.force_login(therapist(world, qualification.title(), qualification))
        told = set()
        for number in (marcs.number, waiting.number, "MTL-000"):
            answer = marc.post(page(world, f"{number}/take/"))
            assert answer.status_code == 404
            html = answer.content.decode().replace(number, "")
            told.add(re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", html))
        assert len(told) == 1


def test_covered_participants_are_listed_with_the_last_day(world: World, marc: Client, marcs: Participant) -> None:
    substitute = therapist(world, "Anna")
    today = clock.today("America/Toronto")
    assignments.cover(
        participant=marcs, therapist=substitute, starts_on=today, ends_on=today + timedelta(days=4), by=world.marc
    )
    marc.force_login(substitute)
    assert "you cover until 6 March" in body(marc, page(world))
    clock.advance(timedelta(days=5))
    assert marcs.number not in body(marc, page(world))


def test_nobody_of_another_site_and_no_stratum_is_there(world: World, marc: Client, marcs: Participant) -> None:
    ready = world.ready()
    html = body(marc, page(world)).lower()
    assert "lsiq" not in html
    assert "stratum" not in html
    marc.force_login(elsewhere(world))
    html = body(marc, page(world))
    assert marcs.number not in html
    assert ready.number not in html
    assert "Nobody is in your care." in html


def test_another_participant_costs_no_further_query(
    world: World, marc: Client, in_arm: Callable[[str], Participant]
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            marc.get(page(world))
        return len(found)

    in_arm("RT")
    record(world, in_arm("MC+ILEX"))
    world.ready()
    count()
    before = count()
    in_arm("RT")
    record(world, in_arm("MC+ILEX"))
    world.ready()
    assert count() == before


def test_the_other_cases(world: World, marc: Client, marcs: Participant) -> None:
    assert Client().get(page(world)).status_code == 302
    assert marc.post(page(world)).status_code == 405
    assert marc.get(page(world, f"{marcs.number}/take/")).status_code == 405
    for name in ("elise", "amelie", "samuel", "ingrid"):
        marc.force_login(getattr(world.cast, name))
        assert marc.get(page(world)).status_code == 403
        assert marc.post(page(world, f"{marcs.number}/take/")).status_code == 403
        assert marc.post(page(world, "MTL-2222/take/")).status_code == 403
