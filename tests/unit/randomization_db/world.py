"""A trial whose list is active, and people on the way to randomization, by the real verbs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accounts.models import User
from audit.actors import Actor
from core import clock
from outcomes.actions import enrolment, responses
from participants.models import Participant
from randomization.actions import sequences
from randomization.models import Sequence
from review.actions import signatures
from tests import cast as people
from tests.unit.outcomes.world import answered, form_of, participant_actor
from trials.models import Site, Trial
from trials.protocol.signing import strata_hash
from trials.queries import protocol_of

DESIGN = {"method": "permuted_blocks", "block_sizes": [4, 6]}


@dataclass
class World:
    """A recruiting trial with its cast as actors."""

    trial: Trial
    cast: people.Cast

    def __getattr__(self, name: str) -> Actor:
        """The actor of a member of the cast, by first name."""
        user = getattr(self.cast, name)
        assert isinstance(user, User)
        return people.actor(user)

    @property
    def site(self) -> Site:
        return people.first_site(self.trial)

    def sign_strata(self) -> None:
        signatures.sign(
            kind="strata",
            trial=self.trial,
            subject=self.trial,
            content_hash=strata_hash(protocol_of(self.trial)),
            meaning="The cut is right.",
            by=self.helen,
        )

    def activate(self, **changes: Any) -> Sequence:
        """The whole way to an active list."""
        self.sign_strata()
        draft = sequences.prepare(trial=self.trial, design={**DESIGN, **changes}, by=self.samuel)
        return sequences.activate(sequence=draft, by=self.ruth)

    def baseline(self, *, unstable: bool = True, skipped: bool = False) -> Participant:
        """Consented, baseline questionnaires submitted, eligible at every stage; high LSIQ if ``unstable``.

        ``skipped``: one item of the LSIQ has no answer, so that it has no score.
        """
        participant = people.screen_eligible(self.trial, self.cast)
        newest = protocol_of(self.trial).consent.document_for("en")
        assert newest is not None
        enrolment.record_consent(
            participant=participant,
            version=newest.version,
            language="en",
            clauses={clause.code: True for clause in protocol_of(self.trial).consent.clauses},
            explained_by=self.cast.elise,
            signed_at=clock.now(),
            by=self.elise,
        )
        yes_or_no = {f"lsiq_{number}": int(unstable) for number in range(1 + skipped, 16)}
        missing = {"lsiq_1": "skipped"} if skipped else {}
        for instrument, answers, left in (("lsiq", yes_or_no, missing), ("odi", answered("odi"), {})):
            form = form_of(participant, "baseline", instrument)
            responses.submit(form=form, answers=answers, missing=left, by=participant_actor(participant))
        people.decide(participant, "after_mri")
        people.decide(participant, "randomization")
        participant.refresh_from_db()
        return participant

    def book(self, participant: Participant, *, days: int = 0, hours: int = 1) -> None:
        """Book the first session."""
        starts_at = clock.now() + timedelta(days=days, hours=hours)
        enrolment.book_appointment(
            participant=participant, purpose="session", starts_at=starts_at, place="reception", by=self.elise
        )

    def ready(self, *, unstable: bool = True) -> Participant:
        """Somebody who can be randomized now."""
        participant = self.baseline(unstable=unstable)
        self.book(participant)
        return participant


def build() -> World:
    trial = people.make_trial()
    return World(trial, people.cast_of(trial))
