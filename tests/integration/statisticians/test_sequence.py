"""The sequence room: tried, prepared, activated by another person, watched."""

import re
from typing import Any

import pytest
from django.test import Client

from core import ids
from core.problems import Problem
from randomization.actions import sequences
from randomization.models import Sequence
from randomization.queries import commitments_of
from tests.unit.randomization_db.world import DESIGN, World

ROOM = "/t/STRONG-BACK/sequence/"
BLOCKS = {"method": "permuted_blocks", "block_sizes": "4, 6"}


def bare(answer: Any, key: Any) -> str:
    """A page without its form token and without the address that was asked for."""
    html = answer.content.decode().replace(str(key), "")
    return re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", html)


def draft(world: World) -> Sequence:
    world.sign_strata()
    return sequences.prepare(trial=world.trial, design=DESIGN, by=world.samuel)


def test_trying_a_design_shows_its_figures_and_makes_nothing(world: World, client: Client) -> None:
    page = client.post(ROOM, {**BLOCKS, "block_sizes": "4", "do": "try"})
    html = page.content.decode()
    assert page.status_code == 200
    assert "70.8 %" in html  # the convergence guess in blocks of 4
    assert "All blocks have 4 places" in html
    assert 'value="4"' in html
    assert commitments_of(world.trial) == []


def test_strata_must_be_signed_first(world: World, client: Client) -> None:
    page = client.post(ROOM, {**BLOCKS, "do": "prepare"})
    assert page.status_code == 422
    assert "The investigator has not signed the strata" in page.content.decode()
    assert 'value="4, 6"' in page.content.decode()


def test_prepared_by_one_activated_by_another(world: World, client: Client) -> None:
    world.sign_strata()
    assert client.post(ROOM, {**BLOCKS, "do": "prepare"}).status_code == 302
    html = client.get(ROOM).content.decode()
    assert "Another statistician has to activate it." in html
    assert "Activate this list" not in html
    client.force_login(world.cast.ruth)
    page = client.get(ROOM)
    assert "Activate this list" in page.content.decode()
    form = page.context["activate_form"]
    key = page.context["room"].sequence.pk
    done = client.post(f"{ROOM}drafts/{key}/activate/", {"seen": form["seen"].value()}, follow=True)
    (published,) = commitments_of(world.trial)
    assert published.sha256 in done.content.decode()
    assert "Balance by stratum" in done.content.decode()


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
    assert "Prepare and seal the list" in done.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"method": "permuted_blocks", "block_sizes": "4, x"}, "Enter whole numbers separated by commas"),
        ({"method": "permuted_blocks", "block_sizes": "3"}, "A block of 3 cannot hold the ratio 1:1."),
        ({"method": "permuted_blocks"}, "Name at least one block size."),
        ({"method": "simple", "slots_per_stratum": "50"}, "Each stratum needs at least 106 slots"),
        ({"method": "simple", "block_sizes": "4"}, "block_sizes is no part of this method."),
        ({}, "Choose one."),
    ],
)
def test_refusals_stand_at_their_field(world: World, client: Client, typed: dict[str, str], sentence: str) -> None:
    for do in ("try", "prepare"):
        page = client.post(ROOM, {**typed, "do": do})
        assert page.status_code == 422
        assert sentence in page.content.decode()


def test_balance_by_stratum_once_people_are_randomized(world: World, client: Client) -> None:
    from randomization import door

    world.activate()
    door.allocate(participant=world.ready(), by=world.marc)
    page = client.get(ROOM, {"check": "1"})
    rows = page.context["balance"].rows
    assert rows[0][0].text == "High (9 or more)"
    assert sum(int(cell.text) for cell in rows[0][1:3]) == 1
    assert "Seed, list, commitment and allocations agree." in page.content.decode()


def test_seed_salt_and_future_arms_are_on_no_page(world: World, client: Client) -> None:
    world.activate()
    html = client.get(ROOM).content.decode().lower()
    assert "seed" not in html.replace("seed, list", "").replace("the seed is drawn", "")
    assert "mc+ilex, rt" not in html


def test_wrong_role_gets_the_same_answer_for_every_list(world: World, client: Client) -> None:
    key, unknown = draft(world).pk, ids.new_id()
    for user in (world.cast.marc, world.cast.elise, world.cast.noor, world.cast.helen, world.cast.amelie):
        client.force_login(user)
        assert client.get(ROOM).status_code == 403
        real = client.post(f"{ROOM}drafts/{key}/activate/", {"seen": 1})
        other = client.post(f"{ROOM}drafts/{unknown}/activate/", {"seen": 1})
        assert real.status_code == other.status_code == 403
        assert bare(real, key) == bare(other, unknown)


def test_logged_out_unknown_list_and_wrong_method(world: World, client: Client) -> None:
    assert client.post(f"{ROOM}drafts/{ids.new_id()}/activate/", {"seen": 1}).status_code == 404
    assert client.post(f"{ROOM}drafts/{ids.new_id()}/withdraw/", {"reason": "None."}).status_code == 404
    assert client.get(f"{ROOM}drafts/{ids.new_id()}/activate/").status_code == 405
    assert client.put(ROOM).status_code == 405
    client.logout()
    answer = client.get(ROOM)
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_a_second_list_is_refused_and_what_was_typed_stays(world: World, client: Client) -> None:
    draft(world)
    page = client.post(ROOM, {**BLOCKS, "do": "prepare"})
    assert page.status_code == 409
    assert "A draft is waiting." in page.content.decode()
    with pytest.raises(Problem):
        sequences.prepare(trial=world.trial, design=DESIGN, by=world.ruth)
