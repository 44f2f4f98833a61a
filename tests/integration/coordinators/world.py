"""What tests of the blind pages need of the cast's trial."""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.permissions import Permission
from audit.actors import Actor, ActorKind, Grant, Origin
from audit.acts import act
from core import clock
from instruments import catalogue
from instruments.answers import shown_items
from instruments.definition import Item
from outcomes.actions import enrolment, responses, visits
from outcomes.models import Form
from participants.models import Participant
from tests import cast as people
from trials.access import authorize
from trials.models import Site, Trial


@dataclass
class World:
    """A recruiting trial, its people, and addresses of its pages."""

    trial: Trial
    cast: people.Cast
    code: str = field(init=False)

    def __post_init__(self) -> None:
        self.code = self.trial.code

    @classmethod
    def build(cls, protocol_text: str | None = None) -> "World":
        trial = people.make_trial(protocol_text)
        return cls(trial, people.cast_of(trial))

    @property
    def site(self) -> Site:
        return people.first_site(self.trial)

    @property
    def coordinator(self) -> Actor:
        return people.actor(self.cast.elise)

    def browser(self, name: str) -> Client:
        """Somebody of the cast, logged in, reading English."""
        client = Client()
        client.force_login(getattr(self.cast, name))
        client.cookies["django_language"] = "en"
        return client

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(name, kwargs={"trial": self.code, **kwargs})

    def grant(self, permission: Permission = Permission.CONSENT) -> Grant:
        return authorize(self.coordinator, permission, trial=self.trial, site=self.site)

    def eligible(self, **changes: Any) -> Participant:
        return people.screen_eligible(self.trial, self.cast, **changes)

    def consented(self, **changes: Any) -> Participant:
        """Somebody who agreed to everything, with the visits laid out."""
        participant = self.eligible(**changes)
        people.consent(participant)
        visits.lay_out(participant=participant, grant=self.grant())
        return participant

    def randomized(self, **changes: Any) -> Participant:
        """Somebody consented and randomized today, as far as the blind layers know."""
        participant = self.consented(**changes)
        people.hand_down_randomized(participant)
        participant.refresh_from_db()
        visits.lay_out(participant=participant, grant=self.grant())
        return participant

    def form(self, participant: Participant, visit: str, instrument: str, number: int = 1) -> Form:
        return Form.objects.get(participant=participant, visit__code=visit, visit__number=number, instrument=instrument)

    def submit(self, form: Form, **changes: Any) -> None:
        """Whole, plausible answers, by whoever fills such forms."""
        participant = Actor(ActorKind.PARTICIPANT, str(form.participant_id), form.participant.number, Origin.WEB)
        by = {"participant": participant, "assessor": people.actor(self.cast.amelie)}.get(
            form.filled_by, self.coordinator
        )
        answers = answered(form.instrument)
        for item in changes.get("missing", {}):
            del answers[item]
        responses.submit(form=form, by=by, answers=answers, **changes)

    def book(self, participant: Participant, **changes: Any) -> Any:
        known = {"purpose": "assessment", "place": "reception", "by": self.coordinator, **changes}
        return enrolment.book_appointment(participant=participant, **known)

    def elsewhere(self) -> Participant:
        """Somebody at another site, where the coordinator has no role."""
        grant = authorize(people.actor(self.cast.noor), Permission.GRANT_ROLES, trial=self.trial)
        with act("site.open", grant=grant) as a:
            site = a.create(Site(trial=self.trial, code="QC", name="Quebec", time_zone="America/Toronto"))
        with act("participants.screen", grant=grant) as a:
            number = "QC-ZZZZ"
            return a.create(
                Participant(
                    trial=self.trial,
                    site=site,
                    number=number,
                    language="en",
                    state=Participant.State.ELIGIBLE,
                    screened_on=clock.today(site.time_zone),
                )
            )


def answered(instrument: str) -> dict[str, Any]:
    """A whole, plausible set of answers."""
    definition = catalogue.load(instrument)
    answers: dict[str, Any] = {}
    for _round in definition.items:
        missing = [item for item in shown_items(definition, answers) if item.code not in answers]
        if not missing:
            break
        answers[missing[0].code] = _plausible(missing[0])
    return answers


def _plausible(item: Item) -> Any:
    if item.options:
        first = item.options[0].code
        return [first] if item.kind == "multiple" else first
    if item.kind in ("date", "time", "text"):
        return {"date": "2026-02-01", "time": "22:30", "text": "words"}[item.kind]
    low = item.minimum if item.plausible_minimum is None else item.plausible_minimum
    return float(low or 0) if item.kind == "decimal" else int(low or 0)
