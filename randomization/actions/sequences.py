"""The sequence room: one statistician prepares a list, another person activates it."""

from collections.abc import Mapping
from typing import Any

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import Act, act, check_seen
from audit.classes import FieldClass
from core import clock, ids
from core.problems import Problem
from randomization import commitment, lists, policies, sealing
from randomization.blindfold import Purpose, unblinded
from randomization.design import Design
from randomization.models import Sequence, Stratum
from randomization.sequence import generate
from randomization.stream import ALGORITHM, SEED_BYTES
from trials.access import authorize
from trials.models import Trial
from trials.protocol.signing import strata_hash
from trials.queries import protocol_of


def prepare(*, trial: Trial, design: Design | Mapping[str, Any], by: Actor) -> Sequence:
    """Draw and seal a list for every stratum; a draft until another person activates it.

    ``design`` may leave out arms, ratio and strata: they are the protocol's. Raises Invalid with every fault.
    """
    grant = authorize(by, Permission.PREPARE_SEQUENCE, trial=trial)
    policies.check_enrols_nobody(by, trial)
    sound = policies.check_design(trial, design)
    policies.check_strata_signed(trial)
    policies.check_no_other_list(trial)
    secrecy = FieldClass.UNBLINDING
    with (
        unblinded(by=by, trial=trial, purpose=Purpose.SEQUENCE),
        act("sequence.prepare", grant=grant, secrecy=secrecy) as a,
    ):
        return _store(a, trial, sound, by)


def activate(*, sequence: Sequence, by: Actor, seen: int | None = None) -> Sequence:
    """Make a draft the list that allocations come from, and publish its commitment.

    The stored list is drawn again from its seed and compared first. Refused to the person who prepared it.
    """
    grant = authorize(by, Permission.ACTIVATE_SEQUENCE, trial=sequence.trial)
    policies.check_enrols_nobody(by, sequence.trial)
    with unblinded(by=by, trial=sequence.trial, purpose=Purpose.SEQUENCE):
        sequence = Sequence.by_id(sequence.pk)
        check_seen(sequence, seen)
        policies.check_can_be_activated(sequence, by)
        published = _commit(sequence)
        with act("sequence.activate", grant=grant, subject=sequence) as a:
            return a.change(
                sequence,
                state=Sequence.State.ACTIVE,
                commitment=published,
                activated_at=clock.now(),
                activated_by=by.id,
            )


def withdraw_draft(*, sequence: Sequence, reason: str, by: Actor) -> Sequence:
    """Give up a draft, so that another can be prepared. An active list is never given up."""
    grant = authorize(by, Permission.PREPARE_SEQUENCE, trial=sequence.trial)
    policies.check_reason(reason)
    with unblinded(by=by, trial=sequence.trial, purpose=Purpose.SEQUENCE):
        sequence = Sequence.by_id(sequence.pk)
        policies.check_is_draft(sequence)
        with act("sequence.withdraw_draft", grant=grant, subject=sequence, reason=reason) as a:
            return a.change(sequence, state=Sequence.State.WITHDRAWN)


def _store(a: Act, trial: Trial, design: Design, by: Actor) -> Sequence:
    sequence = Sequence(trial=trial, algorithm=ALGORITHM, prepared_at=clock.now(), prepared_by=by.id)
    seed, salt = ids.random_bytes(SEED_BYTES), ids.random_bytes(commitment.SALT_BYTES)
    sequence.strata_hash = strata_hash(protocol_of(trial))
    sequence.sealed_design = lists.seal_design(design, sequence_id=sequence.pk)
    sequence.sealed_seed = sealing.seal_seed(seed, sequence_id=sequence.pk)
    sequence.sealed_salt = sealing.seal_salt(salt, sequence_id=sequence.pk)
    a.create(sequence)
    for key, plans in generate(design, seed).items():
        stratum = a.create(Stratum(sequence=sequence, key=key, slots=len(plans)))
        a.create_many([lists.seal_slot(plan, stratum, design) for plan in plans], summary="slots_in_each_stratum")
    return sequence


def _commit(sequence: Sequence) -> str:
    """The commitment of a list that follows from its seed; raises Problem if it does not."""
    design = lists.design_of(sequence)
    slots, seed, salt = lists.slots_of(sequence, design), lists.seed_of(sequence), lists.salt_of(sequence)
    published = commitment.commit(sequence.algorithm, design, slots, salt)
    finding: Problem | None = commitment.verify(
        published, algorithm=sequence.algorithm, design=design, slots=slots, salt=salt, seed=seed
    )
    if finding is not None:
        raise finding
    return published
