"""Segments: a list that was made longer later. Each segment has its own salt and commitment, once live for good.

An extension keeps arms, ratio, method, the method's own values and strata. Drawn lists and minimization go on
where they ended: the extension's `slots_per_stratum` is the new total, and its seed is best the same. The table
of an extension holds the new rows only.
"""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from core.problems import Problem
from randomization.design import Design, Minimization, UploadedTable
from randomization.sequence import SlotPlan, generate, in_order


def slots_after(designs: Sequence[Design]) -> dict[str, int]:
    """{stratum: slots} at the end of these segments; for minimization, the most participants."""
    total: dict[str, int] = {}
    for design in designs:
        for stratum in design.strata:
            if isinstance(design, UploadedTable):
                total[stratum] = total.get(stratum, 0) + len(design.arms_of(stratum))
            else:
                total[stratum] = design.slots_per_stratum
    return total


def segment_slots(design: Design, seed: bytes, before: Mapping[str, int]) -> list[SlotPlan]:
    """The slots of one segment, stratum after stratum. `before`: the slots of each stratum in earlier segments.

    Raises `Problem` for minimization, which has no list, and for an extension that adds nothing.
    """
    if isinstance(design, UploadedTable):
        slots = in_order(generate(design, seed))
        return [slot._replace(position=slot.position + before.get(slot.stratum, 0)) for slot in slots]
    return in_order(generate(design, seed, after=max(before.values(), default=0)))


def check_extension(earlier: Sequence[Design], extension: Design) -> Problem | None:
    """A problem if an extension changes anything but the length, or does not lengthen."""
    first = earlier[0]
    kept = {
        "method": extension.method == first.method,
        "arms": extension.arms == first.arms,
        "ratio": extension.ratio == first.ratio,
        "strata": extension.strata == first.strata,
    }
    for entry, same in kept.items():
        if not same:
            sentence = _("An extension cannot change this entry of the design: %(entry)s.")
            return Problem("segment.changed", sentence, field=entry, params={"entry": entry})
    if isinstance(first, UploadedTable):
        return None
    if extension.fingerprint() != first.fingerprint():
        sentence = _("An extension cannot change the method's own values, such as block sizes or factors.")
        return Problem("segment.changed", sentence)
    if extension.slots_per_stratum <= earlier[-1].slots_per_stratum:
        sentence = _("An extension has more slots than the %(slots)d there are.")
        params = {"slots": earlier[-1].slots_per_stratum}
        return Problem("segment.length", sentence, field="slots_per_stratum", params=params)
    return None


def has_list(design: Design) -> bool:
    """Whether the method has a list ahead of the first participant."""
    return not isinstance(design, Minimization)
