"""A stored list as the pure modules know it. Everything here needs the blindfold lifted."""

import json
from typing import Any
from uuid import UUID

from core.encryption import decrypt, encrypt, keyring
from randomization import sealing
from randomization.design import Design, canonical_json, read_design
from randomization.minimization import Decision
from randomization.models import Sequence, Slot, Stratum
from randomization.segments import segment_slots
from randomization.sequence import SlotPlan

_DESIGN_BYTES = 4096
_DRAW_BYTES = 1024


def seal_design(design: Design, *, sequence_id: UUID) -> bytes:
    """Seal a design; its length says nothing up to 4096 bytes (trailing blanks are no part of JSON)."""
    return encrypt(
        _padded(design.document(), _DESIGN_BYTES), key=keyring.key("sequence"), context=_design_place(sequence_id)
    )


def design_of(sequence: Sequence) -> Design:
    """The design of a sequence."""
    plain = decrypt(bytes(sequence.sealed_design), key=keyring.key("sequence"), context=_design_place(sequence.pk))
    return read_design(json.loads(plain))


def seed_of(sequence: Sequence) -> bytes:
    return sealing.open_seed(bytes(sequence.sealed_seed), sequence_id=sequence.pk)


def salt_of(sequence: Sequence) -> bytes:
    return sealing.open_salt(bytes(sequence.sealed_salt), sequence_id=sequence.pk)


def seal_slot(plan: SlotPlan, stratum: Stratum, design: Design) -> Slot:
    """A slot, not yet saved, with its arm sealed for that very place."""
    sealed = sealing.seal_arm(
        design.arm_index(plan.arm), sequence_id=stratum.sequence_id, stratum=plan.stratum, position=plan.position
    )
    return Slot(stratum=stratum, position=plan.position, sealed_arm=sealed)


def seal_decision(decision: Decision, stratum: Stratum, design: Design) -> Slot:
    """The slot of a minimization, not yet saved: its arm, and all that the draw used, sealed for that place."""
    slot = seal_slot(SlotPlan(stratum.key, decision.number, 1, decision.arm), stratum, design)
    slot.sealed_draw = sealing.seal_draw(
        _padded(decision.document(), _DRAW_BYTES),
        sequence_id=stratum.sequence_id,
        stratum=stratum.key,
        position=decision.number,
    )
    return slot


def draw_of(slot: Slot) -> dict[str, Any] | None:
    """What the arm of a slot was drawn from, as the decision's document; None where the list was drawn ahead."""
    if slot.sealed_draw is None:
        return None
    place = {"sequence_id": slot.stratum.sequence_id, "stratum": slot.stratum.key, "position": slot.position}
    document: dict[str, Any] = json.loads(sealing.open_draw(bytes(slot.sealed_draw), **place))
    return document


def arm_at(design: Design, stratum: Stratum, position: int) -> str:
    """The arm code of one slot. Raises Problem when its seal does not open."""
    sealed = Slot.objects.values_list("sealed_arm", flat=True).get(stratum=stratum, position=position)
    return open_arm(design, stratum, position, bytes(sealed))


def places_before(sequence: Sequence) -> dict[str, int]:
    """{stratum: places in the segments before}."""
    return dict(Stratum.objects.filter(sequence=sequence).values_list("key", "after"))


def slots_of(sequence: Sequence, design: Design) -> list[SlotPlan]:
    """The whole list of a segment as stored. Blocks are not stored: they follow from the seed."""
    drawn = segment_slots(design, seed_of(sequence), places_before(sequence))
    blocks = {(plan.stratum, plan.position): plan.block for plan in drawn}
    stored = Slot.objects.filter(stratum__sequence=sequence).select_related("stratum")
    plans = []
    for slot in stored.order_by("stratum__key", "position"):
        key = slot.stratum.key
        arm = open_arm(design, slot.stratum, slot.position, bytes(slot.sealed_arm))
        plans.append(SlotPlan(key, slot.position, blocks.get((key, slot.position), 0), arm))
    return plans


def open_arm(design: Design, stratum: Stratum, position: int, sealed: bytes) -> str:
    """The arm code in a seal; raises Problem when it was not made for this very place."""
    index = sealing.open_arm(sealed, sequence_id=stratum.sequence_id, stratum=stratum.key, position=position)
    return design.arms[index]


def _padded(document: dict[str, Any], to: int) -> bytes:
    """Canonical JSON filled up with blanks, so that its length says nothing."""
    text = canonical_json(document)
    return text.ljust(-(-len(text) // to) * to)


def _design_place(sequence_id: UUID) -> str:
    return f"sequence design:{sequence_id}"
