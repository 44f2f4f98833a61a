"""Designs and seeds that the tests of the list share."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, cast

from randomization.design import Design, Minimization, UploadedTable, read_design
from randomization.table import TableField, TableKey, read_table

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


SITE_AND_TWO = {"site": ("1", "2", "3"), "sex": ("f", "m"), "age": ("old", "young")}


def minimization(
    *,
    ratio: Any = (1, 1),
    factors: Mapping[str, Sequence[str]] = SITE_AND_TWO,
    weights: Mapping[str, int] | None = None,
    slots: int = 120,
    **own: Any,
) -> Minimization:
    listed = [
        {"code": code, "levels": list(levels), "weight": (weights or {}).get(code, 1)}
        for code, levels in factors.items()
    ]
    document = {"method": "minimization", "ratio": ratio, "factors": listed, "probability": "80/100"}
    return cast(Minimization, read_design({**document, "slots_per_stratum": slots, **own}))


TABLE_KEY = TableKey({"1": "A", "2": "B"}, [TableField("gender", "sex", {"0": "f", "1": "m"})])
TABLE_HEADER = "redcap_randomization_number,redcap_randomization_group,gender"


def table_of(*rows: str, header: str = TABLE_HEADER, key: TableKey = TABLE_KEY) -> UploadedTable:
    """The design of a table of the given lines."""
    return read_table("\r\n".join([header, *rows]).encode(), key=key, ratio={"A": 1, "B": 1})


def uploaded(arms: str = "ABBABAABABABBABA") -> UploadedTable:
    """A table with the same arms in both strata."""
    codes = {"A": "1", "B": "2"}
    return table_of(*(f",{codes[arm]},{sex}" for sex in "01" for arm in arms))
