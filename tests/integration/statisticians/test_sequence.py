"""The room: the segments of the list with their commitments, the draft, activating and withdrawing it."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.roles import Role
from core import ids
from core.problems import Problem
from randomization import door
from randomization.actions import freezes, sequences
from randomization.models import Sequence
from randomization.queries import commitments_of
from tests import cast as people
from tests.unit.randomization_db.world import DESIGN, World

ROOM = "/t/STRONG-BACK/sequence/"
BLOCKS = {"block_sizes": "4, 6"}
DESIGNING = f"{ROOM}design/permuted_blocks/"


def bare(answer: Any, key: Any) -> str:
    """A page without its form token and without the address that was asked for."""
    html = answer.content.decode().replace(str(key), "")
    return re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", html)


def draft(world: World) -> Sequence:
    world.sign_strata()
    return sequences.prepare(trial=world.trial, design=DESIGN, by=world.samuel)


def test_without_a_list_the_room_leads_to_the_design(world: World, client: Client) -> None:
    html = client.get(ROOM).content.decode()
    assert "There is no list yet." in html
    assert f'href="{ROOM}design/"' in html
    assert "Text for the registry" not in html


def test_prepared_by_one_activated_by_another(world: World, client: Client) -> None:
    world.sign_strata()
    assert client.post(DESIGNING, {**BLOCKS, "do": "prepare"}).status_code == 302
    html = client.get(ROOM).content.decode()
    assert "Another statistician has to activate it." in html
    assert "Activate this list" not in html
    client.force_login(world.cast.ruth)
    page = client.get(ROOM)
    assert "Activate this list" in page.content.decode()
    seen, key = page.context["activate_form"]["seen"].value(), page.context["draft"]["key"]
    done = client.post(f"{ROOM}drafts/{key}/activate/", {"seen": seen}, follow=True)
    (published,) = commitments_of(world.trial)
    assert published.sha256 in done.content.decode()
    assert "Places by stratum" in done.content.decode()


def test_the_text_for_the_registry_is_there_in_both_languages(world: World, client: Client) -> None:
    world.activate()
    page = client.get(ROOM)
    (published,) = commitments_of(world.trial)
    english, french = page.context["registry_texts"]
    assert (english.language, french.language) == ("en", "fr")
    assert published.sha256 in english.text
    assert published.sha256 in french.text
    assert "was sealed before it was used" in english.text
    assert "scellée" in french.text
    # It goes into a public registry: the method and its values stay here.
    assert "block" not in english.text.lower()
    assert "106" not in english.text


def test_the_same_person_is_refused(world: World, client: Client) -> None:
    key = draft(world).pk
    page = client.post(f"{ROOM}drafts/{key}/activate/", {"seen": 1})
    assert page.status_code == 400
    assert "You prepared this list. Another person has to activate it." in page.content.decode()


def test_a_second_activation_is_told(world: World, client: Client) -> None:
    key = draft(world).pk
    client.force_login(world.cast.ruth)
    first = client.post(f"{ROOM}drafts/{key}/activate/", {"seen": 1})
    second = client.post(f"{ROOM}drafts/{key}/activate/", {"seen": 1})
    assert (first.status_code, second.status_code) == (302, 409)


def test_a_draft_is_withdrawn_with_a_reason(world: World, client: Client) -> None:
    key = draft(world).pk
    assert client.post(f"{ROOM}drafts/{key}/withdraw/", {"reason": ""}).status_code == 422
    done = client.post(f"{ROOM}drafts/{key}/withdraw/", {"reason": "Sizes were read out."}, follow=True)
    assert "The draft is withdrawn." in done.content.decode()
    assert "There is no list yet." in done.content.decode()


def test_places_by_stratum_and_a_check_of_the_whole_list(world: World, client: Client) -> None:
    world.activate()
    door.allocate(participant=world.ready(), by=world.marc)
    page = client.get(ROOM, {"check": "1"})
    rows = [[cell.text for cell in row] for row in page.context["stock"].rows]
    assert [(name, used) for name, used, _left in rows] == [("High (9 or more)", "1"), ("Low (less than 9)", "0")]
    assert "Seed, list, commitment and allocations agree." in page.content.decode()


def test_a_stop_stands_above_the_room(world: World, client: Client) -> None:
    world.activate()
    freezes.freeze(trial=world.trial, incident="The list was read aloud.", by=world.noor)
    assert "Randomization is stopped." in client.get(ROOM).content.decode()


def test_seed_salt_and_future_arms_are_on_no_page(world: World, client: Client) -> None:
    from randomization import lists
    from randomization.blindfold import Purpose, unblinded

    held = world.activate()
    with unblinded(by=world.samuel, trial=world.trial, purpose=Purpose.SEQUENCE):
        held = Sequence.by_id(held.pk)
        secrets = {lists.seed_of(held).hex(), lists.salt_of(held).hex()}
    for path in ("", "monitoring/", "stops/", "errors/", "extend/", "design/permuted_blocks/", "reveal-and-verify/"):
        html = client.get(f"{ROOM}{path}").content.decode().lower()
        assert not any(secret in html for secret in secrets)
        assert "mc+ilex, rt, " not in html


def test_wrong_role_gets_the_same_answer_for_every_list(world: World, client: Client) -> None:
    key, unknown = draft(world).pk, ids.new_id()
    for user in (world.cast.marc, world.cast.elise, world.cast.noor, world.cast.helen, world.cast.amelie):
        client.force_login(user)
        assert client.get(ROOM).status_code == 403
        for verb in ("activate", "withdraw"):
            real = client.post(f"{ROOM}drafts/{key}/{verb}/", {"seen": 1})
            other = client.post(f"{ROOM}drafts/{unknown}/{verb}/", {"seen": 1})
            assert real.status_code == other.status_code == 403
            assert bare(real, key) == bare(other, unknown)


def test_logged_out_unknown_list_and_wrong_method(world: World, client: Client) -> None:
    assert client.post(f"{ROOM}drafts/{ids.new_id()}/activate/", {"seen": 1}).status_code == 404
    assert client.post(f"{ROOM}drafts/{ids.new_id()}/withdraw/", {"reason": "None."}).status_code == 404
    assert client.get(f"{ROOM}drafts/{ids.new_id()}/dummy/").status_code == 404
    assert client.get(f"{ROOM}drafts/{ids.new_id()}/activate/").status_code == 405
    assert client.post(ROOM).status_code == 405
    client.logout()
    answer = client.get(ROOM)
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_a_second_list_is_refused_and_what_was_typed_stays(world: World, client: Client) -> None:
    draft(world)
    page = client.post(DESIGNING, {**BLOCKS, "do": "prepare"})
    assert page.status_code == 409
    assert "A draft is waiting." in page.content.decode()
    assert 'value="4, 6"' in page.content.decode()
    with pytest.raises(Problem):
        sequences.prepare(trial=world.trial, design=DESIGN, by=world.ruth)


@pytest.mark.parametrize("page", ["sequence/", "sequence/monitoring/", "sequence/stops/", "sequence/errors/"])
def test_a_statistician_who_was_ever_a_therapist_does_not_enter_the_room(
    world: World, client: Client, page: str
) -> None:
    world.activate()
    assert client.get(f"/t/STRONG-BACK/{page}").status_code == 200
    people.hold_as_well(world.cast.samuel, world.trial, Role.THERAPIST)
    assert client.get(f"/t/STRONG-BACK/{page}").status_code == 403
