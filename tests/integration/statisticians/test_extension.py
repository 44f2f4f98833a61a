"""More places: a new segment by two people, and nothing else changes."""

import pytest
from django.test import Client

from randomization.actions import records
from randomization.queries import commitments_of
from tests.unit.randomization_db.world import World

ROOM = "/t/STRONG-BACK/sequence/"
PAGE = f"{ROOM}extend/"


def test_an_extension_is_prepared_by_one_and_activated_by_another(world: World, client: Client) -> None:
    world.activate()
    assert client.post(PAGE, {"slots_per_stratum": "120", "do": "prepare"}).status_code == 302
    html = client.get(ROOM).content.decode()
    assert "Draft of segment 2, an extension" in html
    assert "Activate this segment" not in html
    client.force_login(world.cast.ruth)
    page = client.get(ROOM)
    seen, key = page.context["activate_form"]["seen"].value(), page.context["draft"]["key"]
    done = client.post(f"{ROOM}drafts/{key}/activate/", {"seen": seen}, follow=True).content.decode()
    first, second = commitments_of(world.trial)
    assert first.sha256 in done
    assert second.sha256 in done
    assert "List in force, segment 2" in done
    assert done.count("<dt>Places</dt>") == done.count("<dt>Places, with those of the segments before</dt>") == 1
    assert records.check(trial=world.trial, by=world.ruth) is None


def test_the_places_are_shown_before_anything_is_stored(world: World, client: Client) -> None:
    world.activate()
    page = client.post(PAGE, {"slots_per_stratum": "120", "do": "try"})
    assert [str(row[1].text) for row in page.context["then"].rows] == ["120", "120"]
    assert 'value="120"' in page.content.decode()
    assert "Draft" not in client.get(ROOM).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter a number."),
        ("many", "Enter a number, in digits."),
        ("106", "An extension has more slots than the 106 there are."),
    ],
)
def test_refusals_stand_at_the_field(world: World, client: Client, typed: str, sentence: str) -> None:
    world.activate()
    for do in ("try", "prepare"):
        page = client.post(PAGE, {"slots_per_stratum": typed, "do": do})
        assert page.status_code == 422
        assert page.context["form"].errors["slots_per_stratum"] == [sentence]


def test_without_a_list_there_is_nothing_to_extend(world: World, client: Client) -> None:
    assert "There is no active list yet." in client.get(PAGE).content.decode()
    for do in ("try", "prepare"):
        page = client.post(PAGE, {"slots_per_stratum": "120", "do": do})
        assert page.status_code == 409
        assert "There is no active list yet." in page.content.decode()


def test_wrong_role_logged_out_other_trial_and_wrong_method(world: World, client: Client) -> None:
    assert client.put(PAGE).status_code == 405
    assert client.get("/t/OTHER/sequence/extend/").status_code == 404
    for user in (world.cast.noor, world.cast.helen, world.cast.elise, world.cast.marc, world.cast.amelie):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.post(PAGE, {"slots_per_stratum": "120"}).status_code == 403
    client.logout()
    assert client.get(PAGE).status_code == client.post(PAGE).status_code == 302
