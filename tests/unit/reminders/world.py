"""STRONG-BACK for tests of reminders: the cast, and the few steps of participants that reminders hang on."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from audit.actors import Actor, Grant
from outcomes.actions import links, responses, visits
from outcomes.models import Form, Visit
from participants.actions import milestones
from participants.models import Participant
from reminders.actions.sweep import REMINDERS
from tests import cast
from trials.access import system_grant
from trials.models import Site, Trial

ZONE = ZoneInfo("America/Toronto")
START = datetime(2026, 5, 4, 10, tzinfo=ZONE)
"""A Monday, ten in the morning in Montreal."""


@dataclass
class World:
    trial: Trial
    site: Site
    by: Actor

    def person(
        self, name: str = "anna", language: str = "en", email: str | None = None, phone: str = ""
    ) -> Participant:
        """Somebody who consented just now: the baseline and the first nights of the sleep diary are laid out."""
        contact: dict[str, Any] = {"name": name, "email": f"{name}@example.org" if email is None else email}
        if phone:
            contact["phone"] = phone
        participant = cast.consented(self.trial, cast.cast_of(self.trial), language=language, contact=contact)
        visits.lay_out(participant=participant, grant=self.system())
        return participant

    def randomize(self, participant: Participant, day: date) -> None:
        """Hand down the day of randomization: the weekly ratings and the visit at 16 weeks are laid out."""
        milestones.hand_down(participant=participant, kind="randomized", day=day, grant=self.system())
        visits.lay_out(participant=participant, grant=self.system())

    def rate(self, visit: Visit) -> None:
        """The participant answers a weekly rating by a link."""
        _link, token = links.issue(participant=visit.participant, visit=visit, grant=self.system())
        form = Form.objects.get(visit=visit, instrument="nprs")
        responses.submit(form=form, answers={"nprs": 3}, by=links.actor_of(links.open(token)))

    def system(self) -> Grant:
        return system_grant(self.trial, REMINDERS)


def build() -> World:
    trial = cast.make_trial()
    return World(trial, cast.first_site(trial), cast.actor(cast.cast_of(trial).elise))
