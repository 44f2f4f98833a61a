"""Designs and seeds that the tests of the list share."""

import hashlib
from collections.abc import Sequence
from typing import Any

from randomization.design import Design, read_design

SEED = bytes(range(32))


def seed_number(number: int) -> bytes:
    """A fixed seed by number."""
    return hashlib.sha256(f"seed {number}".encode()).digest()


def blocks(*sizes: int, ratio: Any = (1, 1), strata: Sequence[str] = ("all",), slots: int = 240) -> Design:
    return read_design(
        {
            "method": "permuted_blocks",
            "ratio": ratio,
            "block_sizes": list(sizes),
            "strata": list(strata),
            "slots_per_stratum": slots,
        }
    )


def big_stick(limit: int, *, strata: Sequence[str] = ("all",), slots: int = 240) -> Design:
    ratio = {"A": 1, "B": 1}
    return read_design(
        {
            "method": "big_stick",
            "ratio": ratio,
            "limit": limit,
            "strata": list(strata),
            "slots_per_stratum": slots,
        }
    )


def simple(*, ratio: Any = (1, 1), strata: Sequence[str] = ("all",), slots: int = 240) -> Design:
    return read_design({"method": "simple", "ratio": ratio, "strata": list(strata), "slots_per_stratum": slots})
