"""The calendar: its page, the link for a program, a participant's own appointment."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role
from audit.models import Entry
from core import clock
from core.problems import Conflict
from outcomes.actions import enrolment
from participants.actions import contacts, unblinding
from participants.models import Appointment, Participant
from reminders.appointment_links import signed
from tests import cast as people
from tests.integration.coordinators.walls import check_refused, check_walls
from tests.integration.coordinators.world import World
from tests.unit.outcomes.test_icalendar import unfolded
from trials.actions import calendar_links, memberships
from trials.models import CalendarLink

SECRET = re.compile(
    r"pain|back|mri|imaging|exercise|session|assess|arm|therap|muscle|resistance|RT\b|GT\b|Bouchard", re.IGNORECASE
)
"""Words of health, of arms and of people, which no calendar outside this system holds."""


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.moved_to(people.MONDAY - timedelta(days=60)):
        world = World.build()
        clock.advance(timedelta(days=60))
        yield world


def book(world: World, participant: Participant, purpose: str, days: int, **more: Any) -> Appointment:
    place = {"mri": "imaging", "interview": "video"}.get(purpose, "reception")
    return enrolment.book_appointment(
        participant=participant,
        purpose=purpose,
        starts_at=clock.now() + timedelta(days=days),
        place=place,
        by=world.coordinator,
        **more,
    )


def feed(world: World, who: str) -> list[str]:
    """What a program reads, as lines; the calendar's own name left out."""
    token = calendar_links.issue(trial=world.trial, by=people.actor(getattr(world.cast, who)))
    answer = Client().get(f"/calendar/{token}.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    return [line for line in unfolded(answer.content) if not line.startswith("X-WR-CALNAME")]


def test_walls(world: World) -> None:
    check_walls(world, "calendar")
    booked = book(world, world.consented(), "assessment", 3)
    number = booked.participant.number
    url = world.url("appointment_file", number=number, appointment=booked.pk)
    assert Client().get(url).status_code == 302
    check_refused(world, "marc", url)
    check_refused(world, "amelie", url)
    elsewhere = world.url("appointment_file", number=world.elsewhere().number, appointment=booked.pk)
    assert world.browser("elise").get(elsewhere).status_code == 404


def test_the_page_shows_who_is_expected_and_what_is_planned(world: World) -> None:
    participant = world.consented()
    book(world, participant, "assessment", 3)
    page = world.browser("elise").get(world.url("calendar")).content.decode()
    assert "Thursday 5 March 2026, 10:00 EST" in page
    assert "Main reception" in page
    assert f"/participants/{participant.number}/" in page
    assert "Baseline" in page


def test_a_link_is_shown_once_and_read_without_a_login(world: World) -> None:
    book(world, world.consented(), "assessment", 3)
    elise = world.browser("elise")
    made = elise.post(world.url("calendar"), {"do": "link"}).content.decode()
    address = re.findall(r"http://testserver(/calendar/[\w-]{43}\.ics)", made)
    assert len(address) == 1
    assert "/calendar/" not in elise.get(world.url("calendar")).content.decode().replace(world.url("calendar"), "")
    assert b"BEGIN:VEVENT" in Client().get(address[0]).content
    assert address[0][10:-4] not in str(CalendarLink.objects.values())
    assert Entry.objects.filter(verb="calendar_link.issue").count() == 1


def test_a_program_learns_number_time_and_place_and_nothing_else(world: World) -> None:
    participant = world.consented()
    booked = book(world, participant, "mri", 3)
    lines = feed(world, "elise")
    assert f"UID:{booked.pk}@testserver" in lines
    assert f"SUMMARY:{participant.number}\\, appointment" in lines
    assert "DTSTART:20260305T150000Z" in lines
    told = "\n".join(line for line in lines if line.startswith(("SUMMARY", "DESCRIPTION", "CATEGORIES")))
    assert not SECRET.search(told.replace(participant.number, ""))


def test_a_moved_appointment_keeps_its_key_and_counts_the_change(world: World) -> None:
    booked = book(world, world.consented(), "assessment", 3)
    before = feed(world, "elise")
    enrolment.move_appointment(
        appointment=booked,
        starts_at=booked.starts_at + timedelta(days=1),
        reason_code="participant",
        by=world.coordinator,
    )
    after = feed(world, "elise")
    assert f"UID:{booked.pk}@testserver" in before
    assert f"UID:{booked.pk}@testserver" in after
    assert "DTSTART:20260306T150000Z" in after
    assert "SEQUENCE:1" in before
    assert "SEQUENCE:2" in after


def test_what_is_cancelled_or_long_over_is_gone(world: World) -> None:
    booked = book(world, world.consented(), "assessment", 3)
    enrolment.cancel_appointment(appointment=booked, reason_code="illness", by=world.coordinator)
    assert f"UID:{booked.pk}@testserver" not in feed(world, "elise")
    later = book(world, world.consented(), "assessment", 3)
    clock.advance(timedelta(days=20))
    assert f"UID:{later.pk}@testserver" not in feed(world, "elise")


def test_the_assessor_reads_visits_to_measure_and_their_own_appointments_only(world: World) -> None:
    participant, other = world.consented(), world.consented()
    own = book(world, participant, "assessment", 3, person=world.cast.amelie)
    foreign = book(world, other, "interview", 4)
    first = book(world, other, "session", 5)
    lines = feed(world, "amelie")
    assert f"UID:{own.pk}@testserver" in lines
    assert not {f"UID:{foreign.pk}@testserver", f"UID:{first.pk}@testserver"} & set(lines)
    assert f"SUMMARY:{participant.number}\\, visit" in lines
    assert any(line.startswith("DESCRIPTION:closes") or line.startswith("DESCRIPTION:opens") for line in lines)


def test_who_may_know_the_arm_reads_no_visit_to_measure_blind(world: World) -> None:
    participant = world.randomized()
    unblinding.record(participant=participant, how="participant", by=people.actor(world.cast.amelie))
    assert not any(participant.number in line for line in feed(world, "amelie"))


def test_a_link_ends_with_a_new_one_when_switched_off_with_the_role_and_after_a_year(world: World) -> None:
    by = world.coordinator
    old = calendar_links.issue(trial=world.trial, by=by)
    new = calendar_links.issue(trial=world.trial, by=by)
    status = {token: Client().get(f"/calendar/{token}.ics").status_code for token in (old, new, "x" * 43)}
    assert list(status.values()) == [404, 200, 404]
    world.browser("elise").post(world.url("calendar"), {"do": "off"})
    assert Client().get(f"/calendar/{new}.ics").status_code == 404
    with pytest.raises(Conflict):
        calendar_links.revoke(trial=world.trial, by=by)
    last = calendar_links.issue(trial=world.trial, by=by)
    clock.advance(timedelta(days=365))
    assert Client().get(f"/calendar/{last}.ics").status_code == 404


def test_a_role_that_ended_takes_its_entries_along(world: World) -> None:
    user = User.objects.create_user("new@example.org", "New")
    manager = people.actor(world.cast.noor)
    held = memberships.grant(user=user, trial=world.trial, role=Role.COORDINATOR, by=manager, site=world.site)
    book(world, world.consented(), "assessment", 3)
    token = calendar_links.issue(trial=world.trial, by=people.actor(user))
    assert b"BEGIN:VEVENT" in Client().get(f"/calendar/{token}.ics").content
    memberships.end(membership=held, reason="Left the study.", by=manager)
    assert b"BEGIN:VEVENT" not in Client().get(f"/calendar/{token}.ics").content


def test_another_sites_people_are_not_in_it(world: World) -> None:
    elsewhere = world.elsewhere()
    assert not any(elsewhere.number in line for line in feed(world, "elise"))


def test_as_many_queries_for_many_people_as_for_few(world: World) -> None:
    token = calendar_links.issue(trial=world.trial, by=world.coordinator)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            Client().get(f"/calendar/{token}.ics")
        return len(found)

    book(world, world.consented(), "assessment", 3)
    few = asked()
    for day in range(4, 9):
        book(world, world.consented(), "assessment", day)
    assert asked() == few


def test_a_participants_own_appointment_names_neither_them_nor_the_trial(world: World) -> None:
    booked = book(world, world.consented(), "assessment", 3)
    page = world.browser("elise").get(
        world.url("coordinators:appointment", number=booked.participant.number, appointment=booked.pk)
    )
    address = re.findall(r"https?://[^/\s]+(/calendar/appointments/\S+?\.ics)", page.content.decode())[0]
    assert booked.participant.number not in address
    content = Client().get(address).content.decode()
    assert "SUMMARY:Appointment" in content
    assert "LOCATION:Main reception" in content
    assert "DTSTART:20260305T150000Z" in content
    assert booked.participant.number not in content
    assert world.code not in content
    handed = world.browser("elise").get(
        world.url("appointment_file", number=booked.participant.number, appointment=booked.pk)
    )
    assert handed.content.decode() == content


def test_it_speaks_the_participants_language_not_that_of_the_browser(world: World) -> None:
    french, english = world.consented(language="fr"), world.consented()
    told = [
        Client(headers={"accept-language": "fr"}).get(f"/calendar/appointments/{signed(booked)}.ics").content.decode()
        for booked in (book(world, french, "assessment", 3), book(world, english, "assessment", 4))
    ]
    assert "SUMMARY:Rendez-vous" in told[0]
    assert "LOCATION:Accueil principal" in told[0]
    assert "SUMMARY:Appointment" in told[1]


def test_a_changed_address_opens_nothing_and_a_past_one_says_why(world: World) -> None:
    booked = book(world, world.consented(), "assessment", 3)
    good = f"/calendar/appointments/{signed(booked)}.ics"
    assert Client().get(good.replace("~", "~x")).status_code == 404
    clock.advance(timedelta(days=4))
    gone = Client().get(good)
    assert gone.status_code == 404
    assert "This appointment is over or was cancelled." in gone.content.decode()


def test_the_link_dies_with_the_address_it_was_sent_to(world: World) -> None:
    participant = world.consented(contact=people.person(6))
    url = f"/calendar/appointments/{signed(book(world, participant, 'assessment', 3))}.ics"
    assert Client().get(url).status_code == 200
    contacts.save(
        participant=participant, contact={"email": "other@example.org"}, by=world.coordinator, reason="Misspelt"
    )
    gone = Client().get(url)
    assert gone.status_code == 404
    assert "This link does not work." in gone.content.decode()
