"""The cast's trial as these tests need it: participants whose visits are laid out, and whole sets of answers."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from audit.actors import Actor, ActorKind, Grant, Origin
from audit.acts import act
from core import clock
from instruments import catalogue
from instruments.answers import shown_items
from instruments.definition import Item
from outcomes.actions import enrolment, signing, visits
from outcomes.models import Form, Visit
from outcomes.queries.signing import content_of, own_responses
from participants.actions import milestones
from participants.models import Participant
from review.models import Signature
from tests import cast as people
from trials.access import authorize
from trials.actions import memberships, protocols
from trials.models import Site, Trial

START = datetime(2026, 5, 4, 14, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Montreal."""
GUESSES_ASKED = "- {by: assessor, visits: [week16]}"


def ask_for_guesses(trial: Trial, *who: str) -> None:
    """An amendment by which the arm is guessed after the baseline forms, which is easier reached than week 16."""
    asked = "\n    ".join(f"- {{by: {each}, visits: [baseline]}}" for each in who)
    text = people.STRONG_BACK.read_text(encoding="utf-8")
    assert GUESSES_ASKED in text
    protocols.load(text=text.replace(GUESSES_ASKED, asked), by=people.actor(people.cast_of(trial).noor))


def participant_actor(participant: Participant) -> Actor:
    return Actor(ActorKind.PARTICIPANT, str(participant.pk), participant.number, Origin.WEB)


@dataclass
class World:
    """A recruiting trial with its cast as actors."""

    trial: Trial
    cast: people.Cast

    @property
    def site(self) -> Site:
        return people.first_site(self.trial)

    @property
    def coordinator(self) -> Actor:
        return people.actor(self.cast.elise)

    @property
    def assessor(self) -> Actor:
        return people.actor(self.cast.amelie)

    @property
    def interviewer(self) -> Actor:
        return people.actor(self.cast.ingrid)

    @property
    def therapist(self) -> Actor:
        return people.actor(self.cast.marc)

    @property
    def manager(self) -> Actor:
        return people.actor(self.cast.noor)

    @property
    def monitor(self) -> Actor:
        return people.actor(self.cast.tomas)

    def another(self, role: Role, name: str, site: Site | None = None) -> Actor:
        """One more person of a role, at one site or all."""
        user = User.objects.create_user(f"{name}@example.org", name)
        memberships.grant(user=user, trial=self.trial, role=role, by=self.manager, site=site)
        return people.actor(user)

    def grant(self, permission: Permission = Permission.CONSENT) -> Grant:
        return authorize(self.coordinator, permission, trial=self.trial, site=self.site)

    def consented(self, **clauses: bool) -> Participant:
        """Somebody who agreed to every clause but those given, with the visits laid out."""
        participant = people.screen_eligible(self.trial, self.cast)
        self.consent_again(participant, **clauses)
        return participant

    def consent_again(self, participant: Participant, **clauses: bool) -> None:
        agreed = {"sharing": True, "interview": True, "recording": True, "recontact": True, **clauses}
        enrolment.record_consent(
            participant=participant,
            version="1.0",
            language="en",
            clauses=agreed,
            explained_by=self.cast.elise,
            signed_at=clock.now(),
            by=self.coordinator,
        )

    def reach(self, participant: Participant, kind: str, day: date | None, number: int = 0) -> None:
        """Hand down a milestone as the upper rooms do, and lay out the visits."""
        milestones.hand_down(participant=participant, kind=kind, day=day, number=number, grant=self.grant())
        visits.lay_out(participant=participant, grant=self.grant())


def build() -> World:
    trial = people.make_trial()
    return World(trial, people.cast_of(trial))


def other_site(world: World) -> Site:
    grant = authorize(world.manager, Permission.GRANT_ROLES, trial=world.trial)
    with act("site.open", grant=grant) as a:
        return a.create(Site(trial=world.trial, code="QC", name="Quebec", time_zone="America/Toronto"))


def form_of(participant: Participant, visit: str, instrument: str, number: int = 1) -> Form:
    return Form.objects.get(participant=participant, visit__code=visit, visit__number=number, instrument=instrument)


def visit_of(participant: Participant, code: str, number: int = 1) -> Visit:
    return Visit.objects.get(participant=participant, code=code, number=number)


def sign(visit: Visit, by: Actor) -> Signature:
    """Somebody reads what they measured at a visit and signs it."""
    return signing.sign(visit=visit, seen=content_of(own_responses(visit, by.id)), by=by)


def answered(instrument: str, **given: Any) -> dict[str, Any]:
    """A whole, plausible set of answers; ``given`` replaces some."""
    definition = catalogue.load(instrument)
    answers: dict[str, Any] = dict(given)
    for _round in definition.items:
        missing = [item for item in shown_items(definition, answers) if item.code not in answers]
        if not missing:
            break
        answers[missing[0].code] = _plausible(missing[0])
    return answers


def without(answers: dict[str, Any], *items: str) -> dict[str, Any]:
    return {code: value for code, value in answers.items() if code not in items}


def _plausible(item: Item) -> Any:
    if item.options:
        first = item.options[0].code
        return [first] if item.kind == "multiple" else first
    if item.kind == "date":
        return "2026-05-01"
    if item.kind == "time":
        return "22:30"
    if item.kind == "text":
        return "words"
    low = item.minimum if item.plausible_minimum is None else item.plausible_minimum
    return float(low or 0) if item.kind == "decimal" else int(low or 0)


def days(count: int) -> timedelta:
    return timedelta(days=count)
