"""Reads of lists and allocations. All but ``commitment_of`` need ``unblinded``; the database denies them elsewhere."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from core.problems import Problem
from participants.models import Participant
from randomization import commitment, lists
from randomization.design import Design
from randomization.models import Allocation, Sequence, Slot, Stratum
from trials.models import Trial


@dataclass(frozen=True)
class Commitment:
    """What was published when the list went live; public."""

    algorithm: str
    sha256: str
    activated_at: datetime


@dataclass(frozen=True)
class AllocationFact:
    """An allocation with its arm; ``strata`` are the levels as used, {factor: level}."""

    participant_id: UUID
    study_number: str
    arm: str
    strata: dict[str, str]
    stratum: str
    position: int
    at: datetime
    by: str
    role: str


@dataclass(frozen=True)
class Stock:
    """How much of a stratum's list was taken. For those who may see the list, never for enrolling people."""

    stratum: str
    slots: int
    used: int

    @property
    def left(self) -> int:
        return self.slots - self.used


def commitment_of(trial: Trial) -> Commitment | None:
    """The published commitment of the active list, or None before activation. Needs no opening."""
    # Only the open columns: the others are denied outside an opening.
    published = Sequence.objects.filter(trial=trial, state=Sequence.State.ACTIVE)
    for algorithm, sha256, at in published.values_list("algorithm", "commitment", "activated_at"):
        return Commitment(algorithm, sha256, at) if at else None
    return None


def sequences_of(trial: Trial) -> list[Sequence]:
    """All lists of a trial, newest first."""
    return list(Sequence.objects.filter(trial=trial).order_by("-prepared_at"))


def stock_of(sequence: Sequence) -> list[Stock]:
    """Each stratum's list, by name."""
    strata = Stratum.objects.filter(sequence=sequence).order_by("key")
    return [Stock(each.key, each.slots, each.used) for each in strata]


def arm_of(participant: Participant) -> str | None:
    """The arm code of a participant; None before randomization."""
    return arms_of([participant.pk]).get(participant.pk)


def arms_of(participants: Iterable[UUID]) -> dict[UUID, str]:
    """The arm codes of those of some participants who are randomized, in a fixed number of queries."""
    taken = Allocation.objects.filter(participant__in=list(participants))
    return {fact.participant_id: fact.arm for fact in _facts(taken)}


def allocation_of(participant: Participant) -> AllocationFact | None:
    """The allocation of a participant; None before randomization."""
    return next(_facts(Allocation.objects.filter(participant=participant)), None)


def is_allocated(participant: Participant) -> bool:
    """Whether somebody is randomized."""
    return Allocation.objects.filter(participant=participant).exists()


def allocations(trial: Trial) -> Iterator[AllocationFact]:
    """All allocations of a trial in the order they were made. To be consumed inside the opening."""
    taken = Allocation.objects.filter(stratum__sequence__trial=trial).order_by("at", "participant__number")
    return _facts(taken)


def balance_of(sequence: Sequence) -> Counter[tuple[str, str]]:
    """How many were allocated, by stratum and arm."""
    design = lists.design_of(sequence)
    strata = {each.pk: each for each in Stratum.objects.filter(sequence=sequence)}
    taken = Allocation.objects.filter(stratum__in=list(strata)).annotate(sealed_arm=_sealed_arm())
    places = taken.values_list("stratum_id", "position", "sealed_arm").iterator(chunk_size=2_000)
    return Counter(
        (strata[key].key, lists.open_arm(design, strata[key], position, bytes(sealed)))
        for key, position, sealed in places
    )


def verify(sequence: Sequence) -> Problem | None:
    """The first discrepancy of seed, list, published commitment and allocations; None if there is none."""
    design = lists.design_of(sequence)
    slots = lists.slots_of(sequence, design)
    finding = commitment.verify(
        sequence.commitment,
        algorithm=sequence.algorithm,
        design=design,
        slots=slots,
        salt=lists.salt_of(sequence),
        seed=lists.seed_of(sequence),
    )
    taken = Allocation.objects.filter(stratum__sequence=sequence).order_by("stratum__key", "position")
    facts = (
        commitment.AllocatedSlot(fact.study_number, fact.stratum, fact.position, fact.arm) for fact in _facts(taken)
    )
    return finding or commitment.check_allocations(slots, facts)


def _facts(taken: QuerySet[Allocation]) -> Iterator[AllocationFact]:
    design_of = cache(_design)
    rows = taken.select_related("participant", "stratum")
    rows = rows.annotate(sealed_arm=_sealed_arm())
    for row in rows.iterator(chunk_size=500):
        design = design_of(row.stratum.sequence_id)
        yield AllocationFact(
            participant_id=row.participant_id,
            study_number=row.participant.number,
            arm=lists.open_arm(design, row.stratum, row.position, bytes(row.sealed_arm)),
            strata=row.strata,
            stratum=row.stratum.key,
            position=row.position,
            at=row.at,
            by=row.by,
            role=row.role,
        )


def _sealed_arm() -> Subquery:
    taken = Slot.objects.filter(stratum=OuterRef("stratum"), position=OuterRef("position"))
    return Subquery(taken.values("sealed_arm")[:1])


def _design(sequence_id: UUID) -> Design:
    return lists.design_of(Sequence.by_id(sequence_id))
