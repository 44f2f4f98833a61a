"""Randomizing at the first session: reconfirmed, read back, once; the same receipt however often it is pressed."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from participants.models import Decision, Participant
from randomization.blindfold import Purpose, unblinded
from randomization.models import Allocation
from tests import cast as people
from tests.integration.therapists.conftest import elsewhere, page, therapist
from tests.unit.randomization_db.world import World
from therapy.actions import assignments

ANSWERS = {f"q-{name}": "no" for name in people.ELIGIBLE_LATER["randomization"]}


def allocations(world: World) -> int:
    with unblinded(by=world.samuel, trial=world.trial, purpose=Purpose.SEQUENCE):
        return Allocation.objects.count()


def seen(client: Client, address: str) -> dict[str, str]:
    found = re.search(r'name="seen" value="(\d+)"', client.get(address).content.decode())
    assert found
    return {"seen": found[1]}


@pytest.fixture
def first(world: World, monkeypatch: pytest.MonkeyPatch) -> Participant:
    """Somebody at the first session whose eligibility is still to be reconfirmed."""
    decide = people.decide
    monkeypatch.setattr(people, "decide", lambda who, stage: stage == "randomization" or decide(who, stage))
    return world.ready()


def test_eligibility_is_reconfirmed_then_read_back_then_randomized(
    world: World, marc: Client, first: Participant
) -> None:
    address = page(world, f"randomize/{first.number}/")
    asked = marc.get(address, follow=True)
    assert asked.redirect_chain == [(f"{address}eligibility/", 302)]
    assert not re.search(r"<input[^>]* checked", asked.content.decode())
    shown = marc.post(f"{address}eligibility/", ANSWERS, follow=True)
    assert shown.redirect_chain == [(address, 302)]
    html = shown.content.decode()
    for words in ("Consent is in force.", "Eligible at every stage.", "Monday 2 March 2026, 10:00", "Marc Roy"):
        assert words in html
    result = marc.post(address, seen(marc, address), follow=True)
    assert result.redirect_chain == [(f"{address}result/", 302)]
    html = result.content.decode()
    assert first.number in html
    assert ("Targeted exercise programme" in html) != ("General exercise programme" in html)
    assert allocations(world) == 1


def test_unanswered_criteria_are_asked_for(world: World, marc: Client, first: Participant) -> None:
    address = page(world, f"randomize/{first.number}/eligibility/")
    answer = marc.post(address, {**ANSWERS, "q-radiculopathy": ""})
    assert answer.status_code == 422
    assert "Answer this question" in answer.content.decode()
    assert not Decision.objects.filter(participant=first, stage="randomization").exists()


def test_who_is_no_longer_eligible_is_not_randomized(world: World, marc: Client, first: Participant) -> None:
    address = page(world, f"randomize/{first.number}/")
    told = marc.post(f"{address}eligibility/", {**ANSWERS, "q-radiculopathy": "yes"}, follow=True)
    html = told.content.decode()
    assert "Not eligible, so not randomized" in html
    assert "Randomize " + first.number + " now" not in html
    first.refresh_from_db()
    assert marc.post(address, {"seen": first.revision}).status_code == 422
    assert allocations(world) == 0


def test_what_does_not_hold_is_said_and_there_is_no_button(world: World, marc: Client) -> None:
    participant = world.baseline()
    world.book(participant, days=3)
    html = marc.get(page(world, f"randomize/{participant.number}/")).content.decode()
    assert "Randomize on that day, not before." in html
    assert 'name="seen"' not in html
    refused = marc.post(page(world, f"randomize/{participant.number}/"), {"seen": participant.revision})
    assert refused.status_code == 422
    assert allocations(world) == 0


def test_a_second_press_a_reload_and_a_second_tab_give_the_same_receipt(world: World, marc: Client) -> None:
    address = page(world, f"randomize/{world.ready().number}/")
    data = seen(marc, address)
    first = marc.post(address, data, follow=True).content.decode()
    clock.advance(timedelta(minutes=7))
    second = marc.post(address, data, follow=True)
    reload = marc.get(address, follow=True)
    for again in (second, reload):
        assert again.redirect_chain[-1] == (f"{address}result/", 302)
        assert "Monday 2 March 2026, 10:00" in again.content.decode()
    assert "Monday 2 March 2026, 10:00" in first
    assert allocations(world) == 1


def test_another_therapist_with_the_page_still_open_is_told(world: World, marc: Client) -> None:
    participant = world.ready()
    address = page(world, f"randomize/{participant.number}/")
    other = Client()
    other.force_login(world.cast.priya)
    theirs = seen(other, address)
    marc.post(address, seen(marc, address))
    told = other.post(address, theirs)
    assert told.status_code == 409
    assert "randomized already. Nothing was changed." in told.content.decode()
    assert other.get(address).status_code == 404
    assert other.get(f"{address}result/").status_code == 404
    assert allocations(world) == 1


def test_somebody_changed_meanwhile_is_read_back_again(world: World, marc: Client) -> None:
    participant = world.ready()
    address = page(world, f"randomize/{participant.number}/")
    stale = marc.post(address, {"seen": participant.revision - 1})
    assert stale.status_code == 409
    assert allocations(world) == 0


def test_who_is_qualified_treats_and_who_is_not_hands_on(
    world: World, marc: Client, marcs: Participant, waiting: Participant
) -> None:
    mine = marc.get(page(world, f"randomize/{marcs.number}/result/")).content.decode()
    assert "You treat this participant." in mine
    assert page(world, f"{marcs.number}/") in mine
    theirs = marc.get(page(world, f"randomize/{waiting.number}/result/")).content.decode()
    assert "waits for a therapist who does: " in theirs
    assert "General exercise programme" in theirs
    assert marc.get(page(world, f"{waiting.number}/")).status_code == 404


def shows_arm(client: Client, world: World, participant: Participant) -> bool:
    answer = client.get(page(world, f"randomize/{participant.number}/result/"))
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Monday 2 March 2026, 10:00" in html  # the receipt
    return "Targeted exercise programme" in html or "General exercise programme" in html


def test_who_hands_on_knows_the_arm_until_somebody_treats(world: World, marc: Client, waiting: Participant) -> None:
    assert shows_arm(marc, world, waiting)
    assignments.take(participant=waiting, by=world.priya)
    assert not shows_arm(marc, world, waiting)


def test_who_hands_on_knows_the_arm_for_an_hour(world: World, marc: Client, waiting: Participant) -> None:
    clock.advance(timedelta(minutes=59))
    assert shows_arm(marc, world, waiting)
    clock.advance(timedelta(minutes=2))
    assert not shows_arm(marc, world, waiting)


def test_who_treats_knows_the_arm_until_handed_over(world: World, marc: Client, marcs: Participant) -> None:
    clock.advance(timedelta(days=3))
    assert shows_arm(marc, world, marcs)
    anna = therapist(world, "Anna")
    assignments.hand_over(participant=marcs, to=anna, reason="Leave", by=world.marc)
    assert not shows_arm(marc, world, marcs)


def test_no_page_names_the_stratum(world: World, marc: Client, marcs: Participant) -> None:
    ready = world.ready()
    for rest in (f"randomize/{ready.number}/", f"randomize/{ready.number}/eligibility/"):
        assert "LSIQ" not in marc.get(page(world, rest)).content.decode().upper()
    html = marc.get(page(world, f"randomize/{marcs.number}/result/")).content.decode().upper()
    assert "LSIQ" not in html
    assert "STRATUM" not in html


def test_deciding_again_needs_a_reason(world: World, marc: Client) -> None:
    address = page(world, f"randomize/{world.ready().number}/eligibility/")
    refused = marc.post(address, ANSWERS)
    assert refused.status_code == 422
    assert marc.post(address, {**ANSWERS, "reason": "Asked again at the session"}).status_code == 302


def test_before_the_first_session_is_booked_nobody_is_there(world: World, marc: Client) -> None:
    participant = world.baseline()
    for rest in ("", "eligibility/", "result/"):
        assert marc.get(page(world, f"randomize/{participant.number}/{rest}")).status_code == 404


def test_the_other_cases(world: World, marc: Client) -> None:
    number = world.ready().number
    for rest in ("", "eligibility/", "result/"):
        there, nowhere = (page(world, f"randomize/{each}/{rest}") for each in (number, "MTL-2222"))
        assert marc.get(nowhere).status_code == 404
        assert marc.put(there).status_code == 405
        assert Client().get(there).status_code == 302
        for name in ("elise", "amelie", "samuel"):
            stranger = Client()
            stranger.force_login(getattr(world.cast, name))
            assert {stranger.get(each).status_code for each in (there, nowhere)} == {403}
    abroad = Client()
    abroad.force_login(elsewhere(world))
    assert abroad.get(page(world, f"randomize/{number}/")).status_code == 404
    assert abroad.post(page(world, f"randomize/{number}/"), {"seen": 1}).status_code == 404
    colleague = Client()
    colleague.force_login(therapist(world, "Anna"))
    assert colleague.get(page(world, f"randomize/{number}/")).status_code == 200
