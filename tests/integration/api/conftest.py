"""The trial on a Monday, and callers with tokens."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts import tokens
from accounts.models import User
from accounts.roles import Role
from core import clock
from outcomes.actions import enrolment
from outcomes.models import Form
from participants.models import Participant
from tests import cast
from tests.unit.randomization_db.world import World as Stage
from trials.actions import memberships
from trials.models import Trial
from trials.queries import protocol_of

SECOND_SITE = """
  - code: QUE
    name: {en: Quebec, fr: Québec}
    time_zone: America/Toronto
    languages: [en, fr]
"""
"""After Montreal, where the cast works."""


@dataclass
class Caller:
    """Somebody's program: JSON in, JSON out."""

    token: str = ""
    trial: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str = "", **query: Any) -> Any:
        return Client().get(self.url(path), query, headers=self._headers())

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        data = body if isinstance(body, bytes | str) else json.dumps(body or {})
        sent = {**self._headers(), **{name.replace("_", "-"): value for name, value in headers.items()}}
        return Client().post(self.url(path), data, content_type="application/json", headers=sent)

    def url(self, path: str) -> str:
        return path if path.startswith("/") else f"/api/v1/trials/{self.trial}/{path}"

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


@dataclass
class World:
    """A recruiting trial with the whole cast, at one site."""

    trial: Trial
    people: cast.Cast

    def caller(self, user: User | None) -> Caller:
        text = ""
        if user is not None:
            _token, text = tokens.issue(user=user, purpose="tests", days=30, by=cast.actor(user))
        return Caller(text, self.trial.code)

    @property
    def stage(self) -> Stage:
        """The way to randomization."""
        return Stage(self.trial, self.people)

    def consented(self) -> Participant:
        """Somebody whose baseline visit is laid out."""
        participant = self.someone()
        give_consent(participant, self.people)
        return participant

    def form(self, participant: Participant, instrument: str) -> Form:
        return Form.objects.get(participant=participant, visit__code="baseline", instrument=instrument)

    def someone(self) -> Participant:
        return cast.screen_eligible(self.trial, self.people)

    def somebody_elsewhere(self) -> Participant:
        """Somebody at the other site, where the coordinator, assessor and therapists do not work."""
        site = self.trial.sites.get(code="QUE")
        boss = cast.actor(self.people.noor)
        olga = User.objects.create_user("olga@example.org", "Olga Petrov")
        memberships.grant(user=olga, trial=self.trial, role=Role.COORDINATOR, site=site, by=boss)
        contact = {"name": "Ana Lopes"}
        return cast.screen_eligible(self.trial, self.people, site=site, contact=contact, by=cast.actor(olga))


@pytest.fixture
def monday(db: None) -> Iterator[None]:
    cache.clear()
    with clock.moved_to(cast.MONDAY):
        yield


def give_consent(participant: Participant, people: cast.Cast) -> None:
    newest = protocol_of(participant.trial).consent.document_for("en")
    assert newest is not None
    enrolment.record_consent(
        participant=participant,
        version=newest.version,
        language="en",
        clauses={clause.code: True for clause in protocol_of(participant.trial).consent.clauses},
        explained_by=people.elise,
        signed_at=clock.now(),
        by=cast.actor(people.elise),
    )


def _with_second_site(text: str) -> str:
    head, found, rest = text.partition("\nsites:\n")
    assert found
    before, found, after = rest.partition("\nappointments:\n")
    return f"{head}\nsites:\n{before}{SECOND_SITE}{found}{after}"


@pytest.fixture
def make_world(monday: None) -> Callable[..., World]:
    def make(randomized_by: str = "therapist") -> World:
        text = cast.STRONG_BACK.read_text(encoding="utf-8")
        text = text.replace("  roles: [therapist]\n", f"  roles: [{randomized_by}]\n")
        trial = cast.make_trial(_with_second_site(text))
        return World(trial, cast.cast_of(trial))

    return make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()


@pytest.fixture
def later() -> Callable[[timedelta], None]:
    return clock.advance
