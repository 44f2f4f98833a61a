"""Verification from outside: does a revealed record hold? It needs the file alone, no database and no key.

In this order: each segment's list follows from its seed; its commitment is the published one; in the order of
time, each allocation took the next slot of its stratum, with the right arm, when its segment was live; nothing
in the file was changed since it was made. The first discrepancy is named.
"""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.problems import Problem
from randomization.commitment import check_algorithm, commit_dynamic
from randomization.commitment import verify as verify_list
from randomization.design import Design, Minimization, read_design
from randomization.minimization import Minimizer
from randomization.record import AllocationRecord, Record, SegmentRecord, first_link, head_of, next_link
from randomization.segments import check_extension, slots_after
from randomization.sequence import SlotPlan
from randomization.strata import key_of


def verify_record(record: Record, *, published: Sequence[str] = ()) -> Problem | None:
    """The first discrepancy of a record; None if everything holds.

    `published`: the commitments as they were published, in order, if somebody compares them with the record's.
    """
    designs: list[Design] = []
    for number, segment in enumerate(record.segments, start=1):
        finding = _check_segment(segment, designs)
        if finding is not None:
            return _of_segment(number, finding) if len(record.segments) > 1 else finding
    return _check_published(record, published) or _Allocations(record, designs).check() or _check_rest(record)


def _of_segment(number: int, finding: Problem) -> Problem:
    params = {"number": number, "finding": finding.sentence}
    return Problem(finding.code, _("Segment %(number)d: %(finding)s"), params=params)


def _check_segment(segment: SegmentRecord, designs: list[Design]) -> Problem | None:
    """A segment against its seed and commitment. Its design is added to those of the segments before."""
    unknown = check_algorithm(segment.algorithm)
    if unknown is not None:
        return unknown
    try:
        design = read_design(segment.design)
    except Problem as problem:
        sentence = _("The design was changed, or is none: %(finding)s")
        return Problem("verify.design", sentence, params={"finding": problem.sentence})
    if design.document() != segment.design:
        return Problem("verify.design", _("The design is not written as it was committed to."))
    finding = check_extension(designs, design) if designs else None
    before = slots_after(designs)
    designs.append(design)
    return finding or _check_draw(segment, design, before)


def _check_draw(segment: SegmentRecord, design: Design, before: Mapping[str, int]) -> Problem | None:
    seed, salt = bytes.fromhex(segment.seed), bytes.fromhex(segment.salt)
    if isinstance(design, Minimization):
        if segment.list is not None:
            return Problem("verify.list", _("Minimization has no list, but the record holds one."))
        expected = commit_dynamic(segment.algorithm, design, seed, salt)
        if hmac.compare_digest(expected, segment.commitment.lower()):
            return None
        return Problem("verify.commitment", _("The published commitment belongs to another design, seed or salt."))
    return verify_list(
        segment.commitment,
        algorithm=segment.algorithm,
        design=design,
        slots=[SlotPlan(*slot) for slot in segment.list or ()],
        salt=salt,
        seed=seed,
        before=before,
    )


def _check_published(record: Record, published: Sequence[str]) -> Problem | None:
    if published and len(published) != len(record.segments):
        sentence = _("The record has %(segments)d segments; give a published commitment for each, in order.")
        return Problem("verify.published", sentence, params={"segments": len(record.segments)})
    for number, (given, segment) in enumerate(zip(published, record.segments, strict=False), start=1):
        if given.strip().lower() != segment.commitment.lower():
            sentence = _("Segment %(number)d: the record's commitment is not the one that was published.")
            return Problem("verify.published", sentence, params={"number": number})
    return None


class _Allocations:
    """The allocations of a record, followed in the order of time."""

    def __init__(self, record: Record, designs: Sequence[Design]) -> None:
        self._record = record
        self._totals = [slots_after(designs[:number]) for number in range(1, len(designs) + 1)]
        self._arms = {(slot[0], slot[1]): slot[3] for segment in record.segments for slot in segment.list or ()}
        self._minimizers = [
            Minimizer(design, bytes.fromhex(segment.seed))
            for design, segment in zip(designs, record.segments, strict=True)
            if isinstance(design, Minimization)
        ]
        self._used: dict[str, int] = dict.fromkeys(designs[0].strata, 0)
        self._seen: set[str] = set()
        self._latest: datetime | None = None
        self._link = first_link(record.trial)

    def check(self) -> Problem | None:
        """The first allocation that does not fit, or None."""
        for taken in self._record.allocations:
            finding = next(self._findings(taken), None)
            if finding is not None:
                return finding
        return None

    def _findings(self, taken: AllocationRecord) -> Iterator[Problem]:
        """What is wrong with one allocation, most telling first."""
        if taken.participant in self._seen:
            yield _problem("twice", _("Participant %(participant)s was allocated twice."), taken)
        yield from self._time_findings(taken)
        yield from self._place_findings(taken)
        yield from self._arm_findings(taken)
        self._link = next_link(self._link, taken.model_dump(mode="json"))
        if self._link != taken.link.lower():
            sentence = _(
                "Participant %(participant)s, stratum %(stratum)s, position %(position)d: the entry, or one before "
                "it, was changed, moved or left out after the record was made."
            )
            yield _problem("link", sentence, taken)
        self._seen.add(taken.participant)
        self._used[taken.stratum] += 1

    def _time_findings(self, taken: AllocationRecord) -> Iterator[Problem]:
        at = datetime.fromisoformat(taken.at)
        if self._latest is not None and at < self._latest:
            sentence = _("Participant %(participant)s was allocated before the one above in the record, at %(at)s.")
            yield _problem("time", sentence, taken)
        self._latest = at
        activated = self._segment_of(taken).activated_at
        if at < datetime.fromisoformat(activated):
            sentence = _(
                "Participant %(participant)s was allocated at %(at)s, before the segment went live at %(activated)s."
            )
            yield _problem("activation", sentence, taken, activated=activated)

    def _place_findings(self, taken: AllocationRecord) -> Iterator[Problem]:
        if taken.stratum not in self._used:
            sentence = _("Participant %(participant)s took a slot of stratum %(stratum)s, which the design lacks.")
            yield _problem("stratum", sentence, taken)
        # Minimization has one run for all; its levels are checked as the draw is repeated.
        if taken.levels and not self._minimizers and _parts(key_of(taken.levels)) != _parts(taken.stratum):
            sentence = _(
                "Participant %(participant)s has the levels of stratum %(levels)s but took a slot of %(stratum)s."
            )
            yield _problem("levels", sentence, taken, levels=key_of(taken.levels))
        following = self._used[taken.stratum] + 1
        if taken.position != following:
            sentence = _(
                "Participant %(participant)s took position %(position)d of stratum %(stratum)s. "
                "The next slot was %(next)d."
            )
            yield _problem("order", sentence, taken, next=following)
        if taken.position > self._totals[-1][taken.stratum]:
            sentence = _("Participant %(participant)s took position %(position)d of stratum %(stratum)s, past its end.")
            yield _problem("end", sentence, taken)

    def _arm_findings(self, taken: AllocationRecord) -> Iterator[Problem]:
        if self._minimizers:
            yield from self._replay(taken)
            return
        listed = self._arms[taken.stratum, taken.position]
        if listed != taken.arm:
            sentence = _(
                "Participant %(participant)s, stratum %(stratum)s, position %(position)d: allocated to "
                "%(arm)s, the list says %(listed)s."
            )
            yield _problem("arm", sentence, taken, listed=listed)

    def _replay(self, taken: AllocationRecord) -> Iterator[Problem]:
        """The draw, repeated with everything that was known then."""
        number = self._number_of(taken)
        try:
            decision = self._minimizers[number].decide(taken.levels)
        except Problem as problem:
            sentence = _("Participant %(participant)s, allocation %(position)d: %(finding)s")
            yield _problem("levels", sentence, taken, finding=problem.sentence)
            return
        if decision.arm != taken.arm:
            sentence = _(
                "Participant %(participant)s, allocation %(position)d: allocated to %(arm)s, but seed, levels and "
                "earlier allocations give %(listed)s."
            )
            yield _problem("arm", sentence, taken, listed=decision.arm)
        for minimizer in self._minimizers:
            minimizer.record(taken.levels, decision.arm)

    def _number_of(self, taken: AllocationRecord) -> int:
        """The index of the segment that a place belongs to; the last one for a place past the end."""
        for number, totals in enumerate(self._totals):
            if taken.position <= totals.get(taken.stratum, 0):
                return number
        return len(self._totals) - 1

    def _segment_of(self, taken: AllocationRecord) -> SegmentRecord:
        return self._record.segments[self._number_of(taken)]


def _parts(stratum: str) -> list[str]:
    """The levels in the name of a stratum; a database may have put the factors in another order."""
    return sorted(stratum.split("; "))


def _check_rest(record: Record) -> Problem | None:
    """The head, and that errata name participants of the record. Errata change no allocation."""
    document = record.model_dump(mode="json")
    last = record.allocations[-1].link.lower() if record.allocations else first_link(record.trial)
    if head_of(document, last) != record.head.lower():
        sentence = _(
            "The allocations that are there hold, but the head does not: the last allocations were left out, or "
            "the trial, a time of activation or an erratum was changed."
        )
        return Problem("verify.head", sentence)
    known = {taken.participant for taken in record.allocations}
    for erratum in record.errata:
        if erratum.participant not in known:
            sentence = _("An erratum names participant %(participant)s, who was not allocated.")
            return Problem("verify.erratum", sentence, params={"participant": erratum.participant})
    return None


def _problem(code: str, sentence: Any, taken: AllocationRecord, **params: Any) -> Problem:
    facts = taken.model_dump(include={"participant", "at", "stratum", "position", "arm"})
    return Problem(f"verify.{code}", sentence, params={**facts, **params})
