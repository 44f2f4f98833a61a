"""One participant in care: grid, last sessions, handing over with a reason, cover on dated days."""

from datetime import timedelta

from django.test import Client

from core import clock
from participants.actions import withdrawal
from participants.models import Participant
from tests.integration.therapists.conftest import page, record, therapist
from tests.trail import content
from tests.unit.randomization_db.world import World


def days(first: str, last: str) -> dict[str, str]:
    names = {"starts_on": first, "ends_on": last}
    parts = {name: dict(zip(("year", "month", "day"), day.split("-"), strict=True)) for name, day in names.items()}
    return {f"{name}_{part}": value for name, each in parts.items() for part, value in each.items()}


def test_the_grid_the_last_sessions_and_the_next_one(world: World, marc: Client, marcs: Participant) -> None:
    record(world, marcs, pain_before=4, pain_after=3)
    record(world, marcs, 2, status="cancelled", reason_code="staff", exercises=())
    html = marc.get(page(world, f"{marcs.number}/")).content.decode()
    assert html.count("<li") >= 48
    assert "Session 1: done" in html
    assert "Session 48: planned" in html
    assert "pain 4 before, 3 after" in html
    assert "Cancelled by the clinic: Staff not available" in html
    assert f'class="btn" href="{page(world, f"{marcs.number}/sessions/3/")}"' in html
    assert "LSIQ" not in html.upper()


def test_handing_over_needs_a_reason_and_a_qualified_colleague(world: World, marc: Client, marcs: Participant) -> None:
    address = page(world, f"{marcs.number}/hand-over/")
    assert "Nobody else delivers this programme here." in marc.get(address).content.decode()
    anna = therapist(world, "Anna")
    html = marc.get(address).content.decode()
    assert "Anna" in html
    assert "Priya" not in html
    refused = marc.post(address, {"therapist": str(anna.pk), "reason": ""})
    assert refused.status_code == 422
    assert f'value="{anna.pk}"' in refused.content.decode()
    wrong = marc.post(address, {"therapist": str(world.cast.priya.pk), "reason": "Going on leave"})
    assert wrong.status_code == 422
    done = marc.post(address, {"therapist": str(anna.pk), "reason": "Changes clinic"}, follow=True)
    assert "is in the care of Anna now" in done.content.decode()
    assert content(verb="assignment.hand_over").reason == "Changes clinic"
    assert marc.get(page(world, f"{marcs.number}/")).status_code == 404
    assert marc.post(address, {"therapist": str(anna.pk), "reason": "Again"}).status_code == 404
    marc.force_login(anna)
    assert marc.get(page(world, f"{marcs.number}/")).status_code == 200


def test_cover_is_dated_and_ends_by_itself(world: World, marc: Client, marcs: Participant) -> None:
    anna = therapist(world, "Anna")
    address = page(world, f"{marcs.number}/cover/")
    backwards = marc.post(address, {"therapist": str(anna.pk), **days("2026-03-10", "2026-03-04")})
    assert backwards.status_code == 422
    assert "The last day is before the first." in backwards.content.decode()
    assert 'value="2026"' in backwards.content.decode()
    data = {"therapist": str(anna.pk), **days("2026-03-04", "2026-03-10")}
    done = marc.post(address, data, follow=True)
    assert "Anna, 4 March 2026 to 10 March 2026" in done.content.decode()
    assert marc.post(address, data).status_code == 409
    marc.force_login(anna)
    there = page(world, f"{marcs.number}/")
    assert marc.get(there).status_code == 404
    clock.advance(timedelta(days=3))
    marc.force_login(anna)
    html = marc.get(there).content.decode()
    assert "Hand over" not in html
    for rest in ("hand-over/", "cover/"):
        assert marc.get(f"{there}{rest}").status_code == 404
    clock.advance(timedelta(days=6))
    marc.force_login(anna)
    assert marc.get(there).status_code == 404


def test_who_left_the_sessions_has_no_next_one(world: World, marc: Client, marcs: Participant) -> None:
    day = clock.today("America/Toronto")
    withdrawal.withdraw(participant=marcs, scopes=["intervention"], reason_code="time", day=day, by=world.elise)
    html = marc.get(page(world, f"{marcs.number}/")).content.decode()
    assert "This participant left the sessions." in html
    assert "Log session" not in html
    assert "left the sessions" in marc.get(page(world)).content.decode()


def test_the_other_cases(world: World, marc: Client, marcs: Participant, waiting: Participant) -> None:
    for rest in ("", "hand-over/", "cover/"):
        there, nowhere = page(world, f"{marcs.number}/{rest}"), page(world, f"MTL-2222/{rest}")
        assert marc.get(there).status_code == 200
        assert marc.get(nowhere).status_code == 404
        assert marc.get(page(world, f"{waiting.number}/{rest}")).status_code == 404
        assert marc.put(there).status_code == 405
        assert Client().get(there).status_code == 302
        for name in ("elise", "amelie", "samuel"):
            stranger = Client()
            stranger.force_login(getattr(world.cast, name))
            assert {stranger.get(each).status_code for each in (there, nowhere)} == {403}
        colleague = Client()
        colleague.force_login(world.cast.priya)
        assert colleague.get(there).status_code == 404
