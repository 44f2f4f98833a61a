"""The sequence room: one statistician prepares a list or its extension, another person activates it."""

from collections.abc import Iterator, Mapping
from collections.abc import Sequence as Several
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import Act, act, check_seen
from audit.classes import FieldClass
from core import clock, ids
from core.problems import Problem
from randomization import commitment, lists, policies, sealing
from randomization.blindfold import Purpose, unblinded
from randomization.design import Design, Minimization, UploadedTable
from randomization.models import Sequence, Stratum
from randomization.queries import segments_of
from randomization.segments import segment_slots, slots_after
from randomization.stream import ALGORITHM, SEED_BYTES
from trials.access import authorize
from trials.actions.states import hand_down_drawn_from
from trials.models import Trial
from trials.protocol.signing import strata_hash
from trials.queries import protocol_of, protocol_version


def prepare(*, trial: Trial, design: Design | Mapping[str, Any], by: Actor) -> Sequence:
    """Draw and seal a list for every stratum; a draft until another person activates it.

    ``design`` may leave out arms, ratio and strata: they are the protocol's. Minimization draws nothing yet: its
    places are counted, and filled as they are taken. Raises Invalid with every fault.
    """
    grant = authorize(by, Permission.PREPARE_SEQUENCE, trial=trial)
    policies.check_enrols_nobody(by, trial)
    sound = policies.check_design(trial, design)
    policies.check_strata_signed(trial)
    policies.check_no_other_list(trial)
    secrecy = FieldClass.UNBLINDING
    with (
        _one_draft(),
        unblinded(by=by, trial=trial, purpose=Purpose.SEQUENCE),
        act("sequence.prepare", grant=grant, secrecy=secrecy) as a,
    ):
        return _store(a, Sequence(trial=trial), sound, ids.random_bytes(SEED_BYTES), by, ())


def extend(*, trial: Trial, slots: int | None = None, table: UploadedTable | None = None, by: Actor) -> Sequence:
    """Prepare more places of the active list as its next segment; a draft until another person activates it.

    ``slots``: how many each stratum has then, of the same design and seed. ``table``: the new rows of a list that
    came from a table. Positions go on where they ended; salt and commitment are the segment's own.
    """
    grant = authorize(by, Permission.PREPARE_SEQUENCE, trial=trial)
    policies.check_enrols_nobody(by, trial)
    policies.check_can_be_extended(trial)
    policies.check_strata_signed(trial)
    secrecy = FieldClass.UNBLINDING
    with (
        _one_draft(),
        unblinded(by=by, trial=trial, purpose=Purpose.SEQUENCE),
        act("sequence.extend", grant=grant, secrecy=secrecy) as a,
    ):
        segments = segments_of(trial)
        designs = [lists.design_of(segment) for segment in segments]
        design = policies.extended(trial, designs, slots, table)
        following = Sequence(trial=trial, number=segments[-1].number + 1)
        return _store(a, following, design, lists.seed_of(segments[0]), by, designs)


def activate(*, sequence: Sequence, by: Actor, seen: int | None = None) -> Sequence:
    """Make a draft the list, or the extension, that allocations come from, and publish its commitment.

    The stored list is drawn again from its seed and compared first. Refused to the person who prepared it. From
    the first activation on, no amendment of the protocol moves arms, ratio or strata.
    """
    grant = authorize(by, Permission.ACTIVATE_SEQUENCE, trial=sequence.trial)
    policies.check_enrols_nobody(by, sequence.trial)
    with unblinded(by=by, trial=sequence.trial, purpose=Purpose.SEQUENCE):
        sequence = Sequence.by_id(sequence.pk)
        check_seen(sequence, seen)
        version = protocol_version(sequence.trial).number
        policies.check_can_be_activated(sequence, by)
        published = _commit(sequence)
        with act("sequence.activate", grant=grant, subject=sequence) as a:
            if sequence.number == 1:
                hand_down_drawn_from(trial=sequence.trial, version=version, act=a)
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


@contextmanager
def _one_draft() -> Iterator[None]:
    """Of two who prepare at once the second is told, as if they had come later."""
    try:
        yield
    except IntegrityError as error:
        raise policies.draft_waits() from error


def _store(a: Act, sequence: Sequence, design: Design, seed: bytes, by: Actor, earlier: Several[Design]) -> Sequence:
    """A draft with its strata and sealed slots. ``earlier``: the designs of the segments before."""
    sequence.algorithm, sequence.prepared_at, sequence.prepared_by = ALGORITHM, clock.now(), by.id
    sequence.strata_hash = strata_hash(protocol_of(sequence.trial))
    sequence.sealed_design = lists.seal_design(design, sequence_id=sequence.pk)
    sequence.sealed_seed = sealing.seal_seed(seed, sequence_id=sequence.pk)
    sequence.sealed_salt = sealing.seal_salt(ids.random_bytes(commitment.SALT_BYTES), sequence_id=sequence.pk)
    a.create(sequence)
    before, slots = slots_after(earlier), slots_after([*earlier, design])
    plans = [] if isinstance(design, Minimization) else segment_slots(design, seed, before)
    for key in design.strata:
        after = before.get(key, 0)
        stratum = a.create(Stratum(sequence=sequence, key=key, slots=slots[key], after=after, used=after))
        own = [lists.seal_slot(plan, stratum, design) for plan in plans if plan.stratum == key]
        a.create_many(own, summary="slots_in_each_stratum")
    return sequence


def _commit(sequence: Sequence) -> str:
    """The commitment of a list that follows from its seed; raises Problem if it does not."""
    design = lists.design_of(sequence)
    policies.check_still_fits(sequence, design)
    seed, salt = lists.seed_of(sequence), lists.salt_of(sequence)
    if isinstance(design, Minimization):
        return commitment.commit_dynamic(sequence.algorithm, design, seed, salt)
    slots = lists.slots_of(sequence, design)
    published = commitment.commit(sequence.algorithm, design, slots, salt)
    finding: Problem | None = commitment.verify(
        published,
        algorithm=sequence.algorithm,
        design=design,
        slots=slots,
        salt=salt,
        seed=seed,
        before=lists.places_before(sequence),
    )
    if finding is not None:
        raise finding
    return published
