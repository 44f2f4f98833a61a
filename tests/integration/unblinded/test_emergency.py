"""Emergency unblinding: password again, second factor where set, a reason; the group once, and nobody else's."""

from collections.abc import Iterator

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from audit.acts import act
from audit.models import Entry
from core import clock
from participants.models import Participant, Unblinding
from randomization.queries import allocation_of
from tests import cast as people
from tests.unit.randomization_db import world as rooms
from trials.access import authorize
from trials.actions import memberships
from trials.models import Site
from trials.queries import protocol_of

PASSWORD = "a long enough password"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def world(db: None, client: Client) -> Iterator[rooms.World]:
    cache.clear()
    with clock.moved_to(people.MONDAY):
        made = rooms.build()
        made.activate()
        for user in (made.cast.leila, made.cast.helen):
            user.set_password(PASSWORD)
            user.save()
        client.force_login(made.cast.leila)
        yield made


@pytest.fixture
def participant(world: rooms.World) -> Participant:
    return world.allocate()


def page(world: rooms.World) -> str:
    return f"/t/{world.trial.code}/unblinded/emergency/"


def typed(participant: Participant, **changes: str) -> dict[str, str]:
    known = {"number": participant.number, "reason": "care", "password": PASSWORD}
    return {**known, "explanation": "The emergency ward of the general hospital asks.", **changes}


def names(world: rooms.World, participant: Participant) -> tuple[str, str]:
    """The public names of the participant's arm and of the other."""
    with world.opened():
        fact = allocation_of(participant)
    assert fact is not None
    arms = protocol_of(world.trial).design.arms
    own = next(arm for arm in arms if arm.code == fact.arm)
    other = next(arm for arm in arms if arm.code != fact.arm)
    return str(own.public_name), str(other.public_name)


def test_the_group_is_shown_once(world: rooms.World, participant: Participant, client: Client) -> None:
    own, other = names(world, participant)
    assert own not in client.get(page(world)).content.decode()
    answer = client.post(page(world), typed(participant))
    html = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert own in html
    assert other not in html
    assert "Élise Tremblay" in html
    again = client.get(page(world)).content.decode()
    assert own not in again


def test_the_investigator_may_too_and_sees_it_nowhere_else(
    world: rooms.World, participant: Participant, client: Client
) -> None:
    client.force_login(world.cast.helen)
    own, _other = names(world, participant)
    record = f"/t/{world.trial.code}/participants/{participant.number}/"
    assert f"{page(world)}?number={participant.number}" in client.get(record).content.decode()
    assert own in client.post(page(world), typed(participant)).content.decode()
    for url in (record, f"/t/{world.trial.code}/monitoring/audit/", page(world)):
        html = client.get(url).content.decode()
        assert own not in html
        assert "general hospital" not in html
    assert "In an emergency, on purpose" in client.get(record).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"password": "guess"}, {"password": ""}, {"explanation": ""}, {"explanation": "hm"}, {"reason": ""}],
)
def test_nothing_opens_without_all_of_it(
    world: rooms.World, participant: Participant, client: Client, wrong: dict[str, str]
) -> None:
    own, _other = names(world, participant)
    answer = client.post(page(world), typed(participant, **wrong))
    assert answer.status_code in (400, 422)
    assert own not in answer.content.decode()
    assert not Unblinding.objects.exists()
    assert not Entry.objects.filter(verb="blind.open_emergency").exists()


def test_who_has_a_second_factor_types_its_code(world: rooms.World, participant: Participant, client: Client) -> None:
    TOTP.activate(world.cast.leila, SECRET)
    assert get_adapter().is_mfa_enabled(world.cast.leila)
    assert 'name="code"' in client.get(page(world)).content.decode()
    for code in ("", "000000"):
        assert client.post(page(world), typed(participant, code=code)).status_code == 422
    assert not Unblinding.objects.exists()
    assert Authenticator.objects.count() == 1
    right = now_code()
    assert client.post(page(world), typed(participant, code=right)).status_code == 200
    assert client.post(page(world), typed(participant, code=right)).status_code == 422
    assert Unblinding.objects.count() == 1


def now_code() -> str:
    """What an app would show now."""
    import time

    return str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30)))


def test_an_unknown_number_and_one_not_randomized(world: rooms.World, client: Client) -> None:
    waiting = world.ready()
    assert client.post(page(world), typed(waiting, number="MTL-0000")).status_code == 422
    answer = client.post(page(world), typed(waiting))
    assert answer.status_code == 409
    assert "not randomized yet" in answer.content.decode()


def test_the_other_cases(world: rooms.World, participant: Participant, client: Client) -> None:
    assert Client().get(page(world)).status_code == 302
    assert client.put(page(world)).status_code == 405
    for key in ("elise", "amelie", "marc", "samuel", "tomas", "noor", "ingrid"):
        client.force_login(getattr(world.cast, key))
        assert client.get(page(world)).status_code == 403
        assert client.post(page(world), typed(participant)).status_code == 403
    client.force_login(elsewhere(world))
    answer = client.post(page(world), typed(participant))
    assert answer.status_code == 422
    assert "There is no such participant at your sites" in answer.content.decode()


def elsewhere(world: rooms.World) -> User:
    """A safety physician of another site."""
    grant = authorize(world.noor, Permission.GRANT_ROLES, trial=world.trial)
    with act("site.open", grant=grant) as a:
        site = a.create(Site(trial=world.trial, code="QC", name="Québec", time_zone="America/Toronto"))
    user = User.objects.create_user("sami@example.org", "Dr. Sami", PASSWORD)
    memberships.grant(user=user, trial=world.trial, role=Role.SAFETY_PHYSICIAN, site=site, by=world.noor)
    return user
