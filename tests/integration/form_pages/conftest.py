"""The same participant as the assessors', seen by coordinators and those who only read."""

from collections.abc import Callable

import pytest

from accounts.models import User
from accounts.roles import Role
from tests import cast
from tests.integration.assessors.conftest import World, world
from trials.actions import memberships

__all__ = ["World", "world"]


@pytest.fixture
def second_coordinator(world: World) -> User:
    """Another coordinator of the same site, who decides on what Élise recorded."""
    user = User.objects.create_user("second.coordinator@example.org", "Second Coordinator")
    memberships.grant(
        user=user,
        trial=world.trial,
        role=Role.COORDINATOR,
        site=world.participant.site,
        by=cast.actor(world.people.noor),
    )
    return user


@pytest.fixture
def as_elise(world: World) -> World:
    """The world seen by the coordinator."""
    world.client.force_login(world.people.elise)
    return world


@pytest.fixture
def answered_odi(as_elise: World) -> Callable[[], str]:
    """Élise enters an ODI told on the phone; gives its address."""

    def enter() -> str:
        url = as_elise.shared_url("odi")
        data = {f"odi_{n}": "2" for n in range(1, 11)} | {"reason": "Answered by phone", "step": "submit"}
        assert as_elise.client.post(url, data).status_code == 302
        return url

    return enter
