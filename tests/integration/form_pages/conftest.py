"""The same participant as the assessors', seen by coordinators and those who only read."""

from collections.abc import Callable

import pytest

from accounts.models import User
from accounts.roles import Role
from outcomes.actions import queries, responses
from outcomes.models import Response
from review.models import Query
from tests import cast
from tests.integration.assessors.conftest import World, world
from tests.unit.outcomes.world import answered
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
def measured(world: World) -> Response:
    """The hips, as Amélie measured them; seen by Tomás, who monitors."""
    by = cast.actor(world.people.amelie)
    done = responses.submit(form=world.form("hip_rom"), answers=answered("hip_rom", done=1), by=by)
    world.client.force_login(world.people.tomas)
    return done


@pytest.fixture
def asked(world: World, measured: Response) -> Query:
    """What Tomás asks about them."""
    by = cast.actor(world.people.tomas)
    return queries.raise_about(form=measured.form, kind="unlikely", text="Right more than left?", by=by)


@pytest.fixture
def answered_odi(as_elise: World) -> Callable[[], str]:
    """Élise enters an ODI told on the phone; gives its address."""

    def enter() -> str:
        url = as_elise.shared_url("odi")
        data = {f"odi_{n}": "2" for n in range(1, 11)} | {
            "mode": "telephone",
            "reason": "No internet",
            "step": "submit",
        }
        assert as_elise.client.post(url, data).status_code == 302
        return url

    return enter
