"""Adverse events for those who may know arms and treat nobody: reported by number, texts read, a second opinion."""

import pytest
from django.test import Client

from participants.models import Participant
from safety.models import AdverseEvent, IncidentalFinding
from tests.integration.therapists.conftest import in_arm, marcs
from tests.integration.therapists.test_events import TYPED
from tests.unit.randomization_db.world import World
from tests.unit.safety.facts import facts
from tests.unit.therapy.conftest import world
from therapy.actions import events

__all__ = ["in_arm", "marcs", "world"]


def at(world: World, rest: str) -> str:
    return f"/t/{world.trial.code}/unblinded/events/{rest}"


@pytest.fixture
def event(world: World, marcs: Participant) -> AdverseEvent:
    return events.report(participant=marcs, facts=facts(), text="Pulled at the MedX.", by=world.marc).event


def browser(world: World, name: str) -> Client:
    client = Client()
    client.force_login(getattr(world.cast, name))
    return client


@pytest.mark.parametrize("name", ["leila", "ingrid"])
def test_it_is_reported_by_number(world: World, marcs: Participant, name: str) -> None:
    client = browser(world, name)
    assert "Study number" in client.get(at(world, "new/")).content.decode()
    assert client.get(at(world, "new/"), {"person": marcs.number}).status_code == 200
    assert client.get(at(world, "new/"), {"person": "MTL-0000"}).status_code == 422
    assert client.post(at(world, "new/"), {**TYPED, "person": marcs.number, "serious": "yes"}).status_code == 422
    told = client.post(at(world, "new/"), {**TYPED, "person": marcs.number}, follow=True).content.decode()
    assert "The event is reported." in told
    assert AdverseEvent.objects.get().reported_by == ""


def test_the_safety_physician_reads_texts_and_gives_an_opinion(world: World, event: AdverseEvent) -> None:
    leila = browser(world, "leila")
    assert at(world, f"{event.pk}/") in leila.get(f"/t/{world.trial.code}/safety/{event.pk}/").content.decode()
    page = leila.get(at(world, f"{event.pk}/")).content.decode()
    assert "Pulled at the MedX." in page
    assert "Marc Roy" in page
    opinion = {"intervention": "probable", "procedures": "unrelated"}
    assert leila.post(at(world, f"{event.pk}/"), opinion).status_code == 422
    page = leila.post(at(world, f"{event.pk}/"), {**opinion, "text": "Load too high."}, follow=True).content.decode()
    assert "Load too high." in page


def test_the_safety_physician_follows_up(world: World, event: AdverseEvent) -> None:
    url = at(world, f"{event.pk}/follow-up/")
    typed = {**TYPED, "severity": "severe", "text": "Seen in hospital."}
    assert "Seen in hospital." in browser(world, "leila").post(url, typed, follow=True).content.decode()
    event.refresh_from_db()
    assert event.severity == "severe"


@pytest.mark.parametrize("name", ["elise", "amelie", "helen", "marc", "ingrid", "samuel"])
def test_other_roles_are_refused_alike(world: World, event: AdverseEvent, name: str) -> None:
    client = browser(world, name)
    for rest in (f"{event.pk}/", "00000000-0000-4000-8000-000000000000/"):
        assert client.get(at(world, rest)).status_code == 403


@pytest.mark.parametrize("name", ["leila", "ingrid"])
def test_short_forms_are_recorded_by_number_without_a_name(world: World, marcs: Participant, name: str) -> None:
    client, url = browser(world, name), at(world, "new/")
    known = {"person": marcs.number, "what": "finding"}
    assert "Record an incidental finding" in client.get(url, known).content.decode()
    assert client.post(url, known).status_code == 422
    day = {"day_day": "2", "day_month": "3", "day_year": "2026"}
    typed = {**known, "number": "1", "step": "found", "urgent": "yes", **day}
    assert "It is recorded." in client.post(url, typed, follow=True).content.decode()
    held = IncidentalFinding.objects.get()
    assert (held.participant_id, held.number, held.recorded_by) == (marcs.pk, 1, "")
