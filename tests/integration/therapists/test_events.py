"""Adverse events on the therapists' pages: reported between two patients, with the session; for nobody else."""

from typing import Any

import pytest
from django.test import Client

from participants.models import Participant
from safety.models import AdverseEvent
from tests.integration.therapists.conftest import elsewhere, page, record
from tests.unit.randomization_db.world import World

TYPED: dict[str, Any] = {
    "term": "strain",
    "onset_month": "3",
    "onset_year": "2026",
    "severity": "mild",
    "serious": "no",
    "action": "changed",
    "outcome": "ongoing",
    "found": "seen",
    "text": "Pulled at the MedX.",
}


def at(world: World, participant: Participant, rest: str = "") -> str:
    return page(world, f"{participant.number}/events/{rest}")


def test_it_is_reported_with_its_session_and_read_back(world: World, marc: Client, marcs: Participant) -> None:
    record(world, marcs)
    assert at(world, marcs) in marc.get(page(world, f"{marcs.number}/")).content.decode()
    answered = marc.post(at(world, marcs, "new/"), {**TYPED, "session": "1"}, follow=True)
    told = answered.content.decode()
    assert "Pulled at the MedX." in told
    assert "Session 1" in told
    assert AdverseEvent.objects.get().reports.get().text == ""


def test_bad_input_is_told_and_kept(world: World, marc: Client, marcs: Participant) -> None:
    answered = marc.post(at(world, marcs, "new/"), {**TYPED, "serious": "yes", "onset_year": "2027"})
    told = answered.content.decode()
    assert answered.status_code == 422
    assert "A serious event needs a reason." in told
    assert "This day lies ahead." in told
    assert "Pulled at the MedX." in told


def test_a_follow_up_is_added(world: World, marc: Client, marcs: Participant) -> None:
    marc.post(at(world, marcs, "new/"), TYPED)
    event = AdverseEvent.objects.get()
    more = {**TYPED, "outcome": "resolving", "text": "Better today."}
    assert "Better today." in marc.post(at(world, marcs, f"{event.pk}/"), more, follow=True).content.decode()
    event.refresh_from_db()
    assert event.outcome == "resolving"


def test_participants_of_others_are_not_there(world: World, marc: Client, waiting: Participant) -> None:
    for rest in ("", "new/"):
        assert marc.get(at(world, waiting, rest)).status_code == 404
    assert marc.post(at(world, waiting, "new/"), TYPED).status_code == 404


def test_an_event_of_somebody_else_is_not_there(
    world: World, marc: Client, marcs: Participant, waiting: Participant
) -> None:
    marc.post(at(world, marcs, "new/"), TYPED)
    event = AdverseEvent.objects.get()
    assert marc.get(at(world, waiting, f"{event.pk}/")).status_code == 404
    client = Client()
    client.force_login(elsewhere(world))
    assert client.get(at(world, marcs)).status_code == 404


@pytest.mark.parametrize("name", ["elise", "amelie", "helen", "leila"])
def test_other_roles_are_refused(world: World, marcs: Participant, name: str) -> None:
    client = Client()
    client.force_login(getattr(world.cast, name))
    assert client.get(at(world, marcs)).status_code == 403
    assert client.get(page(world, "MTL-0000/events/new/")).status_code == 403


def test_logged_out_and_wrong_method(world: World, marc: Client, marcs: Participant) -> None:
    assert Client().get(at(world, marcs)).status_code == 302
    assert marc.post(at(world, marcs)).status_code == 405


def test_blinded_people_read_the_codes_and_nothing_more(world: World, marc: Client, marcs: Participant) -> None:
    marc.post(at(world, marcs, "new/"), TYPED)
    client = Client()
    client.force_login(world.cast.helen)
    told = client.get(f"/t/{world.trial.code}/safety/{AdverseEvent.objects.get().pk}/").content.decode()
    assert "Strain or sprain" in told
    assert "somebody who may know arms" in told
    for secret in ("MedX", "Marc Roy", "Pulled", "10:00"):
        assert secret not in told
