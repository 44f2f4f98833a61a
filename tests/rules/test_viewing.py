"""Whoever views as a blinded role gets, byte for byte, what somebody of that role gets: banner and name apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import groupby, islice
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from accounts.roles import Role
from core import clock
from demo.cast import CAST
from tests.rules.swap.answers import Answer
from tests.rules.swap.crawler import Asked, Crawl, name_of
from tests.rules.swap.differences import first_difference
from tests.rules.swap.known_ids import known_ids
from tests.rules.swap.looking import told, undone
from tests.rules.swap.stories import SMALL
from tests.rules.swap.visitors import BLINDED, Visitor
from tests.rules.swap.worlds import NOW, World
from trials.actions import memberships

BANNER = re.compile(rb'<aside class="viewing".*?</aside>\n', re.DOTALL)
PERSONAL = re.compile(rb'<section class="card" id="own-calendar">.*?</section>', re.DOTALL)
"""The link to one's calendar is of the person: whoever views has their own, or none."""
MARK = re.compile(rb'(name="typed_by" value=")[^"]*')
"""Whose page a form is."""
OWN = ("account_", "mfa_", "api:", "viewing_stop")
"""A person's account and programs are their own while they view; only the banner leads to stopping."""
VIEWERS = {
    Role.DATA_MANAGER: {Role.ASSESSOR, Role.INVESTIGATOR, Role.MONITOR},
    Role.UNBLINDED_COORDINATOR: {Role.COORDINATOR, Role.DATA_MANAGER},
}
"""Data managers may not read contact details, which coordinators' pages hold. Together they view every blinded role."""
RECORDS = 3
"""Records of one kind that are read."""
PAIRS = [(viewer, role) for viewer, roles in VIEWERS.items() for role in sorted(roles)]


@dataclass(frozen=True)
class Viewer(Visitor):
    """Somebody whose browser views already as the role that the visitor is called by."""

    client: Any = None

    def browser(self, world: World) -> Client:
        client: Client = self.client
        return client


@dataclass
class Reading(Crawl):
    """Looks at a few records of each kind, from the addresses alone, and sends nothing."""

    def _filled(self, visitor: Visitor) -> list[str]:
        by_name = groupby(sorted(super()._filled(visitor), key=name_of), key=name_of)
        return [url for _name, urls in by_name for url in islice(urls, RECORDS)]

    def _onward(self, *_: Any) -> Iterator[str]:
        return iter(())

    def _questions(self, visitor: Visitor, url: str, closed: set[str]) -> Iterator[tuple[Asked, dict[str, Any] | None]]:
        if not name_of(url).startswith(OWN):
            yield from (each for each in super()._questions(visitor, url, closed) if each[0].method == "GET")


@dataclass
class Seen:
    """One world, the browsers of those who view in it, and what everybody read."""

    world: World
    users: dict[Role, User]
    browsers: dict[tuple[Role, Role], Client] = field(default_factory=dict)
    answers: dict[Visitor, dict[Asked, Answer]] = field(default_factory=dict)

    def begin(self) -> None:
        """Everybody begins to view, before anybody reads: the trail is the same for all."""
        for viewer, role in PAIRS:
            held = self.user_of(role).memberships.get(trial=self.world.trial, role=role)
            client = self.browsers[viewer, role] = Client()
            client.force_login(self.users[viewer])
            sent = {"role": role, "site": held.site.code if held.site else "all"}
            assert client.post(reverse("viewing", args=[self.world.trial.code]), sent).status_code == 302

    def by(self, role: Role) -> dict[Asked, Answer]:
        """What somebody of a role reads."""
        return self._read(Visitor(str(role), key_of(role)), self.user_of(role))

    def through(self, viewer: Role, role: Role) -> dict[Asked, Answer]:
        """What somebody reads who views as a role."""
        visitor = Viewer(str(role), key_of(role), client=self.browsers[viewer, role])
        return self._read(visitor, self.users[viewer])

    def user_of(self, role: Role) -> User:
        return self.world.company.people[key_of(role)]

    def _read(self, visitor: Visitor, user: User) -> dict[Asked, Answer]:
        if visitor not in self.answers:
            # What the person who has a role knocked at in vain is of that person, and not read by whoever views.
            with undone(), patch("web.refusals._note"):
                found = Reading(self.world, (visitor,)).run()
            self.answers[visitor] = {asked: plain(each, user) for asked, each in found.items()}
        return self.answers[visitor]


def key_of(role: Role) -> str:
    return next(person.key for person in CAST if person.role is role)


def plain(answer: Answer, user: User) -> Answer:
    """An answer without banner, and without whose login it is."""
    body = MARK.sub(rb"\1<own>", PERSONAL.sub(b"", BANNER.sub(b"", answer.body)))
    body = body.replace(f"<b>{escape(user.name)}</b></a>".encode(), b"<own>")
    headers = tuple((name, "" if name == "Content-Length" else value) for name, value in answer.headers)
    return Answer(answer.status, headers, answer.cookies, body, answer.post)


@pytest.fixture(scope="module")
def seen(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Seen]:
    with django_db_blocker.unblock(), told(SMALL, exchanged=False, with_second=False) as world:
        with clock.moved_to(NOW), known_ids("viewers"):
            ulla = User.objects.create_user("ulla@example.org", "Ulla Unblinded")
            by = world.company.by("noor")
            memberships.grant(user=ulla, trial=world.trial, role=Role.UNBLINDED_COORDINATOR, by=by)
            there = Seen(world, {Role.DATA_MANAGER: world.company.people["noor"], Role.UNBLINDED_COORDINATOR: ulla})
            there.begin()
        yield there


def test_every_blinded_role_is_viewed() -> None:
    assert set().union(*VIEWERS.values()) == BLINDED


@pytest.mark.parametrize(("viewer", "role"), PAIRS, ids=lambda role: str(role))
def test_a_view_is_what_the_role_gets(viewer: Role, role: Role, seen: Seen) -> None:
    real, viewed = seen.by(role), seen.through(viewer, role)
    read = [asked for asked, answer in real.items() if answer.status == 200]
    assert len(read) > 10
    assert not (found := first_difference(real, viewed)), found


def test_the_banner_was_there_to_be_cut(seen: Seen) -> None:
    url = reverse("assessors:home", args=[seen.world.trial.code])
    with undone(), clock.moved_to(NOW):
        page = seen.browsers[Role.DATA_MANAGER, Role.ASSESSOR].get(url)
    assert len(BANNER.findall(page.content)) == 1
