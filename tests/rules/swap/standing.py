"""Everybody who may stand before an address: each role, each at another site, a colleague of another trial, nobody."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from accounts import tokens
from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from audit.acts import act
from core import clock
from demo.cast import CAST, actor
from tests.rules.swap.addresses import Address
from tests.rules.swap.answers import CSRF, whole_body
from tests.rules.swap.extras import NOW
from tests.rules.swap.known_ids import known_ids
from tests.rules.swap.values import Values
from tests.rules.swap.visitors import send
from tests.rules.swap.worlds import World
from trials.access import authorize
from trials.actions import memberships
from trials.models import Site

OUTSIDER = "outsider"
NOBODY = "nobody"
NOT_THERE: dict[str, Any] = {"number": "MTL-0000", "session": 47, "stage": "no_such_stage"}
NO_RECORD = UUID("00000000-0000-4000-8000-000000000000")
NO_TRIAL = "NO-SUCH-TRIAL"


@dataclass(frozen=True)
class Heard:
    """What somebody was told: the status, where they were sent, and the body without their own words and token."""

    status: int
    location: str
    body: bytes

    def lines(self) -> list[str]:
        """All of it as text."""
        return [str(self.status), self.location, *self.body.decode(errors="backslashreplace").splitlines()]


@dataclass
class Standing:
    """People before the addresses of a world. ``people`` by name: roles, roles elsewhere, an outsider."""

    world: World
    people: dict[str, User] = field(default_factory=dict)
    _browsers: dict[str, Client] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values = Values(self.world)
        with clock.moved_to(NOW), known_ids("standing"):
            elsewhere = self._second_site()
            for role in Role:
                self.people[role] = self._held(role) or self._join(f"{role}.here", role, self.world.company.site)
                self.people[f"{role} elsewhere"] = self._join(f"{role}.elsewhere", role, elsewhere)
            self.people[OUTSIDER] = User.objects.create_user("outsider@example.org", "Otto Outsider")
            for name, user in self.people.items():
                self._tokens[name] = tokens.issue(user=user, purpose="walls", days=9, by=actor(user))[1]

    def there(self, address: Address) -> dict[str, Any]:
        """Arguments of a record that is there, in the trial's first site."""
        given = next(self.values.fill(address), None)
        assert given is not None, f"The small world holds nothing that {address.name} could show."
        return given

    def not_there(self, address: Address) -> dict[str, Any]:
        """Arguments of a record that is not."""
        given = {name: NOT_THERE.get(name, NO_RECORD) for name in address.arguments}
        return {**given, "trial": self.world.trial.code}

    def hear(self, name: str, method: str, address: Address, given: dict[str, Any]) -> Heard:
        """One request, undone."""
        url, browser = reverse(address.name, kwargs=given), self._browser(name)
        with clock.moved_to(NOW), known_ids(f"{name} {method} {url}"), transaction.atomic():
            answer = send(browser, method, url, self._tokens.get(name, ""))
            heard = _heard(answer, url)
            transaction.set_rollback(True)
        return heard

    def _browser(self, name: str) -> Client:
        if name not in self._browsers:
            self._browsers[name] = Client()
            if name in self.people:
                self._browsers[name].force_login(self.people[name])
        return self._browsers[name]

    def _held(self, role: Role) -> User | None:
        key = next((person.key for person in CAST if person.role is role), None)
        return self.world.company.people[key] if key else None

    def _join(self, login: str, role: Role, site: Site) -> User:
        user = User.objects.create_user(f"{login}@example.org", f"Colleague {login}")
        by = self.world.company.by("noor")
        memberships.grant(
            user=user, trial=self.world.trial, role=role, site=site, qualification="athletic_therapist", by=by
        )
        return user

    def _second_site(self) -> Site:
        trial = self.world.trial
        grant = authorize(self.world.company.by("noor"), Permission.LOAD_PROTOCOL, trial=trial)
        with act("site.open", grant=grant) as a:
            return a.create(Site(trial=trial, code="QUE", name="Québec", time_zone="America/Toronto"))


def _heard(answer: HttpResponseBase, url: str) -> Heard:
    body = CSRF.sub(rb"\1\2", whole_body(answer)).replace(url.encode(), b"")
    return Heard(answer.status_code, answer.get("Location", ""), body)
