"""How well people were blind, from what they guessed: the indices of James and of Bang. Pure.

A table of guesses has a row for each arm guessed, in the order of the arms, then one for "don't know"; its columns are
the arms people were in. Intervals are the estimate plus and minus normal quantiles of its standard error.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

Guesses = Sequence[Sequence[int]]
TWO_SIDED = NormalDist().inv_cdf(0.975)
ONE_SIDED = NormalDist().inv_cdf(0.95)
NOBODY = "nobody"
"""Why there is no index: nobody guessed."""
ONE_ARM = "one_arm"
"""Why there is no index: all who guessed an arm were in one, and named it; chance cannot be told from knowing."""


@dataclass(frozen=True)
class Index:
    """An index of ``n`` people, its standard error, and 95 % limits: two-sided, and each one-sided.

    All None where it does not exist; ``missing`` then says why.
    """

    n: int
    estimate: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    one_sided_low: float | None = None
    one_sided_high: float | None = None
    missing: str = ""


@dataclass(frozen=True)
class James:
    """The index of James over all arms, and what it is made of; the parts are None where nobody named an arm.

    1: nobody can tell; 0.5: guesses as by chance; 0: everybody is right. ``p_dont_know``: share of don't know;
    ``observed`` and ``expected``: weighted disagreement; ``kappa``: of the two.
    """

    index: Index
    p_dont_know: float | None = None
    observed: float | None = None
    expected: float | None = None
    kappa: float | None = None


def bang(guesses: Guesses, arm: int) -> Index:
    """Bang's index of one arm: right less wrong guesses, of all. 1: all right; 0: as by chance; -1: all wrong."""
    column = [row[arm] for row in guesses]
    n = sum(column)
    if n == 0:
        return Index(0, missing=NOBODY)
    right, wrong = column[arm] / n, (n - column[arm] - column[-1]) / n
    estimate = right - wrong
    return _index(n, estimate, (right + wrong - estimate**2) / n)


def james(guesses: Guesses) -> James:
    """James' index with his weights: a right guess 0, a wrong one a half, don't know 1."""
    n = sum(map(sum, guesses))
    if n == 0:
        return James(Index(0, missing=NOBODY))
    shares = [[count / n for count in row] for row in guesses[:-1]]
    named = sum(map(sum, shares))
    if named == 0:
        return James(_index(n, 1.0, 0.0), p_dont_know=1.0)
    rows, columns = [sum(row) for row in shares], [sum(column) for column in zip(*shares, strict=True)]
    wrong = (sum(map(sum, shares)) - sum(row[i] for i, row in enumerate(shares))) / 2
    chance = (named * named - sum(row * column for row, column in zip(rows, columns, strict=True))) / 2
    if chance == 0:
        return James(Index(n, missing=ONE_ARM), p_dont_know=1 - named)
    estimate = 1 - named + wrong * named**2 / (2 * chance)
    observed, expected = wrong / named, chance / named**2
    variance = _variance_of_james(shares, named, wrong, chance) / n
    return James(_index(n, estimate, variance), 1 - named, observed, expected, observed / expected - 1)


def _variance_of_james(shares: list[list[float]], named: float, wrong: float, chance: float) -> float:
    """By the delta method: the variance of the slope over the cells. In the cells of don't know the slope is 0."""
    rows, columns = [sum(row) for row in shares], [sum(column) for column in zip(*shares, strict=True)]
    mean = square = 0.0
    for i, row in enumerate(shares):
        for j, share in enumerate(row):
            weight = 0.0 if i == j else 0.5
            # How chance disagreement changes with this cell: through its row and through its column.
            of_chance = (sum(columns) - columns[i] + sum(rows) - rows[j]) / 2
            slope = weight * named**2 / (2 * chance) + wrong * named / chance - 1
            slope -= wrong * named**2 / (2 * chance**2) * of_chance
            mean, square = mean + share * slope, square + share * slope**2
    return square - mean**2


def _index(n: int, estimate: float, variance: float) -> Index:
    se = sqrt(max(variance, 0.0))
    return Index(
        n,
        estimate,
        se,
        estimate - TWO_SIDED * se,
        estimate + TWO_SIDED * se,
        estimate - ONE_SIDED * se,
        estimate + ONE_SIDED * se,
    )
