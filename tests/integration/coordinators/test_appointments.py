"""Booking, moving, cancelling and closing appointments."""

from datetime import timedelta

import pytest
from django.test import Client

from audit.models import Entry
from core import clock
from participants.models import Appointment, Participant
from tests.integration.coordinators.typed import moment
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db


def typed(days: float = 3, **changes: str) -> dict[str, str]:
    when = moment("starts_at", "time", clock.now() + timedelta(days=days))
    return {"purpose": "assessment", "place": "reception", "minutes": "", "person": "", **when, **changes}


def booked(world: World, days: float = 3) -> Appointment:
    return world.book(world.eligible(), starts_at=clock.now() + timedelta(days=days))


def url(world: World, appointment: Appointment, name: str = "appointment") -> str:
    number = appointment.participant.number
    return world.url(f"coordinators:{name}", number=number, appointment=appointment.pk)


def new(world: World, participant: Participant) -> str:
    return world.url("coordinators:appointment_new", number=participant.number)


def test_walls_of_booking(world: World) -> None:
    check_walls(world, "coordinators:appointment_new", number=world.eligible().number)


@pytest.mark.parametrize("name", ["appointment", "appointment_move", "appointment_cancel"])
def test_walls_of_one(world: World, name: str) -> None:
    held = booked(world)
    check_walls(world, f"coordinators:{name}", number=held.participant.number, appointment=held.pk)


@pytest.mark.parametrize("name", ["appointment_kept", "appointment_no_show"])
def test_walls_of_closing(world: World, name: str) -> None:
    held = booked(world)
    number = held.participant.number
    check_walls(world, f"coordinators:{name}", "post", number=number, appointment=held.pk)
    assert world.browser("elise").get(url(world, held, name)).status_code == 405


def test_another_participants_appointment_is_not_here(world: World, elise: Client) -> None:
    held, other = booked(world), world.eligible()
    wrong = world.url("coordinators:appointment", number=other.number, appointment=held.pk)
    assert elise.get(wrong).status_code == 404


def test_booked_for_as_long_as_the_protocol_says(world: World, elise: Client) -> None:
    participant = world.eligible()
    assert elise.post(new(world, participant), typed()).status_code == 302
    held = Appointment.objects.get()
    assert held.minutes == 120
    assert held.starts_at == (clock.now() + timedelta(days=3)).replace(second=0, microsecond=0)


def test_a_first_session_plans_what_counts_from_it(world: World, elise: Client) -> None:
    participant = world.consented()
    elise.post(new(world, participant), typed(purpose="session"))
    assert participant.milestones.filter(kind="first_session_booked").exists()
    again = elise.post(new(world, participant), typed(4, purpose="session"))
    assert again.status_code == 409


def test_no_therapist_is_offered(world: World, elise: Client) -> None:
    body = elise.get(new(world, world.eligible())).content.decode()
    assert "Marc Roy" not in body
    assert "Amélie Gagnon" in body


@pytest.mark.parametrize(
    "changes",
    [{"time": "25:00"}, {"starts_at_month": "nonsense"}, {"place": "imaging"}, {"minutes": "0"}, {"purpose": ""}],
)
def test_impossible_bookings(world: World, elise: Client, changes: dict[str, str]) -> None:
    response = elise.post(new(world, world.eligible()), typed(**changes))
    assert response.status_code == 422
    assert not Appointment.objects.exists()


def test_the_past_is_refused(world: World, elise: Client) -> None:
    assert elise.post(new(world, world.eligible()), typed(-1)).status_code == 422


def test_an_overlap_is_asked_about(world: World, elise: Client) -> None:
    held = booked(world)
    asked = elise.post(new(world, held.participant), typed())
    assert asked.status_code == 409
    assert "Both appointments are meant" in asked.content.decode()
    both = typed(both_meant_asked="1", both_meant="on")
    assert elise.post(new(world, held.participant), both).status_code == 302


def test_moved_with_what_is_held_filled_in(world: World, elise: Client) -> None:
    held = booked(world)
    body = elise.get(url(world, held, "appointment_move")).content.decode()
    assert 'value="120"' in body
    unexplained = elise.post(url(world, held, "appointment_move"), {**typed(5), "revision": str(held.revision)})
    assert unexplained.status_code == 422
    changes = {**typed(5, minutes="60", reason_code="illness"), "revision": str(held.revision)}
    assert elise.post(url(world, held, "appointment_move"), changes).status_code == 302
    held.refresh_from_db()
    assert held.minutes == 60
    assert Entry.objects.get(verb="appointment.move").facts == {"why": "illness"}


def test_two_people_moving_it_the_second_is_told(world: World, elise: Client) -> None:
    held = booked(world)
    seen = str(held.revision)
    elise.post(url(world, held, "appointment_move"), {**typed(5, reason_code="staff"), "revision": seen})
    second = elise.post(
        url(world, held, "appointment_move"), {**typed(6, minutes="45", reason_code="staff"), "revision": seen}
    )
    assert second.status_code == 409
    assert 'value="45"' in second.content.decode()


def test_cancelled_with_a_reason_once(world: World, elise: Client) -> None:
    held = booked(world)
    assert elise.post(url(world, held, "appointment_cancel"), {}).status_code == 422
    assert elise.post(url(world, held, "appointment_cancel"), {"reason_code": "illness"}).status_code == 302
    assert elise.post(url(world, held, "appointment_cancel"), {"reason_code": "illness"}).status_code == 409
    held.refresh_from_db()
    assert held.cancel_reason == "illness"


def test_closed_once_it_has_begun(world: World, elise: Client) -> None:
    first, second = booked(world), booked(world)
    assert elise.post(url(world, first, "appointment_kept")).status_code == 409
    clock.advance(timedelta(days=3, hours=1))
    assert "The participant came" in elise.get(url(world, first)).content.decode()
    elise.post(url(world, first, "appointment_kept"))
    elise.post(url(world, second, "appointment_no_show"))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("kept", "no_show")
    assert "Move" not in elise.get(url(world, first)).content.decode().partition("<main")[2]
