"""Names of strata: one for every combination of levels of the protocol's factors."""

from collections.abc import Iterable, Mapping
from itertools import product

from randomization.design import UNSTRATIFIED
from trials.protocol import Protocol


def key_of(levels: Mapping[str, str]) -> str:
    """The name of a stratum, such as ``lsiq=high``, from {factor: level} in the protocol's order."""
    return "; ".join(f"{factor}={level}" for factor, level in levels.items()) or UNSTRATIFIED


def keys_of(protocol: Protocol) -> tuple[str, ...]:
    """The names of all strata, in the protocol's order."""
    codes = [factor.code for factor in protocol.strata]
    combinations = product(*([level.code for level in factor.levels] for factor in protocol.strata))
    return tuple(key_of(dict(zip(codes, levels, strict=True))) for levels in combinations)


def in_order_of(codes: Iterable[str], levels: Mapping[str, str]) -> dict[str, str]:
    """Levels in the protocol's order again: a database may have put them in another."""
    return {code: levels[code] for code in codes if code in levels}
