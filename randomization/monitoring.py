"""Watching a running trial for selection bias: what was guessed right, and whether prognosis follows the guess.

**Convergence score**: the share of allocations that the convergence guesser would have named, beside the share
expected of the design. **Berger-Exner test** (Berger and Exner, Control Clin Trials 1999; 20: 319-327; Berger,
Stat Med 2005; 24: 2777-2787): a regression of a value on the reverse propensity score, here within strata. If
recruiters admit better prognoses when an arm is likely, its coefficient is not zero. Published for outcomes, where
the arm stands beside it in the regression; a baseline value cannot be an effect of the arm, which would only take
power away, and is left out.

The p-value is that of a randomization test: arms are drawn anew from the design many times, the baseline values
stay with their participants, and the share of draws with as large a coefficient is counted. This needs no normal
distribution, holds for yes/no values and small trials, and keeps its level exactly; the t distribution does
not, since the score depends on the arms themselves. Draws have fixed seeds: the same data give the same p-value.
For access only to those who may see the list.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

from randomization.design import (
    LONGEST_LIST,
    UNSTRATIFIED,
    Design,
    ListDesign,
    Minimization,
    Simple,
    UploadedTable,
)
from randomization.foresight import Chances, blocks_behind, foreseen, foreseen_by_minimization
from randomization.guessing import right_guesses
from randomization.minimization import Levels, Minimizer, chances_among
from randomization.predictability import guess_rate
from randomization.sequence import generate
from randomization.simulation import foretell

DRAWS = 499
# Lists that the expected score of unequal weights is simulated with.
SCORE_LISTS = 200
# Below this share, a sum of squares is rounding.
_NOTHING = 1e-9


@dataclass(frozen=True)
class Observed:
    """One allocation in the order of time: stratum, arm, a baseline value, and the levels for minimization."""

    stratum: str
    arm: str
    value: float | None = None
    levels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ConvergenceScore:
    """Right guesses of the convergence guesser within strata: their number, of how many, and the shares."""

    right: float
    allocations: int
    observed: float
    expected: float


def convergence_score(design: Design, allocations: Sequence[Observed]) -> ConvergenceScore | None:
    """The observed score and that expected of the design; None before the first allocation.

    For minimization the guesser names the arm that is behind in the whole trial.
    """
    if not allocations:
        return None
    arms: dict[str, list[int]] = {}
    for each in allocations:
        arms.setdefault(each.stratum, []).append(design.arm_index(each.arm))
    right = sum(right_guesses(listed, design.ratio) for listed in arms.values())
    expected = sum(_expected_score(design, len(listed)) * len(listed) for listed in arms.values())
    total = len(allocations)
    return ConvergenceScore(right, total, right / total, expected / total)


def _expected_score(design: Design, length: int) -> float:
    """The share that the convergence guesser is expected to name right over the first allocations of a stratum."""
    if isinstance(design, Minimization):
        return foretell(design, length).guess_rate_totals
    procedure = procedure_of(design)
    if procedure.is_equal:
        return guess_rate(procedure, length)
    # With unequal weights the exact rate is that of a guesser who sees the blocks.
    return _simulated_score(procedure.model_copy(update={"strata": (UNSTRATIFIED,)}), length)


@lru_cache(maxsize=256)
def _simulated_score(design: ListDesign, length: int) -> float:
    lists = (generate(design, _seed(draw), length)[UNSTRATIFIED] for draw in range(SCORE_LISTS))
    arms = ([design.arm_index(slot.arm) for slot in slots] for slots in lists)
    return sum(right_guesses(listed, design.ratio) for listed in arms) / (SCORE_LISTS * length)


def procedure_of(design: ListDesign) -> ListDesign:
    """What a list was drawn by. Of a table it is not known: the blocks it runs in, or else free draws."""
    if not isinstance(design, UploadedTable):
        return design
    common = {"arms": design.arms, "ratio": design.ratio, "strata": design.strata, "slots_per_stratum": LONGEST_LIST}
    return blocks_behind(design) or Simple(**common)


@dataclass(frozen=True)
class BergerExner:
    """The result of the test, on the participants whose value is known.

    `coefficient`: change of the value when the arm goes from impossible to certain. `statistic`: the coefficient
    over its standard error. `p_value`: two-sided, from `draws` sequences drawn anew.
    """

    arm: str
    participants: int
    coefficient: float
    statistic: float
    p_value: float
    draws: int


def berger_exner(
    design: Design, allocations: Sequence[Observed], *, arm: str | None = None, draws: int = DRAWS
) -> BergerExner | None:
    """Test whether baseline values follow the probability of an arm (by default the design's first).

    None where it cannot be told: the arm is never more likely than at another time (simple randomization, a table
    without visible blocks), all values are equal, or there are too few of them.
    """
    if isinstance(design, UploadedTable) and blocks_behind(design) is None:
        return None
    arm = design.arms[0] if arm is None else arm
    watched = design.arm_index(arm)
    rows = _Rows([each.stratum for each in allocations], [each.value for each in allocations])
    found = rows.fit([odds[watched] for odds in _chances(design, allocations)])
    if found is None:
        return None
    strata = tuple(each.stratum for each in allocations)
    levels = tuple(tuple(each.levels.items()) for each in allocations)
    as_large = 0
    for chances in _redrawn(design, strata, levels, draws):
        fit = rows.fit([odds[watched] for odds in chances])
        # A hair less, so that the observed sequence drawn again counts as equal.
        as_large += fit is not None and abs(fit.statistic) >= abs(found.statistic) * (1 - 1e-9)
    return BergerExner(
        arm=arm,
        participants=rows.known,
        coefficient=found.coefficient,
        statistic=found.statistic,
        p_value=(1 + as_large) / (1 + draws),
        draws=draws,
    )


class _Fit(NamedTuple):
    coefficient: float
    statistic: float


class _Rows:
    """Baseline values by stratum, and their regression on a probability within strata."""

    def __init__(self, strata: Sequence[str], values: Sequence[float | None]) -> None:
        self._places = [place for place, value in enumerate(values) if value is not None]
        self._strata = [strata[place] for place in self._places]
        self._sizes = Counter(self._strata)
        self._y = self._centred([float(value) for value in values if value is not None])
        self.known = len(self._places)

    def fit(self, probable: Sequence[float]) -> _Fit | None:
        """Least squares of the values on the probability of an arm, within strata.

        None if the probability is the same for all, or nothing is left to estimate an error from.
        """
        x = self._centred([probable[place] for place in self._places])
        freedom = self.known - len(self._sizes) - 1
        sxx, sxy, syy = _product(x, x), _product(x, self._y), _product(self._y, self._y)
        if freedom < 1 or sxx <= _NOTHING:
            return None
        coefficient = sxy / sxx
        left = syy - coefficient * sxy
        if left <= _NOTHING * syy:
            return None
        return _Fit(coefficient, coefficient / sqrt(left / freedom / sxx))

    def _centred(self, values: Sequence[float]) -> list[float]:
        """Values less the mean of their stratum."""
        sums: dict[str, float] = dict.fromkeys(self._sizes, 0.0)
        for stratum, value in zip(self._strata, values, strict=True):
            sums[stratum] += value
        return [
            value - sums[stratum] / self._sizes[stratum] for stratum, value in zip(self._strata, values, strict=True)
        ]


def _product(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _chances(design: Design, allocations: Sequence[Observed]) -> list[Chances]:
    """The reverse propensity scores of the sequence as it was."""
    arms = [design.arm_index(each.arm) for each in allocations]
    if isinstance(design, Minimization):
        return foreseen_by_minimization(design, [each.levels for each in allocations], arms)
    return foreseen(design, [each.stratum for each in allocations], arms)


@lru_cache(maxsize=4)
def _redrawn(
    design: Design, strata: tuple[str, ...], levels: tuple[tuple[tuple[str, str], ...], ...], draws: int
) -> list[list[Chances]]:
    """The chances along sequences of the design for these arrivals; they do not depend on any value."""
    if isinstance(design, Minimization):
        held = [dict(each) for each in levels]
        return [_minimized(design, held, _seed(draw)) for draw in range(draws)]
    procedure = procedure_of(design)
    present = procedure.model_copy(update={"strata": tuple(dict.fromkeys(strata))})
    longest = max(Counter(strata).values(), default=1)
    drawn = []
    for draw in range(draws):
        lists = {stratum: iter(slots) for stratum, slots in generate(present, _seed(draw), longest).items()}
        arms = [design.arm_index(next(lists[stratum]).arm) for stratum in strata]
        drawn.append(foreseen(procedure, strata, arms))
    return drawn


def _minimized(design: Minimization, levels: Sequence[Levels], seed: bytes) -> list[Chances]:
    minimizer, chances = Minimizer(design, seed), []
    for held in levels:
        decision = minimizer.decide(held)
        tied = tuple(design.arm_index(arm) for arm in decision.tied)
        chances.append(tuple(float(chance) for chance in chances_among(design, tied)))
        minimizer.record(held, decision.arm)
    return chances


def _seed(draw: int) -> bytes:
    """The seed of a sequence drawn anew; no real list can come of it."""
    return hashlib.sha256(f"armslength draw {draw}".encode()).digest()
