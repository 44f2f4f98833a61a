"""Reads of lists and allocations. All but what is said to need no opening needs ``unblinded``.

The database denies them elsewhere. A list is all its active segments together.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Window

from participants.models import Participant
from randomization import lists
from randomization.design import UNSTRATIFIED, Design
from randomization.minimization import Placed
from randomization.models import Allocation, CodeBreak, Erratum, Freeze, Sequence, Slot, Stratum
from trials.models import Trial


@dataclass(frozen=True)
class Commitment:
    """What was published when a segment of the list went live; public."""

    segment: int
    algorithm: str
    sha256: str
    activated_at: datetime


@dataclass(frozen=True)
class AllocationFact:
    """An allocation with its arm; ``strata`` are the levels as used, {factor: level}.

    ``stratum``: whose list gave the place; of a minimization always ``all``. ``segment``: 1 unless extended.
    """

    participant_id: UUID
    study_number: str
    arm: str
    strata: dict[str, str]
    stratum: str
    position: int
    segment: int
    at: datetime
    by: str
    role: str


@dataclass(frozen=True)
class ErratumFact:
    """An error about an allocation, as recorded."""

    participant_id: UUID
    study_number: str
    kind: str
    details: dict[str, str]
    explanation: str
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


def commitments_of(trial: Trial) -> list[Commitment]:
    """The published commitments of the list, segment after segment; none before activation. Needs no opening."""
    # Only the open columns: the others are denied outside an opening.
    published = Sequence.objects.filter(trial=trial, state=Sequence.State.ACTIVE).order_by("number")
    rows = published.values_list("number", "algorithm", "commitment", "activated_at")
    return [Commitment(number, algorithm, sha256, at) for number, algorithm, sha256, at in rows if at]


def revealed_at(trial: Trial) -> datetime | None:
    """When seeds and salts were revealed, which closed the list for good; None before. Needs no opening."""
    revealed = Sequence.objects.filter(trial=trial).exclude(revealed_at=None)
    return revealed.values_list("revealed_at", flat=True).first()


def is_broken(trial: Trial) -> bool:
    """Whether the code was broken: everybody's arm handed out after the lock. Needs no opening."""
    return CodeBreak.objects.filter(trial=trial).values_list("at").exists()


def frozen_since(trial: Trial) -> datetime | None:
    """Since when allocation is frozen; None if it is not. Needs no opening."""
    return Freeze.objects.filter(trial=trial, lifted_at=None).values_list("frozen_at", flat=True).first()


def freezes_of(trial: Trial) -> list[Freeze]:
    """All incidents that stopped allocation, in order."""
    return list(Freeze.objects.filter(trial=trial).order_by("frozen_at"))


def segments_of(trial: Trial) -> list[Sequence]:
    """The active segments of the list, in order."""
    return list(Sequence.objects.filter(trial=trial, state=Sequence.State.ACTIVE).order_by("number"))


def draft_of(trial: Trial) -> Sequence | None:
    """The list, or extension, that waits for another person to activate it."""
    return Sequence.objects.filter(trial=trial, state=Sequence.State.DRAFT).first()


def stock_of(sequence: Sequence) -> list[Stock]:
    """Each stratum's part of one segment, by name."""
    strata = Stratum.objects.filter(sequence=sequence).order_by("key")
    return [Stock(each.key, each.slots - each.after, each.used - each.after) for each in strata]


def stock(trial: Trial) -> list[Stock]:
    """Each stratum's whole list, over all active segments, by name."""
    slots: Counter[str] = Counter()
    used: Counter[str] = Counter()
    for each in Stratum.objects.filter(_in_force(trial)):
        slots[each.key] += each.slots - each.after
        used[each.key] += each.used - each.after
    return [Stock(key, slots[key], used[key]) for key in sorted(slots)]


def strata_for(trial: Trial, key: str) -> list[Stratum]:
    """The places for a stratum in the order of segments. A minimization has one run of places, whatever the stratum."""
    rows = Stratum.objects.filter(_in_force(trial), key__in={key, UNSTRATIFIED})
    return list(rows.select_related("sequence").order_by("sequence__number"))


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


def allocations(trial: Trial) -> Iterator[AllocationFact]:
    """All allocations of a trial in the order they were made. To be consumed inside the opening.

    By time, but within a stratum by place whatever a clock said: the place tells for certain which came first.
    """
    taken = Allocation.objects.filter(stratum__sequence__trial=trial)
    reached = Window(Max("at"), partition_by=F("stratum__key"), order_by=F("position").asc())
    return _facts(taken.annotate(reached=reached).order_by("reached", "stratum__key", "position"))


def history(trial: Trial) -> Iterator[Placed]:
    """Levels and arms of everybody randomized so far, in the order of their places: what a minimization goes by."""
    taken = Allocation.objects.filter(stratum__sequence__trial=trial).order_by("position")
    return (Placed(fact.strata, fact.arm) for fact in _facts(taken))


def errata(trial: Trial) -> list[ErratumFact]:
    """All errors about allocations, in the order they were recorded."""
    rows = Erratum.objects.filter(participant__trial=trial).select_related("participant").order_by("at", "id")
    return [
        ErratumFact(
            participant_id=row.participant_id,
            study_number=row.participant.number,
            kind=row.kind,
            details=row.details,
            explanation=row.explanation,
            at=row.at,
            by=row.by,
            role=row.role,
        )
        for row in rows
    ]


def _in_force(trial: Trial) -> Q:
    return Q(sequence__trial=trial, sequence__state=Sequence.State.ACTIVE)


def _facts(taken: QuerySet[Allocation]) -> Iterator[AllocationFact]:
    design_of = cache(_design)
    rows = taken.select_related("participant", "stratum")
    rows = rows.annotate(sealed_arm=_sealed_arm(), segment=F("stratum__sequence__number"))
    for row in rows.iterator(chunk_size=500):
        design = design_of(row.stratum.sequence_id)
        yield AllocationFact(
            participant_id=row.participant_id,
            study_number=row.participant.number,
            arm=lists.open_arm(design, row.stratum, row.position, bytes(row.sealed_arm)),
            strata=row.strata,
            stratum=row.stratum.key,
            position=row.position,
            segment=row.segment,
            at=row.at,
            by=row.by,
            role=row.role,
        )


def _sealed_arm() -> Subquery:
    taken = Slot.objects.filter(stratum=OuterRef("stratum"), position=OuterRef("position"))
    return Subquery(taken.values("sealed_arm")[:1])


def _design(sequence_id: UUID) -> Design:
    return lists.design_of(Sequence.by_id(sequence_id))
