"""A held clock, somebody whose first interview is due, and Ingrid, logged in."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from audit.acts import act
from core import clock
from outcomes.models import Form
from tests import cast as people
from tests.unit.randomization_db import world as rooms
from trials.access import authorize
from trials.actions import memberships
from trials.models import Site


@dataclass
class World:
    """One consented participant with a booked first session."""

    rooms: rooms.World
    client: Client

    def form(self) -> Form:
        return Form.objects.get(instrument="interview_record", visit__code="interview_before")

    def page(self, rest: str = "") -> str:
        return f"/t/{self.rooms.trial.code}/unblinded/interviews/{rest}"

    def record(self, rest: str = "") -> str:
        return self.page(f"{self.form().pk}/{rest}")

    def elsewhere(self) -> User:
        """An interviewer of another site."""
        grant = authorize(self.rooms.noor, Permission.GRANT_ROLES, trial=self.rooms.trial)
        with act("site.open", grant=grant) as a:
            site = a.create(Site(trial=self.rooms.trial, code="QC", name="Québec", time_zone="America/Toronto"))
        user = User.objects.create_user("otto@example.org", "Otto")
        memberships.grant(user=user, trial=self.rooms.trial, role=Role.INTERVIEWER, site=site, by=self.rooms.noor)
        return user


@pytest.fixture
def world(db: None, client: Client) -> Iterator[World]:
    with clock.moved_to(people.MONDAY):
        made = rooms.build()
        made.book(made.baseline(), days=3)
        client.force_login(made.cast.ingrid)
        yield World(made, client)
