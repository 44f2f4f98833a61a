"""People and roles: given and ended by the data manager, never across the blind."""

from django.test import Client

from accounts.models import User
from core import ids
from tests.integration.monitors.conftest import World
from trials.models import Membership

PAGE = "/t/STRONG-BACK/monitoring/people/"


def membership(world: World, user: User) -> Membership:
    return Membership.objects.get(trial=world.trial, user=user, ended_at=None)


def end_url(key: object) -> str:
    return f"{PAGE}{key}/end/"


def test_everybody_is_listed_with_their_role(world: World, manager: Client) -> None:
    html = manager.get(PAGE).content.decode()
    for words in ("Élise Tremblay", "Coordinator", "Montreal", "All sites", "Samuel Osei"):
        assert words in html


def test_a_new_person_gets_an_account_and_a_role(world: World, manager: Client) -> None:
    given = {"email": "jo@example.org", "name": "Jo Park", "role": "assessor", "site": "MTL"}
    assert manager.post(PAGE, given).status_code == 302
    held = Membership.objects.get(user__email="jo@example.org")
    assert (held.role, held.site.code if held.site else "", held.user.name) == ("assessor", "MTL", "Jo Park")
    assert not held.user.has_usable_password()


def test_an_unknown_address_without_a_name_is_asked_about(world: World, manager: Client) -> None:
    page = manager.post(PAGE, {"email": "jo@example.org", "role": "assessor", "site": "MTL"})
    assert page.status_code == 422
    assert "Nobody has an account with this e-mail." in page.content.decode()
    assert not User.objects.filter(email="jo@example.org").exists()


def test_the_walls_hold_both_ways_and_for_ever(world: World, manager: Client) -> None:
    for email, role in (("amelie@example.org", "therapist"), ("marc@example.org", "assessor")):
        page = manager.post(PAGE, {"email": email, "role": role, "site": "MTL"})
        assert page.status_code == 422
        assert "may never take" in page.content.decode()
        assert f'value="{email}"' in page.content.decode()
    marc = membership(world, world.cast.marc)
    assert manager.post(end_url(marc.pk), {"reason": "Left the clinic."}).status_code == 302
    page = manager.post(PAGE, {"email": "marc@example.org", "role": "assessor", "site": "MTL"})
    assert "has had a role in this trial that learns arms" in page.content.decode()


def test_a_role_held_already_is_told(world: World, manager: Client) -> None:
    page = manager.post(PAGE, {"email": "amelie@example.org", "role": "assessor", "site": "MTL"})
    assert page.status_code == 409


def test_ending_needs_a_reason_and_happens_once(world: World, manager: Client) -> None:
    held = membership(world, world.cast.amelie)
    assert manager.get(end_url(held.pk)).status_code == 200
    assert manager.post(end_url(held.pk), {"reason": ""}).status_code == 422
    done = manager.post(end_url(held.pk), {"reason": "Left the clinic."}, follow=True)
    assert "Roles that ended" in done.content.decode()
    assert manager.post(end_url(held.pk), {"reason": "Left the clinic."}).status_code == 404


def test_wrong_role_logged_out_unknown_and_wrong_method(world: World, client: Client) -> None:
    key = membership(world, world.cast.amelie).pk
    for user in (world.cast.samuel, world.cast.marc, world.cast.tomas, world.cast.elise):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.get(end_url(key)).status_code == 403
        assert client.get(end_url(ids.new_id())).status_code == 403
    client.force_login(world.cast.noor)
    assert client.get(end_url(ids.new_id())).status_code == 404
    assert client.delete(PAGE).status_code == client.delete(end_url(key)).status_code == 405
    client.logout()
    assert client.get(PAGE).status_code == client.get(end_url(key)).status_code == 302


def test_whoever_enrols_cannot_get_a_hand_in_the_list_nor_the_reverse(world: World, manager: Client) -> None:
    assert "can never know the allocation list" in manager.get(PAGE).content.decode()
    page = manager.post(PAGE, {"email": "marc@example.org", "role": "statistician", "site": "all"})
    assert page.status_code == 422
    sentence = "Marc Roy has had a role in this trial that enrols or randomizes people, and so may never take one that"
    assert sentence in page.content.decode()
    page = manager.post(PAGE, {"email": "ruth@example.org", "role": "therapist", "site": "MTL"})
    assert page.status_code == 422
    assert "Ruth Levi has had a role in this trial that knows the allocation list" in page.content.decode()
