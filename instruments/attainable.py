"""Which values a score can take, so that a protocol can be checked for gaps and overlaps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from instruments import scoring
from instruments.problems import UnknownInstrument
from instruments.scoring import csi, fabq, lsiq, odi, pcs, promis29, rmdq, tsk11, tsk17

Value = float | int | str


@dataclass(frozen=True)
class AttainableScores:
    """Every value that a complete or officially prorated response can give, in order."""

    instrument: str
    score: str
    values: tuple[Value, ...]


def attainable(instrument: str, score_name: str) -> AttainableScores:
    """Return the attainable values of a score; a domain of promis29 is named `anxiety.t`.

    Raises UnknownInstrument when the instrument or score is not known, or cannot be listed because
    it is a measurement.
    """
    scoring.rule(instrument)
    values = LISTS.get(instrument, {}).get(score_name)
    if values is None:
        known = ", ".join(LISTS.get(instrument, {})) or "none"
        raise UnknownInstrument(
            "instruments.not_listed",
            f"The values of {instrument} {score_name!r} cannot be listed. Scores of {instrument} that can: {known}.",
        )
    return AttainableScores(instrument, score_name, values())


def whole_numbers(low: int, high: int) -> Callable[[], tuple[Value, ...]]:
    return lambda: tuple(range(low, high + 1))


def percents() -> tuple[Value, ...]:
    """Return the percentages of ten answered sections and of nine, as the rule computes them."""
    found: set[float] = set()
    for count in (9, 10):
        for raw_sum in range(5 * count + 1):
            codes = spread(raw_sum, count) + [None] * (10 - count)
            values = dict(zip(odi.SECTIONS, codes, strict=True))
            found.add(odi.score(values)["score_pct"])
    return tuple(sorted(found))


def spread(raw_sum: int, count: int) -> list[int | None]:
    """Return codes 0-5 for `count` sections that add up to raw_sum."""
    return [min(5, max(0, raw_sum - 5 * place)) for place in range(count)]


def t_scores(table: promis29.tables.Column) -> Callable[[], tuple[Value, ...]]:
    return lambda: tuple(t for t, _ in table)


def profile(columns: dict[str, promis29.tables.Column]) -> dict[str, Callable[[], tuple[Value, ...]]]:
    lists = {f"{domain}.t": t_scores(table) for domain, table in columns.items()}
    lists |= {f"{domain}.raw": whole_numbers(4, 20) for domain in columns}
    return lists | {"pain_intensity": whole_numbers(0, 10)}


LISTS: dict[str, dict[str, Callable[[], tuple[Value, ...]]]] = {
    "csi": {"total": whole_numbers(0, 4 * len(csi.QUESTIONS))},
    "fabq": {
        "pa": whole_numbers(0, 6 * len(fabq.ACTIVITY)),
        "work": whole_numbers(0, 6 * len(fabq.WORK)),
    },
    "lsiq": {
        "total": whole_numbers(0, len(lsiq.QUESTIONS)),
        "group": lambda: ("high", "low"),
    },
    "modq": {"raw_sum": whole_numbers(0, 50), "score_pct": percents},
    "nprs": {"score": whole_numbers(0, 10)},
    "odi": {"raw_sum": whole_numbers(0, 50), "score_pct": percents},
    "pcs": {
        "total": whole_numbers(0, 4 * len(pcs.STATEMENTS)),
        **{name: whole_numbers(0, 4 * len(items)) for name, items in pcs.SUBSCALES.items()},
    },
    "promis29": profile(promis29.TABLES),
    "promis29_v21": profile(promis29.TABLES_V2_1),
    "rmdq": {"total": whole_numbers(0, len(rmdq.STATEMENTS))},
    "tsk11": {"total": whole_numbers(len(tsk11.STATEMENTS), 4 * len(tsk11.STATEMENTS))},
    "tsk17": {"total": whole_numbers(len(tsk17.STATEMENTS), 4 * len(tsk17.STATEMENTS))},
}
