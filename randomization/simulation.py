"""What a minimization foretells, by simulation: there is no formula for it.

Trials are simulated with fixed seeds, so the same design always shows the same figures. Every level of a factor
is taken to be equally likely and factors to be independent of each other.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from statistics import fmean, stdev

from randomization.design import Minimization
from randomization.guessing import guessed
from randomization.minimization import Minimizer, arrivals, chances_among

MOST_TRIALS, FEWEST_TRIALS = 100, 40
# Together the trials hold about this many arrivals, so that a page need not wait.
ARRIVALS = 12_000
LONGEST_TRIAL = 500


@dataclass(frozen=True)
class Foretold:
    """Figures of simulated trials of a length; rates and shares run from 0 to 1.

    `guess_rate`: right guesses of somebody who knows everything but the seed: method, all past arms and levels,
    and those of the newcomer. `standard_error`: of that rate. `second_half`: the same over the second half of
    the trials. `guess_rate_totals`: of somebody who knows the past arms alone and names the one that is behind.
    `guess_rate_within`: {factor: the same, for somebody who sees the arms of those with the newcomer's level},
    such as the staff of a site. `certain`: share of allocations that are certain to who knows everything.
    `expected_imbalance`: as in ``predictability``, for the whole trial.
    """

    trials: int
    length: int
    guess_rate: float
    standard_error: float
    second_half: float
    guess_rate_totals: float
    guess_rate_within: dict[str, float]
    certain: float
    expected_imbalance: float


@dataclass
class _Trial:
    """One simulated trial: what each guesser can expect for each arrival."""

    best: list[float]
    totals: list[float]
    within: dict[str, list[float]]
    imbalance: float


def foretell(design: Minimization, length: int) -> Foretold:
    """Simulate trials of `length` (1 or more) participants, at most 500: by then the figures stand still."""
    length = min(length, LONGEST_TRIAL)
    return simulate_trials(design, length, max(FEWEST_TRIALS, min(MOST_TRIALS, ARRIVALS // length)))


@lru_cache(maxsize=64)
def simulate_trials(design: Minimization, length: int, trials: int) -> Foretold:
    """Simulate so many trials (2 or more) of a length."""
    found = [_simulate(design, _seed(number), length) for number in range(trials)]
    rates = [fmean(trial.best) for trial in found]
    late = [fmean(trial.best[length // 2 :]) for trial in found]
    return Foretold(
        trials=trials,
        length=length,
        guess_rate=fmean(rates),
        standard_error=stdev(rates) / trials**0.5,
        second_half=fmean(late),
        guess_rate_totals=fmean(fmean(trial.totals) for trial in found),
        guess_rate_within={
            factor.code: fmean(fmean(trial.within[factor.code]) for trial in found) for factor in design.factors
        },
        certain=fmean(sum(best == 1 for best in trial.best) / length for trial in found),
        expected_imbalance=fmean(trial.imbalance for trial in found),
    )


def _seed(number: int) -> bytes:
    """The seed of a simulated trial; no real list can come of it."""
    return hashlib.sha256(f"armslength simulation {number}".encode()).digest()


def _simulate(design: Minimization, seed: bytes, length: int) -> _Trial:
    """One trial. Expectations are taken over the coin of each arrival, which narrows the error."""
    minimizer = Minimizer(design, seed)
    best: list[float] = []
    behind: list[float] = []
    within: dict[str, list[float]] = {factor.code: [] for factor in design.factors}
    totals = [0] * len(design.arms)
    seen = {(factor.code, level): [0] * len(totals) for factor in design.factors for level in factor.levels}
    chances_of = cache(lambda tied: [float(chance) for chance in chances_among(design, tied)])
    for levels in arrivals(design, seed, length):
        decision = minimizer.decide(levels)
        chances = chances_of(tuple(design.arm_index(arm) for arm in decision.tied))
        best.append(max(chances))
        behind.append(_expected(chances, totals, design))
        arm = design.arm_index(decision.arm)
        totals[arm] += 1
        for place in levels.items():
            within[place[0]].append(_expected(chances, seen[place], design))
            seen[place][arm] += 1
        minimizer.record(levels, decision.arm)
    shares = [length * weight / design.ratio_sum for weight in design.ratio]
    imbalance = sum(abs(count - share) for count, share in zip(totals, shares, strict=True))
    return _Trial(best, behind, within, imbalance)


def _expected(chances: Sequence[float], counts: Sequence[int], design: Minimization) -> float:
    """The chance that the convergence guesser is right."""
    named = guessed(counts, design.ratio)
    return sum(chances[arm] for arm in named) / len(named)
