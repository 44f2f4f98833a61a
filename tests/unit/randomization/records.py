"""Records of randomizations that the tests of verification share: true ones, made as the product makes them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from randomization.commitment import commit, commit_dynamic
from randomization.design import Design, Minimization
from randomization.minimization import Minimizer
from randomization.record import Allocated, Erratum, Segment, make_record
from randomization.segments import segment_slots, slots_after
from randomization.stream import ALGORITHM
from tests.unit.randomization.designs import SEED

START = datetime(2025, 3, 1, 9, tzinfo=UTC)


def salt_of(number: int) -> bytes:
    return bytes([number]) * 32


def segments_of(*designs: Design, seeds: Sequence[bytes] = (), days_apart: int = 2) -> list[Segment]:
    """Segments that went live some days after one another, the first a day before the start."""
    segments = []
    for number, design in enumerate(designs):
        seed, salt = (seeds[number] if seeds else SEED), salt_of(number)
        at = START - timedelta(days=1) + timedelta(days=days_apart * number)
        if isinstance(design, Minimization):
            commitment, slots = commit_dynamic(ALGORITHM, design, seed, salt), None
        else:
            slots = segment_slots(design, seed, slots_after(designs[:number]))
            commitment = commit(ALGORITHM, design, slots, salt)
        segments.append(Segment(ALGORITHM, design, seed, salt, commitment, at, slots))
    return segments


def allocations_of(segments: Sequence[Segment], number: int) -> list[Allocated]:
    """Three arrivals a day in strata by chance."""
    chance = Random(7)
    first = segments[0].design
    if isinstance(first, Minimization):
        return _minimized(first, number, chance)
    arms = {(slot.stratum, slot.position): slot.arm for segment in segments for slot in segment.slots or ()}
    used = dict.fromkeys(first.strata, 0)
    made = []
    for arrival in range(number):
        stratum = chance.choice(first.strata)
        used[stratum] += 1
        factor, _, level = stratum.partition("=")
        levels = {factor: level} if level else {}
        arm = arms[stratum, used[stratum]]
        made.append(Allocated(f"SB-{arrival:03}", _at(arrival), stratum, levels, used[stratum], arm))
    return made


def _minimized(design: Minimization, number: int, chance: Random) -> list[Allocated]:
    minimizer, made = Minimizer(design, SEED), []
    for arrival in range(number):
        levels = {factor.code: chance.choice(factor.levels) for factor in design.factors}
        arm = minimizer.decide(levels).arm
        minimizer.record(levels, arm)
        made.append(Allocated(f"SB-{arrival:03}", _at(arrival), "all", levels, arrival + 1, arm))
    return made


def _at(arrival: int) -> datetime:
    return START + timedelta(hours=8 * arrival)


ERRATA = [
    Erratum("SB-003", "wrong_stratum", START + timedelta(days=3), "Score entered for another person.", {"sex": "m"}),
    Erratum("SB-001", "ineligible", START + timedelta(days=4), "Excluded by imaging after all.", {}),
]


def record_of(*designs: Design, number: int = 40, errata: Sequence[Erratum] = ()) -> dict[str, Any]:
    segments = segments_of(*designs)
    return make_record("STRONG-BACK", segments, allocations_of(segments, number), errata)
