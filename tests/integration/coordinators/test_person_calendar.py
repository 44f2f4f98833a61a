"""The calendar of one participant."""

import re

import pytest
from django.test import Client

from outcomes.models import Form
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World
from tests.integration.shared.test_calendar import SECRET, book
from tests.unit.outcomes.test_icalendar import unfolded

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["person_calendar", "person_calendar_file"])
def test_walls(world: World, name: str) -> None:
    check_walls(world, f"coordinators:{name}", number=world.consented().number)


def test_visits_and_appointments_in_order_with_windows_and_states(world: World, elise: Client) -> None:
    participant = world.randomized()
    booked = book(world, participant, "assessment", 3)
    world.submit(world.form(participant, "baseline", "nprs"))
    url = world.url("coordinators:person_calendar", number=participant.number)
    assert url in elise.get(world.url("record", number=participant.number)).content.decode()
    body = elise.get(url).content.decode()
    visits = Form.objects.filter(participant=participant).exclude(secrecy="unblinding").values("visit").distinct()
    assert body.count('<th scope="row">') == visits.count() + 1
    assert "Main reception" in body
    assert re.search(r"1 of \d+ forms are in", body)
    assert str(booked.get_state_display()) in body


def test_the_file_holds_what_comes_and_no_word_of_what_for(world: World, elise: Client) -> None:
    participant = world.randomized()
    book(world, participant, "assessment", 3)
    answer = elise.get(world.url("coordinators:person_calendar_file", number=participant.number))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = unfolded(answer.content)
    assert lines.count("BEGIN:VEVENT") > 10
    told = [line for line in lines if line.startswith(("SUMMARY", "DESCRIPTION", "LOCATION"))]
    assert len(told) > 20
    assert not [line for line in told if SECRET.search(line)]


def test_what_only_interviewers_know_is_not_there(world: World, elise: Client) -> None:
    participant = world.randomized()
    assert (
        "nterview"
        not in elise.get(world.url("coordinators:person_calendar", number=participant.number))
        .content.decode()
        .partition("<main")[2]
    )
