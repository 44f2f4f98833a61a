"""Setting a trial up: protocol, people, signature, sealed list. Every step by the person whose step it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.models import User
from accounts.roles import Role
from audit.actors import Actor, Origin
from core import clock
from demo.cast import AT_ONE_SITE, CAST, Person, actor, user_of
from randomization.actions import sequences
from review.actions import signatures
from review.models import Signature
from trials.actions import memberships, protocols, states
from trials.models import Site, Trial
from trials.protocol.signing import strata_hash
from trials.queries import protocol_of

PROTOCOLS = Path(settings.BASE_DIR) / "trials" / "protocols"


@dataclass(frozen=True)
class Company:
    """A trial and the people who work in it, by their key in the cast."""

    trial: Trial
    site: Site
    people: dict[str, User]

    def by(self, key: str) -> Actor:
        """A person of the cast, acting."""
        return actor(self.people[key])


def found(protocol_file: str, *, at: datetime, design: dict[str, Any], qualifications: dict[str, str]) -> Company:
    """Load a protocol, give the cast their roles, have the strata signed and the list prepared and activated."""
    with clock.moved_to(at):
        people = {person.key: user_of(person.key) for person in CAST}
        loader = actor(people["noor"], Origin.COMMAND)
        trial = protocols.load(text=(PROTOCOLS / protocol_file).read_text(encoding="utf-8"), by=loader).trial
        company = Company(trial, trial.sites.order_by("code")[0], people)
        for person in CAST:
            if person.role is not Role.DATA_MANAGER:
                _join(company, person, qualifications.get(person.key, ""))
        states.open_recruitment(trial=trial, by=company.by("noor"))
    with clock.moved_to(at + timedelta(hours=2)):
        _sign_strata(company)
    with clock.moved_to(at + timedelta(hours=3)):
        draft = sequences.prepare(trial=trial, design=design, by=company.by("samuel"))
    with clock.moved_to(at + timedelta(hours=20)):
        sequences.activate(sequence=draft, by=company.by("ruth"))
    return company


def _join(company: Company, person: Person, qualification: str) -> None:
    memberships.grant(
        user=company.people[person.key],
        trial=company.trial,
        role=person.role,
        site=company.site if person.role in AT_ONE_SITE else None,
        qualification=qualification,
        by=company.by("noor"),
    )


def _sign_strata(company: Company) -> None:
    signatures.sign(
        kind=Signature.Kind.STRATA,
        trial=company.trial,
        subject=company.trial,
        content_hash=strata_hash(protocol_of(company.trial)),
        meaning="I approve the strata and their cut-offs.",
        by=company.by("helen"),
    )
