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


def test_a_changed_address_says_what_became_of_links(world: World, elise: Client) -> None:
    participant = world.eligible(contact={"name": "A B", "email": "a@example.org"})
    named = elise.post(url(world, participant), {**TYPED, "name": "C D", "email": "a@example.org"}, follow=True)
    assert "Links sent before" not in named.content.decode()
    moved = elise.post(url(world, participant), {**TYPED, "name": "C D", "email": "b@example.org"}, follow=True)
    assert "Links sent before do not open any more." in moved.content.decode()


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


def revision_on(body: str) -> str:
    return body.partition('name="revision" value="')[2].partition('"')[0]


def test_of_two_people_at_once_the_second_is_told_and_loses_nothing(world: World, elise: Client) -> None:
    participant = world.eligible(contact={"name": "A B", "email": "a@example.org", "phone": "5145550199"})
    seen = revision_on(elise.get(url(world, participant)).content.decode())
    colleague = {**TYPED, "name": "A B", "email": "a@example.org", "phone": "5145550111"}
    assert elise.post(url(world, participant), {**colleague, "revision": seen}).status_code == 302
    mine = {**TYPED, "name": "A B", "email": "b@example.org", "phone": "5145550199", "revision": seen}
    told = elise.post(url(world, participant), mine)
    body = told.content.decode()
    assert told.status_code == 409
    assert "Somebody else saved this meanwhile" in body
    assert "Stored meanwhile by somebody else" in body
    assert 'value="b@example.org"' in body
    assert "<dd>5145550111</dd>" in body
    assert contact_of(participant, world.coordinator).email == "a@example.org"
    again = {**mine, "phone": "5145550111", "revision": revision_on(body)}
    assert elise.post(url(world, participant), again).status_code == 302
    details = contact_of(participant, world.coordinator)
    assert (details.email, details.phone) == ("b@example.org", "5145550111")


def test_two_people_enter_the_first_details_at_once(world: World, elise: Client) -> None:
    participant = world.eligible(contact=None)
    seen = revision_on(elise.get(url(world, participant)).content.decode())
    assert seen == "0"
    assert elise.post(url(world, participant), {**TYPED, "revision": seen}).status_code == 302
    second = elise.post(url(world, participant), {**TYPED, "name": "Camille B.", "revision": seen})
    assert second.status_code == 409
    assert contact_of(participant, world.coordinator).name == "Camille Bouchard"


def test_a_page_that_is_old_stays_old_while_something_else_is_mended(world: World, elise: Client) -> None:
    participant = world.eligible(contact={"name": "A B", "email": "a@example.org"})
    seen = revision_on(elise.get(url(world, participant)).content.decode())
    elise.post(url(world, participant), {**TYPED, "name": "A C", "email": "a@example.org", "revision": seen})
    mended = elise.post(url(world, participant), {**TYPED, "name": "A D", "email": "a", "revision": seen})
    assert mended.status_code == 422
    assert revision_on(mended.content.decode()) == seen
