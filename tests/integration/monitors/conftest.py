"""A trial that recruits, somebody screened in it, and the people who watch over it; everybody's password is known."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from audit.acts import act
from core import clock, ids
from participants.models import Participant
from tests import cast as people
from trials.access import authorize
from trials.actions import memberships
from trials.models import Site, Trial

PASSWORD = "a long enough password"


@dataclass
class World:
    """The trial and one participant in screening."""

    trial: Trial
    cast: people.Cast
    participant: Participant

    def other_site(self) -> Site:
        noor = people.actor(self.cast.noor)
        grant = authorize(noor, Permission.GRANT_ROLES, trial=self.trial)
        with act("site.open", grant=grant) as a:
            return a.create(Site(trial=self.trial, code="QC", name="Québec", time_zone="America/Toronto"))

    def somebody(self, role: Role, site: Site | None = None) -> User:
        """One more person, at one site or all."""
        user = User.objects.create_user(f"{role}.{site.code if site else 'all'}@example.org", "Somebody Else")
        memberships.grant(user=user, trial=self.trial, role=role, site=site, by=people.actor(self.cast.noor))
        return user


@pytest.fixture
def world(db: None) -> Iterator[World]:
    cache.clear()
    with clock.moved_to(people.MONDAY), ids.seeded(11):
        trial = people.make_trial()
        cast = people.cast_of(trial)
        for user in (cast.helen, cast.noor):
            user.set_password(PASSWORD)
            user.save()
        yield World(trial, cast, people.screen_eligible(trial, cast))


@pytest.fixture
def investigator(world: World, client: Client) -> Client:
    client.force_login(world.cast.helen)
    return client


@pytest.fixture
def monitor(world: World, client: Client) -> Client:
    client.force_login(world.cast.tomas)
    return client


@pytest.fixture
def manager(world: World, client: Client) -> Client:
    client.force_login(world.cast.noor)
    return client
