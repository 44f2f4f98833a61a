"""The named cast: always the same people, who reach every state by the real verbs. The demo tells of the same ones.

Times come from the clock, so hold it (``clock.moved_to(MONDAY)``); numbers and keys are random unless ids are seeded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from audit.records import writing
from core import clock
from demo import screening as screening_answers
from demo.cast import AT_ONE_SITE, CAST, actor
from demo.cast import person as person_of
from participants.actions import appointments, milestones, screening
from participants.actions import consent as consents
from participants.codes import SESSION
from participants.models import Appointment, Consent, Decision, Milestone, Participant
from participants.queries import protocol_for
from tests import remembered
from trials import access
from trials.actions import memberships, protocols, states
from trials.models import Membership, Site, Trial

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""A Monday inside enrolment, ten in the morning in Montreal."""
STRONG_BACK = Path(settings.BASE_DIR) / "trials" / "protocols" / "strong-back.yaml"


@dataclass(frozen=True)
class Cast:
    """Who works in the trial."""

    elise: User  # Élise Tremblay, coordinator
    marc: User  # Marc Roy, therapist (athletic therapist)
    priya: User  # Priya Nair, therapist (kinesiologist)
    amelie: User  # Amélie Gagnon, assessor
    ingrid: User  # Ingrid Solberg, interviewer
    samuel: User  # Samuel Osei, statistician who prepares
    ruth: User  # Ruth Levi, statistician who activates
    helen: User  # Dr. Helen Park, investigator
    tomas: User  # Tomás Silva, monitor
    leila: User  # Dr. Leila Farouk, safety physician
    noor: User  # Noor Haddad, data manager


PEOPLE = {each.key: (each.name, each.role, each.qualification) for each in CAST}


def email_of(name: str) -> str:
    """The login of a member of the cast, by the name of the field in ``Cast``."""
    return person_of(name).email


def make_trial(protocol_text: str | None = None, recruiting: bool = True) -> Trial:
    """A trial loaded from its protocol (STRONG-BACK unless given), with the whole cast, open for recruitment."""
    text = protocol_text or STRONG_BACK.read_text(encoding="utf-8")
    return remembered.again((text, recruiting, clock.now()), lambda: _made(text, recruiting))


def _made(text: str, recruiting: bool) -> Trial:
    noor = _user("noor")
    version = protocols.load(text=text, by=actor(noor))
    trial = version.trial
    first = first_site(trial)
    for name, (_words, role, qualification) in PEOPLE.items():
        if name != "noor":
            site = first if role in AT_ONE_SITE else None
            memberships.grant(
                user=_user(name), trial=trial, role=role, site=site, qualification=qualification, by=actor(noor)
            )
    if recruiting:
        with override_settings(ARMSLENGTH_DEMO=True):  # on placeholder wordings, as only the demo may
            states.open_recruitment(trial=trial, by=actor(noor))
    return trial


def cast_of(trial: Trial) -> Cast:
    """The people who work in a trial that ``make_trial`` made."""
    held = {user.email: user for user in User.objects.filter(memberships__trial=trial).distinct()}
    return Cast(**{name: held[email_of(name)] for name in PEOPLE})


def first_site(trial: Trial) -> Site:
    return trial.sites.order_by("code")[0]


def hold_as_well(user: User, trial: Trial, role: Role, site: Site | None = None, **more: Any) -> Membership:
    """A second role written past the wall between roles, as an installation may hold it from before there was one."""
    held = Membership(user=user, trial=trial, role=role, site=site, granted_at=clock.now(), granted_by="", **more)
    with writing():
        held.save(force_insert=True)
    return held


def _user(name: str) -> User:
    words, _role, _qualification = PEOPLE[name]
    held = User.objects.filter(email=email_of(name)).first()
    return held or User.objects.create_user(email_of(name), words)


ELIGIBLE = screening_answers.ELIGIBLE
"""Answers at screening of somebody whom STRONG-BACK admits."""

ELIGIBLE_LATER: dict[str, dict[str, Any]] = {
    "after_mri": screening_answers.AFTER_MRI,
    "randomization": screening_answers.AT_RANDOMIZATION,
}
"""Answers at the later stages of somebody who stays eligible."""

GIVEN = ("Camille", "Jordan", "Alex", "Noémie", "Samir", "Léa", "Owen", "Mei", "Paulo", "Chantal")
FAMILY = ("Bouchard", "Wilson", "Côté", "Nguyen", "Haddad", "Martin", "Fortin", "Okafor", "Roy", "Singh", "Lavoie")


def person(index: int) -> dict[str, Any]:
    """Contact details of somebody invented; different for each index below 110 names, never a real address."""
    return {
        "name": f"{GIVEN[index % len(GIVEN)]} {FAMILY[index % len(FAMILY)]}",
        "email": f"person{index}@example.org",
        "phone": f"514555{index:04d}",
        "date_of_birth": date(clock.now().year - 41, 1, 1) + timedelta(days=index % 28),
        "preferred_channel": "email",
    }


def screen_eligible(trial: Trial, cast: Cast, **changes: Any) -> Participant:
    """Somebody screened by the coordinator and found eligible; ``changes`` are arguments of ``screening.screen``."""
    known = {"language": "en", "answers": ELIGIBLE, "contact": person(trial.participants.count())}
    known |= {"site": first_site(trial), "by": actor(cast.elise), **changes}
    return screening.screen(trial=trial, **known).participant


def consent(participant: Participant, **changes: Any) -> Consent:
    """The coordinator records the newest consent in the participant's language, with yes to every clause."""
    cast = cast_of(participant.trial)
    protocol = protocol_for(participant)
    document = protocol.consent.document_for(participant.language)
    known: dict[str, Any] = {
        "version": document.version if document else "",
        "language": participant.language,
        "clauses": {clause.code: True for clause in protocol.consent.clauses},
        "explained_by": cast.elise,
        "signed_at": clock.now(),
        "by": actor(cast.elise),
    }
    return consents.record(participant=participant, **{**known, **changes})


def consented(trial: Trial, cast: Cast, **changes: Any) -> Participant:
    """Somebody eligible who consented."""
    participant = screen_eligible(trial, cast, **changes)
    consent(participant)
    return participant


def decide(participant: Participant, stage: str, answers: Mapping[str, Any] | None = None, **changes: Any) -> Decision:
    """The coordinator decides a later stage; eligible unless other answers are given."""
    by = actor(cast_of(participant.trial).elise)
    given = ELIGIBLE_LATER[stage] if answers is None else answers
    return screening.decide(participant=participant, stage=stage, answers=given, by=by, **changes)


def book_first_session(participant: Participant, **changes: Any) -> Appointment:
    """The coordinator books the first session for a week from now."""
    known: dict[str, Any] = {
        "starts_at": clock.now() + timedelta(days=7),
        "place": "reception",
        "by": actor(cast_of(participant.trial).elise),
    }
    return appointments.book(participant=participant, purpose=SESSION, **{**known, **changes})


def hand_down_randomized(participant: Participant) -> None:
    """What randomization hands down, for tests of the layers below it that need only the day and the state."""
    cast = cast_of(participant.trial)
    grant = access.authorize(actor(cast.elise), Permission.RANDOMIZE, trial=participant.trial, site=participant.site)
    day = clock.today(participant.site.time_zone)
    milestones.hand_down(participant=participant, kind=Milestone.Kind.RANDOMIZED, day=day, grant=grant)
