"""Somebody who consented on a Monday, and the link to the baseline questionnaires."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.permissions import Permission
from audit.actors import Actor
from core import clock
from instruments import catalogue
from outcomes.actions import drafts, links, visits
from outcomes.models import Form, Link, Visit
from participants.models import Participant
from tests import cast
from trials.access import authorize
from trials.models import Trial


@dataclass
class World:
    """A participant with a link, and the pages seen by them."""

    trial: Trial
    people: cast.Cast
    participant: Participant
    link: Link
    token: str
    client: Client

    @property
    def by(self) -> Actor:
        return links.actor_of(self.link)

    def form(self, instrument: str) -> Form:
        return Form.objects.get(participant=self.participant, visit=self.link.visit, instrument=instrument)

    def url(self, instrument: str = "", rest: str = "") -> str:
        middle = f"{self.form(instrument).pk}/" if instrument else ""
        return f"/q/{self.token}/{middle}{rest}"

    def link_to(self, visit: str, number: int = 1) -> str:
        """The token of a new link to another visit."""
        planned = Visit.objects.get(participant=self.participant, code=visit, number=number)
        self.link, self.token = links.issue(participant=self.participant, visit=planned, grant=self.grant())
        return self.token

    def randomized(self) -> None:
        """What randomization hands down, and the visits that follow from it."""
        cast.hand_down_randomized(self.participant)
        visits.lay_out(participant=self.participant, grant=self.grant())

    def grant(self):  # type: ignore[no-untyped-def]
        by = cast.actor(self.people.elise)
        return authorize(by, Permission.SEND_LINK, trial=self.trial, site=self.participant.site)

    def answer_all(self, instrument: str, value: int, *, but: int = 0) -> None:
        """The same code for every item but the last so many."""
        form = self.form(instrument)
        items = catalogue.load(instrument).items
        for item in items[: len(items) - but]:
            drafts.save_item(form=form, item=item.code, value=value, by=self.by)


@pytest.fixture
def monday(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    cache.clear()
    monkeypatch.setattr(clock, "machine_time", lambda: 0.0)
    with clock.moved_to(cast.MONDAY):
        yield


@pytest.fixture
def make_world(monday: None, client: Client) -> Callable[..., World]:
    def make(language: str = "en", protocol: str | None = None) -> World:
        trial = cast.make_trial(protocol)
        people = cast.cast_of(trial)
        participant = cast.consented(trial, people, language=language)
        grant = authorize(cast.actor(people.elise), Permission.SEND_LINK, trial=trial, site=participant.site)
        visits.lay_out(participant=participant, grant=grant)
        visit = Visit.objects.get(participant=participant, code="baseline")
        link, token = links.issue(participant=participant, visit=visit, grant=grant)
        return World(trial, people, participant, link, token, client)

    return make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()
