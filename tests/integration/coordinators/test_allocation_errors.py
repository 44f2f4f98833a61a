"""Recording an error about an allocation: each role the kinds it may know of, and nothing is told in return."""

import pytest
from django.test import Client

from accounts.models import User
from core import clock, ids
from randomization.queries import errata
from tests import cast as people
from tests.unit.randomization_db.world import World, build

PAGE = "/t/STRONG-BACK/randomization/errors/new/"
SAID = "Found when the record was read again."


@pytest.fixture
def world(db: None) -> World:
    with clock.moved_to(people.MONDAY), ids.seeded(3):
        held = build()
        held.activate()
        return held


def kinds(client: Client, user: User) -> list[str]:
    client.force_login(user)
    return [kind for kind, _label in client.get(PAGE).context["form"].fields["kind"].choices]


def test_each_role_is_asked_for_the_kinds_it_may_know_of(world: World, client: Client) -> None:
    assert kinds(client, world.cast.elise) == ["wrong_stratum", "ineligible", "duplicate"]
    # The stratum is concealed from therapists.
    assert kinds(client, world.cast.marc) == ["ineligible", "duplicate", "wrong_treatment"]
    html = client.get(PAGE).content.decode()
    assert "Lumbar instability score" not in html
    assert kinds(client, world.cast.samuel) == [
        "wrong_stratum", "ineligible", "duplicate", "wrong_treatment", "list_fault",
    ]  # fmt: skip


def test_an_error_is_recorded_and_the_allocation_stands(world: World, client: Client) -> None:
    with clock.moved_to(people.MONDAY):
        number = world.allocate().number
    client.force_login(world.cast.elise)
    typed = {"number": number, "kind": "wrong_stratum", "corrected": "lsiq=low", "explanation": SAID}
    done = client.post(PAGE, typed, follow=True)
    assert "The error is recorded. The allocation stands as it is." in done.content.decode()
    with world.opened():
        (held,) = errata(world.trial)
    assert held.details == {"factor": "lsiq", "corrected": "low", "used": "high"}
    assert (held.study_number, held.explanation) == (number, SAID)


def test_the_number_may_come_with_the_address(world: World, client: Client) -> None:
    client.force_login(world.cast.elise)
    assert 'value="SB-0007"' in client.get(PAGE, {"number": "SB-0007"}).content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "ineligible", "explanation": "Oh"}, "explanation"),
        ({"kind": "wrong_stratum", "explanation": SAID}, "corrected"),
        ({"kind": "duplicate", "explanation": SAID}, "of"),
        ({"kind": "duplicate", "explanation": SAID, "of": "SB-9999"}, "of"),
        ({"kind": "ineligible", "explanation": SAID, "of": "SB-9999"}, "of"),
        ({"kind": "ineligible", "explanation": SAID, "number": "SB-9999"}, "number"),
        ({"explanation": SAID}, "kind"),
    ],
)
def test_refusals_stand_at_their_field(world: World, client: Client, typed: dict[str, str], field: str) -> None:
    with clock.moved_to(people.MONDAY):
        number = world.allocate().number
    client.force_login(world.cast.elise)
    page = client.post(PAGE, {"number": number, **typed})
    assert page.status_code in (400, 422)
    assert page.context["form"].errors[field]
    assert typed["explanation"] in page.content.decode()


def test_who_is_not_randomized_has_no_allocation_in_error(world: World, client: Client) -> None:
    with clock.moved_to(people.MONDAY):
        number = world.ready().number
    client.force_login(world.cast.elise)
    page = client.post(PAGE, {"number": number, "kind": "ineligible", "explanation": SAID})
    assert page.status_code == 409
    assert "This participant is not randomized." in page.content.decode()


def test_a_kind_that_the_role_must_not_know_of_is_no_choice(world: World, client: Client) -> None:
    with clock.moved_to(people.MONDAY):
        number = world.allocate().number
    client.force_login(world.cast.elise)
    for kind in ("wrong_treatment", "list_fault"):
        page = client.post(PAGE, {"number": number, "kind": kind, "explanation": SAID})
        assert page.status_code == 422
        assert page.context["form"].errors["kind"]


def test_wrong_role_logged_out_other_trial_and_wrong_method(world: World, client: Client) -> None:
    client.force_login(world.cast.elise)
    assert client.put(PAGE).status_code == 405
    assert client.get("/t/OTHER/randomization/errors/new/").status_code == 404
    for user in (world.cast.noor, world.cast.helen, world.cast.amelie, world.cast.tomas):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.post(PAGE, {"number": "1"}).status_code == 403
    client.logout()
    assert client.get(PAGE).status_code == client.post(PAGE).status_code == 302
