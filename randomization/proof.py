"""A trial's randomization as one record, and whether it holds. Everything but ``public_record`` needs an opening.

The record is that of ``randomization.record``; what holds is decided by ``randomization.verification`` alone, in the
database as outside of it.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.problems import Problem
from randomization import lists, queries
from randomization.design import Minimization, canonical_json
from randomization.minimization import Minimizer
from randomization.models import Sequence, Slot, Stratum
from randomization.record import PUBLIC_FORMAT, Allocated, Erratum, Segment, make_record, moment, read_record
from randomization.strata import in_order_of
from randomization.trail_check import trail_findings
from randomization.verification import verify_record
from trials.models import Trial
from trials.queries import protocol_of


def public_record(trial: Trial) -> dict[str, Any]:
    """What may be known from the first day: the commitment of each segment. Needs no opening."""
    segments = [
        {
            "number": each.segment,
            "algorithm": each.algorithm,
            "commitment": each.sha256,
            "activated_at": moment(each.activated_at),
        }
        for each in queries.commitments_of(trial)
    ]
    return {"format": PUBLIC_FORMAT, "trial": trial.code, "segments": segments}


def record_of(trial: Trial) -> dict[str, Any]:
    """The whole record with seeds, salts, lists, allocations and errata. For verbs that check who may and when."""
    codes = [factor.code for factor in protocol_of(trial).strata]
    allocated = (
        Allocated(
            participant=fact.study_number,
            at=fact.at,
            stratum=fact.stratum,
            levels=in_order_of(codes, fact.strata),
            position=fact.position,
            arm=fact.arm,
        )
        for fact in queries.allocations(trial)
    )
    errata = (
        Erratum(fact.study_number, fact.kind, fact.at, fact.explanation, fact.details)  # type: ignore[arg-type]
        for fact in queries.errata(trial)
    )
    return make_record(trial.code, [_segment(each) for each in queries.segments_of(trial)], allocated, errata)


def verify(trial: Trial) -> Problem | None:
    """The first discrepancy of seeds, lists, commitments and allocations as stored; None if everything holds.

    Besides what the record proves: every counter is that of its allocations, a minimization's stored draws are those
    that lead to its arms, and every allocation is the one that the audit trail tells of.
    """
    try:
        record = read_record(json.dumps(record_of(trial)).encode())
        return verify_record(record) or next(_stored_findings(trial), None)
    except Problem as problem:
        return problem


def _segment(sequence: Sequence) -> Segment:
    design = lists.design_of(sequence)
    if sequence.activated_at is None:
        raise ValueError("only active segments are put on record")
    return Segment(
        algorithm=sequence.algorithm,
        design=design,
        seed=lists.seed_of(sequence),
        salt=lists.salt_of(sequence),
        commitment=sequence.commitment,
        activated_at=sequence.activated_at,
        slots=None if isinstance(design, Minimization) else lists.slots_of(sequence, design),
    )


def _stored_findings(trial: Trial) -> Iterator[Problem]:
    taken = Counter((fact.segment, fact.stratum) for fact in queries.allocations(trial))
    for segment in queries.segments_of(trial):
        for stratum in Stratum.objects.filter(sequence=segment).order_by("key"):
            found, counted = taken[segment.number, stratum.key], stratum.used - stratum.after
            if found != counted:
                sentence = _(
                    "Stratum %(stratum)s: %(counted)d places were counted as taken, but %(found)d are allocated."
                )
                params = {"stratum": stratum.key, "counted": counted, "found": found}
                yield Problem("verify.counter", sentence, params=params)
    yield from _draw_findings(trial)
    yield from trail_findings(trial)


def _draw_findings(trial: Trial) -> Iterator[Problem]:
    """The draws that were stored beside the arms of a minimization, against those that seed and history give."""
    first = queries.segments_of(trial)[0]
    design = lists.design_of(first)
    if not isinstance(design, Minimization):
        return
    minimizer = Minimizer(design, lists.seed_of(first))
    drawn = Slot.objects.filter(stratum__sequence__trial=trial).select_related("stratum").order_by("position")
    for slot, placed in zip(drawn, queries.history(trial), strict=False):
        decision = minimizer.decide(placed.levels)
        if canonical_json(lists.draw_of(slot)) != canonical_json(decision.document()):
            sentence = _("Allocation %(position)d: the stored draw is not the one that led to its arm.")
            yield Problem("verify.draw", sentence, params={"position": slot.position})
        minimizer.record(placed.levels, placed.arm)
