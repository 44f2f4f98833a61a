"""The list of a design: which arm stands at which position of which stratum.

Block k of a stratum depends on algorithm version, design, stratum, seed and k alone. A list can
therefore be made longer later without changing one slot of what was there before.
"""

from collections.abc import Iterator
from itertools import count, islice
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from core.problems import Problem
from randomization.design import LONGEST_LIST, BigStick, Design, ListDesign, Minimization, PermutedBlocks, UploadedTable
from randomization.stream import ALGORITHM, KeyedStream


class SlotPlan(NamedTuple):
    """One place of a stratum's list. Position and block count from 1; the arm is its code.

    Methods without blocks count the whole list of a stratum as block 1.
    """

    stratum: str
    position: int
    block: int
    arm: str


def generate(design: Design, seed: bytes, slots: int | None = None, *, after: int = 0) -> dict[str, list[SlotPlan]]:
    """The list of every stratum, in the order of the design's strata.

    `slots`: length of each stratum's list (by default the design's); a last block that does not fit
    is cut. `after`: leave out that many first positions, for an extension. An uploaded table is given as it
    is, whole by default, whatever the seed. Raises `Problem` when the seed is not 256 bits, when the length is
    out of range, or when the method draws no list ahead.
    """
    if isinstance(design, Minimization):
        sentence = _("Minimization draws no list ahead: each arm depends on who came before.")
        raise Problem("sequence.dynamic", sentence, field="method")
    length = design.slots_per_stratum if slots is None else slots
    if not 0 <= after < length <= LONGEST_LIST:
        sentence = _("The list of a stratum has 1 to %(most)d slots.")
        raise Problem("sequence.slots", sentence, field="slots", params={"most": LONGEST_LIST})
    if isinstance(design, UploadedTable):
        return _from_table(design, slots, after)
    return {stratum: list(islice(_slots(design, seed, stratum), after, length)) for stratum in design.strata}


def _from_table(design: UploadedTable, slots: int | None, after: int) -> dict[str, list[SlotPlan]]:
    """The lists of a table. Only here may strata differ in length."""
    lists = {}
    for stratum in design.strata:
        arms = design.arms_of(stratum)
        if slots is not None and slots > len(arms):
            sentence = _("The table holds %(held)d slots of stratum %(stratum)s, not %(slots)d.")
            params = {"held": len(arms), "stratum": stratum, "slots": slots}
            raise Problem("sequence.table", sentence, field="slots", params=params)
        plans = [SlotPlan(stratum, place, 1, design.arms[arm]) for place, arm in enumerate(arms, start=1)]
        lists[stratum] = plans[after:slots]
    return lists


def _slots(design: ListDesign, seed: bytes, stratum: str) -> Iterator[SlotPlan]:
    """The endless list of one stratum."""
    for position, (block, arm) in enumerate(_draws(design, seed, stratum), start=1):
        yield SlotPlan(stratum, position, block, design.arms[arm])


def _draws(design: ListDesign, seed: bytes, stratum: str) -> Iterator[tuple[int, int]]:
    """Block number and arm index of each slot, without end."""
    if isinstance(design, PermutedBlocks):
        fingerprint = design.fingerprint()
        for block in count(1):
            stream = KeyedStream(seed, [ALGORITHM, fingerprint, stratum, block])
            for arm in permute_block(design, stream):
                yield block, arm
    else:
        stream = KeyedStream(seed, [ALGORITHM, design.fingerprint(), stratum, 1])
        arms = toss_within(design, stream) if isinstance(design, BigStick) else draw_freely(design, stream)
        for arm in arms:
            yield 1, arm


def permute_block(design: PermutedBlocks, stream: KeyedStream) -> list[int]:
    """One block: its size is drawn first, then the order of its arms."""
    size = design.block_sizes[stream.below(len(design.block_sizes))]
    copies = size // design.ratio_sum
    block = [arm for arm, weight in enumerate(design.ratio) for _copy in range(weight * copies)]
    stream.shuffle(block)
    return block


def toss_within(design: BigStick, stream: KeyedStream) -> Iterator[int]:
    """Fair tosses; at the limit the trailing arm, without a toss."""
    lead = 0
    while True:
        arm = stream.below(2) if abs(lead) < design.limit else int(lead > 0)
        lead += 1 - 2 * arm
        yield arm


def draw_freely(design: ListDesign, stream: KeyedStream) -> Iterator[int]:
    """Independent draws with the weights of the ratio: the first arm has the lowest numbers."""
    tickets = [arm for arm, weight in enumerate(design.ratio) for _ticket in range(weight)]
    while True:
        yield tickets[stream.below(len(tickets))]


def in_order(lists: dict[str, list[SlotPlan]]) -> list[SlotPlan]:
    """The lists of all strata as one, stratum after stratum."""
    return [slot for slots in lists.values() for slot in slots]
