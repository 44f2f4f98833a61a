"""Two participants with baseline forms due, and Amélie, who measures."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from audit.acts import act
from core import clock, ids
from outcomes.actions import responses, visits
from outcomes.models import Form, Visit
from participants.models import Participant
from tests import cast
from tests.unit.outcomes.world import answered, ask_for_guesses, sign
from trials.access import authorize
from trials.actions import memberships
from trials.models import Site, Trial


@dataclass
class World:
    """A trial with one participant at the assessor's site."""

    trial: Trial
    people: cast.Cast
    participant: Participant
    client: Client

    def form(self, instrument: str) -> Form:
        return Form.objects.get(participant=self.participant, visit__code="baseline", instrument=instrument)

    def url(self, instrument: str, rest: str = "") -> str:
        return f"/t/{self.trial.code}/assessments/forms/{self.form(instrument).pk}/{rest}"

    def shared_url(self, instrument: str, rest: str = "") -> str:
        return f"/t/{self.trial.code}/forms/{self.form(instrument).pk}/{rest}"

    def visit_url(self, rest: str = "", code: str = "baseline") -> str:
        visit = Visit.objects.filter(participant=self.participant, code=code)[0]
        return f"/t/{self.trial.code}/assessments/visits/{visit.pk}/{rest}"

    def home(self) -> str:
        return f"/t/{self.trial.code}/assessments/"

    def unknown(self, rest: str = "") -> str:
        return f"/t/{self.trial.code}/assessments/forms/{ids.new_id()}/{rest}"

    def assessor_elsewhere(self) -> User:
        """An assessor of another site."""
        noor = cast.actor(self.people.noor)
        grant = authorize(noor, Permission.GRANT_ROLES, trial=self.trial)
        with act("site.open", grant=grant) as a:
            site = a.create(Site(trial=self.trial, code="QC", name="Québec", time_zone="America/Toronto"))
        user = User.objects.create_user("other.assessor@example.org", "Other Assessor")
        memberships.grant(user=user, trial=self.trial, role=Role.ASSESSOR, site=site, by=noor)
        return user


@pytest.fixture
def world(db: None, client: Client) -> Iterator[World]:
    with clock.moved_to(cast.MONDAY):
        trial = cast.make_trial()
        people = cast.cast_of(trial)
        participant = cast.consented(trial, people)
        grant = authorize(cast.actor(people.elise), Permission.CONSENT, trial=trial, site=participant.site)
        visits.lay_out(participant=participant, grant=grant)
        client.force_login(people.amelie)
        yield World(trial, people, participant, client)


PASSWORD = "correct horse battery staple"


@pytest.fixture
def nearly(world: World) -> World:
    """A visit at which only the hips are left to measure; Amélie has a password."""
    ask_for_guesses(world.trial, "assessor")
    user = world.people.amelie
    user.set_password(PASSWORD)
    user.save()
    world.client.force_login(user)
    for instrument, given in (("medx_strength", {"done": 1}), ("dynamometry", {})):
        answers = answered(instrument, **given)
        responses.submit(form=world.form(instrument), answers=answers, by=cast.actor(user))
    return world


@pytest.fixture
def measured(nearly: World) -> World:
    """All of the visit is in, and nothing is signed."""
    nearly.client.post(nearly.url("hip_rom"), {**hip(), "step": "submit"})
    return nearly


@pytest.fixture
def signed(measured: World) -> World:
    """The visit is signed, and not guessed about."""
    visit = Visit.objects.get(participant=measured.participant, code="baseline")
    sign(visit, cast.actor(measured.people.amelie))
    return measured


def hip(**changes: str) -> dict[str, str]:
    """A whole set of hip angles as typed."""
    degrees = {"flexion": "110", "extension": "12,5"}
    trials = {f"{move}_{side}_{n}": degrees[move] for move in degrees for side in ("left", "right") for n in (1, 2, 3)}
    return {"done": "1", **trials, **changes}
