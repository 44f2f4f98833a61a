"""Sealing: what is stored of a list tells nobody which arm comes where.

Each arm is stored once, as its index in the design, encrypted (AES-256-GCM) with a key that is not in
the database. All seals have one length, equal arms give different seals, and a seal opens only at the
place it was made for, so that rows cannot be exchanged.
"""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.encryption import WrongKey, decrypt, encrypt, keyring
from core.problems import Problem

ARM_BYTES = 2


def seal_arm(index: int, *, sequence_id: UUID, stratum: str, position: int) -> bytes:
    """Seal an arm's index (0 to 65535) for one slot."""
    return _seal(index.to_bytes(ARM_BYTES, "big"), _slot_place(sequence_id, stratum, position))


def open_arm(sealed: bytes, *, sequence_id: UUID, stratum: str, position: int) -> int:
    """The arm's index. Raises `Problem` when the seal was altered, moved or made with another key."""
    return int.from_bytes(_open(sealed, _slot_place(sequence_id, stratum, position)), "big")


def seal_seed(seed: bytes, *, sequence_id: UUID) -> bytes:
    """Seal the seed of a sequence."""
    return _seal(seed, f"sequence seed:{sequence_id}")


def open_seed(sealed: bytes, *, sequence_id: UUID) -> bytes:
    """The seed. Raises `Problem` as `open_arm` does."""
    return _open(sealed, f"sequence seed:{sequence_id}")


def seal_salt(salt: bytes, *, sequence_id: UUID) -> bytes:
    """Seal the salt of a sequence's commitment."""
    return _seal(salt, f"sequence salt:{sequence_id}")


def open_salt(sealed: bytes, *, sequence_id: UUID) -> bytes:
    """The salt. Raises `Problem` as `open_arm` does."""
    return _open(sealed, f"sequence salt:{sequence_id}")


def seal_draw(draw: bytes, *, sequence_id: UUID, stratum: str, position: int) -> bytes:
    """Seal what the arm of a slot was drawn from."""
    return _seal(draw, f"draw of {_slot_place(sequence_id, stratum, position)}")


def open_draw(sealed: bytes, *, sequence_id: UUID, stratum: str, position: int) -> bytes:
    """What the arm of a slot was drawn from. Raises `Problem` as `open_arm` does."""
    return _open(sealed, f"draw of {_slot_place(sequence_id, stratum, position)}")


def _slot_place(sequence_id: UUID, stratum: str, position: int) -> str:
    return f"sequence slot:{sequence_id}:{stratum}:{position}"


def _seal(plain: bytes, place: str) -> bytes:
    return encrypt(plain, key=keyring.key("sequence"), context=place)


def _open(sealed: bytes, place: str) -> bytes:
    try:
        return decrypt(sealed, key=keyring.key("sequence"), context=place)
    except WrongKey as error:
        sentence = _(
            "A sealed entry of the list cannot be opened: it was altered or moved, or the key is another. "
            "Stop randomizing and tell the statistician."
        )
        raise Problem("sealing.broken", sentence) from error
