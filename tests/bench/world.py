"""The trial that is measured: a dozen people in every state by the real verbs, then many copies of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings

from accounts.models import User
from accounts.roles import Role
from audit.actors import Actor, ActorKind, Origin
from core import clock
from demo import building
from demo.characters import Character, characters
from demo.clockwork import live
from demo.company import Company, found
from demo.lives import life
from demo.screening import AT_RANDOMIZATION
from outcomes.actions import visits
from participants.actions import screening
from participants.models import Participant
from tests.conftest import become_web_role
from trials.access import system_grant
from trials.actions import memberships

LONG_LIST = 12_000
"""Slots of a stratum: enough for every copy."""

_SWEEP = Actor(ActorKind.SYSTEM, "sweep", "Sweep", Origin.TASK)
_UNDER_WAY = frozenset(
    {
        Participant.State.SCREENING,
        Participant.State.ELIGIBLE,
        Participant.State.CONSENTED,
        Participant.State.RANDOMIZED,
    }
)


@dataclass
class World:
    """The trial, its people, who takes over the copies of each therapist, and the owner's way in."""

    company: Company
    colleagues: dict[str, User]
    owner: dict[str, object]
    originals: list[Participant]

    def finished(self) -> list[Participant]:
        """Who is through, or left: of them a trial gets ever more."""
        return [each for each in self.originals if each.state not in _UNDER_WAY]

    def under_way(self) -> list[Participant]:
        """Who is asked for something: of them a site can take only so many at a time."""
        return [each for each in self.originals if each.state in _UNDER_WAY]

    def by(self, key: str) -> Actor:
        return self.company.by(key)


def build() -> World:
    """Migrate as the owner, then tell a short story as the web role."""
    if connection.vendor == "postgresql":
        call_command("provision_roles", verbosity=0)
    call_command("migrate", verbosity=0)
    owner = become_web_role()
    building.hurry()
    now = clock.now()
    design = building.DESIGN | {"slots_per_stratum": LONG_LIST}
    # The demo may recruit on placeholder wordings.
    with override_settings(ARMSLENGTH_DEMO=True):
        company = found(
            "strong-back.yaml", at=now - timedelta(days=275), design=design, qualifications=building.QUALIFIED
        )
    colleagues = {key: _colleague(company, key, code) for key, code in building.QUALIFIED.items()}
    live([life(company, each) for each in _few(now)], until=now, tell=lambda _moment: None)
    _reconfirm(company)
    # As every night: nothing stays due of those who left.
    visits.close_overdue(trial=company.trial, now=clock.now(), grant=system_grant(company.trial, _SWEEP))
    # From here on with the connections that a server has.
    connections.close_all()
    return World(company, colleagues, owner, list(Participant.objects.order_by("-screened_on", "number")))


def _few(now: datetime) -> list[Character]:
    """One of each fate, and a second one in training; the first session of who is ready is today."""
    seen: dict[str, int] = {}
    few = []
    for character in characters(now):
        seen[character.path] = seen.get(character.path, 0) + 1
        if seen[character.path] <= (2 if character.path == "trains" else 1):
            character.first_session = now - timedelta(hours=1) if character.path == "ready" else None
            few.append(character)
    return few


def _colleague(company: Company, key: str, qualification: str) -> User:
    """Treats the copies of another therapist's participants: more participants mean more therapists."""
    user = User.objects.create_user(f"{key}.colleague@example.org", f"Colleague of {key}")
    memberships.grant(
        user=user,
        trial=company.trial,
        role=Role.THERAPIST,
        site=company.site,
        qualification=qualification,
        by=company.by("noor"),
    )
    return user


def _reconfirm(company: Company) -> None:
    """Whoever is ready is decided on again, so that only the allocation is left to do."""
    for participant in Participant.objects.filter(trial=company.trial, appointments__purpose="session"):
        if participant.state == Participant.State.CONSENTED:
            screening.decide(
                participant=participant, stage="randomization", answers=AT_RANDOMIZATION, by=company.by("elise")
            )
