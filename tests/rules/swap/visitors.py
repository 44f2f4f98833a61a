"""Who looks: everybody who must not learn an arm."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from accounts.roles import ROLES, Role
from demo.cast import CAST
from tests.rules.swap.worlds import World


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser, and with a program where they have a token.

    ``key``: of the cast; "" for people without a login, who may hold a link.
    """

    name: str
    key: str = ""
    by_link: bool = False

    def browser(self, world: World) -> Client:
        client = Client()
        if self.key:
            client.force_login(world.company.people[self.key])
        return client

    def ask(self, client: Client, world: World, method: str, url: str, body: dict[str, Any] | None = None) -> Any:
        """One request, with their token to the API."""
        return send(client, method, url, world.tokens[self.key] if self.key else "", body)


def send(client: Client, method: str, url: str, token: str, body: dict[str, Any] | None = None) -> Any:
    """One request: JSON with a token to the API, a form by browser everywhere else."""
    if not url.startswith("/api/"):
        return client.get(url) if method == "GET" else client.post(url, body or {})
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if method == "GET":
        return client.get(url, headers=headers)
    return client.post(url, json.dumps(body or {}), content_type="application/json", headers=headers)


BLINDED = frozenset(role for role, definition in ROLES.items() if not definition.unblinding)
STAFF = tuple(Visitor(str(person.role), person.key) for person in CAST if person.role in BLINDED)
BY_LINK = Visitor("participant", by_link=True)
ANYBODY = Visitor("visitor")
VISITORS = (*STAFF, BY_LINK, ANYBODY)
"""From whom the arm is concealed."""
THERAPISTS = tuple(Visitor(f"{person.role} {person.key}", person.key) for person in CAST if person.role == "therapist")
WITHOUT_STRATUM = (*THERAPISTS, BY_LINK, ANYBODY)
"""From whom the stratum is concealed."""
CONCEALED_FROM = frozenset({"therapist", "participant"})
EVERYBODY = (*STAFF, *WITHOUT_STRATUM)


def roles_looking() -> frozenset[Role]:
    """The roles that are looked through."""
    return frozenset(Role(visitor.name) for visitor in STAFF)
