"""The commitment: published when a list goes live, it proves at the end that nothing was altered.

It is the SHA-256 of algorithm version, design, list and a secret 256-bit salt; minimization, which has no list,
commits to its seed instead. Without the salt,
somebody who knows the past arms could try out the remaining ones until the hash fits. Salt and seed
are revealed at the end; then anyone can recompute list and hash.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.problems import Problem
from randomization.design import Design, Minimization, UploadedTable, canonical_json
from randomization.segments import segment_slots
from randomization.sequence import SlotPlan, generate, in_order
from randomization.stream import ALGORITHM

SALT_BYTES = 32


def commitment_document(algorithm: str, design: Design, slots: Iterable[SlotPlan], salt: bytes) -> dict[str, Any]:
    """What is hashed. Slots are put in the order of the design's strata, then of positions."""
    rank = {stratum: place for place, stratum in enumerate(design.strata)}
    ordered = sorted(slots, key=lambda slot: (rank.get(slot.stratum, len(rank)), slot.position))
    return {
        "algorithm": algorithm,
        "design": design.document(),
        "list": [list(slot) for slot in ordered],
        "salt": salt.hex(),
    }


def commit(algorithm: str, design: Design, slots: Iterable[SlotPlan], salt: bytes) -> str:
    """The commitment as 64 hexadecimal digits. Raises `Problem` unless the salt has 256 bits."""
    _check_salt(salt)
    document = commitment_document(algorithm, design, slots, salt)
    return hashlib.sha256(canonical_json(document)).hexdigest()


def commit_dynamic(algorithm: str, design: Minimization, seed: bytes, salt: bytes) -> str:
    """The commitment of a method without a list: to design and seed. Raises `Problem` as `commit` does."""
    _check_salt(salt)
    document = {"algorithm": algorithm, "design": design.document(), "seed": seed.hex(), "salt": salt.hex()}
    return hashlib.sha256(canonical_json(document)).hexdigest()


def _check_salt(salt: bytes) -> None:
    if len(salt) != SALT_BYTES:
        sentence = _("A salt has %(bits)d bits (%(digits)d hexadecimal digits).")
        params = {"bits": 8 * SALT_BYTES, "digits": 2 * SALT_BYTES}
        raise Problem("commitment.salt", sentence, field="salt", params=params)


def verify(
    commitment: str,
    *,
    algorithm: str,
    design: Design,
    slots: Iterable[SlotPlan],
    salt: bytes,
    seed: bytes,
    before: Mapping[str, int] | None = None,
) -> Problem | None:
    """The first discrepancy between a list, its seed and its published commitment; None if none.

    The list is drawn again from the seed and compared slot by slot, then the hash is recomputed. `before`: how
    many slots of each stratum were there before an extension; left out, the first position given tells it.
    """
    given = list(slots)
    unknown = check_algorithm(algorithm)
    if unknown is not None:
        return unknown
    if not given:
        return Problem("verify.list", _("The list is empty."))
    expected = segment_slots(design, seed, before) if before is not None else _expected(design, seed, given)
    discrepancy = _compare_with_seed(expected, given)
    if discrepancy is not None:
        return discrepancy
    if not hmac.compare_digest(commit(algorithm, design, given, salt), commitment.strip().lower()):
        sentence = _(
            "The list follows from the seed, but the published commitment belongs to another list, design or salt."
        )
        return Problem("verify.commitment", sentence)
    return None


def check_algorithm(algorithm: str) -> Problem | None:
    """A problem unless this version can draw again what that algorithm drew."""
    if algorithm == ALGORITHM:
        return None
    sentence = _("The algorithm %(algorithm)s is not known here. This version knows %(known)s.")
    return Problem("verify.algorithm", sentence, params={"algorithm": algorithm, "known": ALGORITHM})


def _expected(design: Design, seed: bytes, given: list[SlotPlan]) -> list[SlotPlan]:
    """The positions that are given, drawn again from the seed."""
    if isinstance(design, UploadedTable):
        return in_order(generate(design, seed))
    # An extension's list begins after the slots that were there before.
    after = max(min(slot.position for slot in given) - 1, 0)
    return in_order(generate(design, seed, max(slot.position for slot in given), after=after))


def _compare_with_seed(drawn: Iterable[SlotPlan], given: list[SlotPlan]) -> Problem | None:
    """The first slot that the seed would have drawn otherwise."""
    found = {(slot.stratum, slot.position): slot for slot in given}
    for expected in drawn:
        slot = found.pop((expected.stratum, expected.position), None)
        place = {"stratum": expected.stratum, "position": expected.position}
        if slot is None:
            sentence = _("Stratum %(stratum)s, position %(position)d: the slot is missing from the list.")
            return Problem("verify.missing", sentence, params=place)
        if slot != expected:
            sentence = _(
                "Stratum %(stratum)s, position %(position)d: the list says %(found)s in block "
                "%(found_block)d, the seed gives %(expected)s in block %(expected_block)d."
            )
            facts = {
                "found": slot.arm,
                "found_block": slot.block,
                "expected": expected.arm,
                "expected_block": expected.block,
            }
            return Problem("verify.slot", sentence, params={**place, **facts})
    if found or len({(slot.stratum, slot.position) for slot in given}) != len(given):
        return _surplus(given, found)
    return None


def _surplus(given: list[SlotPlan], unknown: dict[tuple[str, int], SlotPlan]) -> Problem:
    """A slot of no stratum of the design, or one that is listed twice."""
    seen: set[tuple[str, int]] = set()
    for slot in given:
        place = (slot.stratum, slot.position)
        if place in unknown or place in seen:
            break
        seen.add(place)
    sentence = _("Stratum %(stratum)s, position %(position)d: the list has a slot that does not belong there.")
    params = {"stratum": slot.stratum, "position": slot.position}
    return Problem("verify.surplus", sentence, params=params)
