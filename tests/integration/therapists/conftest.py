"""A held clock, an active list, people at their first session, in care, and waiting; a logged-in therapist."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from audit.acts import act
from core import clock
from participants.models import Participant
from randomization.blindfold import Purpose, unblinded
from randomization.queries import arm_of
from tests import cast as people
from tests.unit.randomization_db.world import World, build
from therapy.actions import sessions
from therapy.actions.first_session import randomize_at_first_session
from trials.access import authorize
from trials.actions import memberships
from trials.models import Site

MARCS_ARM, PRIYAS_ARM = "MC+ILEX", "RT"
EXERCISES = ("segmentation", "simplification", "task_practice", "lumbar_extension")


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.moved_to(people.MONDAY):
        made = build()
        made.activate()
        yield made


@pytest.fixture
def marc(world: World, client: Client) -> Client:
    """Marc, logged in."""
    client.force_login(world.cast.marc)
    return client


@pytest.fixture
def in_arm(world: World) -> Callable[[str], Participant]:
    """Somebody randomized by Marc into an arm; as many are randomized as it takes (a block has 6 at most)."""

    def randomized(arm: str) -> Participant:
        for _each in range(7):
            participant = world.ready()
            randomize_at_first_session(participant=participant, by=world.marc)
            with unblinded(by=world.samuel, trial=world.trial, purpose=Purpose.SEQUENCE):
                found = arm_of(participant)
            if found == arm:
                participant.refresh_from_db()
                return participant
        raise AssertionError(f"nobody came into {arm}")

    return randomized


@pytest.fixture
def marcs(in_arm: Callable[[str], Participant]) -> Participant:
    """Somebody in Marc's care."""
    return in_arm(MARCS_ARM)


@pytest.fixture
def waiting(in_arm: Callable[[str], Participant]) -> Participant:
    """Somebody randomized by Marc into the arm that Priya delivers."""
    return in_arm(PRIYAS_ARM)


def therapist(world: World, name: str, qualification: str = "athletic_therapist", site: Site | None = None) -> User:
    """One more therapist."""
    user = User.objects.create_user(f"{name.lower()}@example.org", name)
    memberships.grant(
        user=user,
        trial=world.trial,
        role=Role.THERAPIST,
        site=site or world.site,
        qualification=qualification,
        by=world.noor,
    )
    return user


def elsewhere(world: World) -> User:
    """A therapist of another site."""
    grant = authorize(world.noor, Permission.GRANT_ROLES, trial=world.trial)
    with act("site.open", grant=grant) as a:
        site = a.create(Site(trial=world.trial, code="QC", name="Québec", time_zone="America/Toronto"))
    return therapist(world, "Olga", site=site)


def record(world: World, participant: Participant, number: int = 1, **changes: Any) -> None:
    """A session in Marc's log, done as planned unless told otherwise."""
    as_planned = [{"exercise": code, "status": "as_planned"} for code in EXERCISES]
    known = {"status": "done", "held_at": clock.now(), "exercises": as_planned, "by": world.marc}
    sessions.record(participant=participant, number=number, **{**known, **changes})


def page(world: World, rest: str = "") -> str:
    """An address of the therapists' pages."""
    return f"/t/{world.trial.code}/therapy/{rest}"
