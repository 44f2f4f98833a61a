"""A trial whose list is active, and people on the way to randomization, by the real verbs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accounts.models import User
from audit.actors import Actor
from core import clock
from outcomes.actions import enrolment, responses
from participants.models import Participant
from randomization import door
from randomization.actions import sequences
from randomization.blindfold import Purpose, unblinded
from randomization.design import UploadedTable
from randomization.models import Sequence
from randomization.table import TableField, TableKey, read_table
from review.actions import locks, signatures
from tests import cast as people
from tests.unit.outcomes.world import answered, form_of, participant_actor
from trials.models import Site, Trial
from trials.protocol.signing import strata_hash
from trials.queries import protocol_of

DESIGN = {"method": "permuted_blocks", "block_sizes": [4, 6]}
MINIMIZATION = {"method": "minimization", "probability": "4/5"}


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

    def activate(self, design: Any = None, **changes: Any) -> Sequence:
        """The whole way to an active list; of ``DESIGN`` unless another is given."""
        self.sign_strata()
        draft = sequences.prepare(trial=self.trial, design=design or {**DESIGN, **changes}, by=self.samuel)
        return sequences.activate(sequence=draft, by=self.ruth)

    def extend(self, slots: int | None = None, **table: Any) -> Sequence:
        """The whole way to an active extension."""
        draft = sequences.extend(trial=self.trial, slots=slots, by=self.samuel, **table)
        return sequences.activate(sequence=draft, by=self.ruth)

    def opened(self) -> Any:
        """The list, open to a statistician."""
        return unblinded(by=self.samuel, trial=self.trial, purpose=Purpose.SEQUENCE)

    def lock(self) -> None:
        locks.lock_trial(trial=self.trial, reason="The end", by=self.noor)

    def allocate(self, *, unstable: bool = True) -> Participant:
        """Somebody randomized."""
        participant = self.ready(unstable=unstable)
        door.allocate(participant=participant, by=self.marc)
        return participant

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


def build(protocol_text: str | None = None) -> World:
    trial = people.make_trial(protocol_text)
    return World(trial, people.cast_of(trial))


def two_factors() -> str:
    """The protocol with the participant's age as a second stratum."""
    text = people.STRONG_BACK.read_text(encoding="utf-8")
    factor = """
  - code: age
    label: {en: Age, fr: Âge}
    source: {question: age}
    levels:
      - {code: older, at_least: 40, label: {en: 40 or older, fr: 40 ans ou plus}}
      - {code: younger, below: 40, label: {en: Younger, fr: Moins de 40 ans}}

randomization:
"""
    return text.replace("\nrandomization:\n", factor, 1)


def uploaded(rows: str = "ABBABAAB" * 14) -> UploadedTable:
    """A table with the same arms in both strata, as made elsewhere."""
    arms = {"A": "MC+ILEX", "B": "RT"}
    lines = [f",{arm},{level}" for level in ("high", "low") for arm in rows]
    text = "\n".join(["redcap_randomization_number,redcap_randomization_group,lsiq", *lines])
    key = TableKey(arms, [TableField("lsiq", "lsiq", {"high": "high", "low": "low"})])
    return read_table(text.encode(), key=key, ratio={"MC+ILEX": 1, "RT": 1})
