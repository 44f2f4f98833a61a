"""Contact details."""

import pytest
from django.test import Client

from audit.models import Entry
from participants.models import Participant
from participants.queries import contact_of
from tests import cast as people
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Camille Bouchard",
    "email": "camille@example.org",
    "phone": "",
    "address": "",
    "preferred_channel": "",
}


def url(world: World, participant: Participant) -> str:
    return world.url("coordinators:contact", number=participant.number)


def test_walls(world: World) -> None:
    check_walls(world, "coordinators:contact", number=world.eligible().number)


def test_saved_and_read_with_a_note_in_the_trail(world: World, elise: Client) -> None:
    participant = world.eligible(contact=None)
    assert elise.post(url(world, participant), TYPED).status_code == 302
    body = elise.get(url(world, participant)).content.decode()
    assert "camille@example.org" in body
    assert Entry.objects.filter(verb="contact.read", subject_id=str(participant.pk)).exists()


def test_only_what_changed_is_saved(world: World, elise: Client) -> None:
    participant = world.eligible(contact={"name": "A B", "email": "a@example.org", "phone": "5145550199"})
    elise.post(url(world, participant), {**TYPED, "name": "A B", "email": "a@example.org", "phone": ""})
    details = contact_of(participant, world.coordinator)
    assert details.name == "A B"
    assert details.phone is None


def test_a_mistyped_address_and_no_way_to_reach(world: World, elise: Client) -> None:
    participant = world.eligible(contact=None)
    wrong = elise.post(url(world, participant), {**TYPED, "email": "camille"})
    assert wrong.status_code == 422
    assert "such as name@example.org" in wrong.content.decode()
    assert 'value="Camille Bouchard"' in wrong.content.decode()
    assert elise.post(url(world, participant), {**TYPED, "email": ""}).status_code == 422


def test_the_same_person_is_warned_of_and_confirmed_with_a_reason(world: World, elise: Client) -> None:
    known = world.eligible(contact=people.person(1))
    participant = world.eligible(contact=None)
    typed = {**TYPED, "email": people.person(1)["email"]}
    warned = elise.post(url(world, participant), typed)
    body = warned.content.decode()
    assert warned.status_code == 409
    assert known.number in body
    assert "This is another person" in body
    asked = {**typed, "another_person_asked": "1", "another_person": "on"}
    assert elise.post(url(world, participant), {**asked, "reason": ""}).status_code == 422
    assert elise.post(url(world, participant), {**asked, "reason": "Her sister"}).status_code == 302


def test_the_question_is_not_there_unasked(world: World, elise: Client) -> None:
    assert "This is another person" not in elise.get(url(world, world.eligible())).content.decode()
