"""Minimization with a random element (Pocock and Simon, Biometrics 1975; 31: 103-115).

The newcomer is put, in thought, into each arm in turn; the arm that leaves the least imbalance over the levels
the newcomer has is preferred, and gets the newcomer with a high probability. Counts are divided by the weights
of the ratio, and the coin is weighted as in Han, Enas and McEntegart (Stat Med 2009; 28: 3329-3346), so that
unequal ratios are kept. All comparisons are exact: no floating-point number decides an arm.

Allocation n follows from algorithm version, design, seed, n, the earlier allocations and the newcomer's levels.
docs/randomization.md has the formulas.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import isqrt, lcm
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from core.problems import Problem
from randomization.design import UNSTRATIFIED, Minimization
from randomization.stream import ALGORITHM, KeyedStream

# Square roots are cut after this many binary places; totals closer than that are equal.
_ROOT_BITS = 64

Levels = Mapping[str, str]

# Where the arms' totals are counted; no factor has an empty name.
WHOLE_TRIAL = ("", "")


class Placed(NamedTuple):
    """An earlier participant: levels as used, {factor: level}, and arm code."""

    levels: Levels
    arm: str


class Draw(NamedTuple):
    """A whole number drawn from the stream, and the bound it was drawn below."""

    drawn: int
    below: int


@dataclass(frozen=True)
class Decision:
    """How one allocation came about.

    `imbalance`: {arm: total if the newcomer went there}, exact, in the unit of the design's distance. `tied`:
    the arms with the least. `tie`: the draw among them, None if there was one only. `coin`: the draw that
    decided between the preferred arm and the others.
    """

    number: int
    levels: dict[str, str]
    imbalance: dict[str, str]
    tied: tuple[str, ...]
    tie: Draw | None
    preferred: str
    coin: Draw
    arm: str

    def document(self) -> dict[str, Any]:
        """The state and the draws as plain JSON values, for the sealed record."""
        return {
            "number": self.number,
            "levels": self.levels,
            "imbalance": self.imbalance,
            "tied": list(self.tied),
            "tie": list(self.tie) if self.tie else None,
            "preferred": self.preferred,
            "coin": list(self.coin),
            "arm": self.arm,
        }


class Minimizer:
    """The running counts of a trial, and the next arm they lead to."""

    def __init__(self, design: Minimization, seed: bytes) -> None:
        self.design = design
        self._seed = seed
        self._fingerprint = design.fingerprint()
        self._coin = _Coin(design)
        # Counts times this, divided by an arm's weight, are whole numbers.
        scale = lcm(*design.ratio)
        self._step = [scale // weight for weight in design.ratio]
        self._weights = [factor.weight for factor in design.factors]
        if design.overall_weight:
            self._weights.append(design.overall_weight)
        self._counts: dict[tuple[str, str], list[int]] = {}
        self._made = 0

    @property
    def made(self) -> int:
        """How many allocations were recorded."""
        return self._made

    def record(self, levels: Levels, arm: str) -> None:
        """Count a participant in. Raises `Problem` for levels or an arm that the design does not have."""
        check_levels(self.design, levels)
        if arm not in self.design.arms:
            raise Problem("minimization.arm", _("The design has no arm %(arm)s."), params={"arm": arm})
        index = self.design.arm_index(arm)
        for counts in self._counts_of(levels):
            counts[index] += self._step[index]
        self._made += 1

    def decide(self, levels: Levels) -> Decision:
        """The arm of the next participant; counts nobody in. Raises `Problem` for unknown levels."""
        check_levels(self.design, levels)
        number = self._made + 1
        stream = KeyedStream(self._seed, [ALGORITHM, self._fingerprint, UNSTRATIFIED, number])
        totals = self._totals(levels)
        tied = self._least(totals)
        tie, preferred = self._break_tie(tied, stream)
        coin, arm = self._coin.toss(preferred, stream)
        arms = self.design.arms
        return Decision(
            number=number,
            levels=dict(levels),
            imbalance={arms[index]: str(total) for index, total in enumerate(totals)},
            tied=tuple(arms[index] for index in tied),
            tie=tie,
            preferred=arms[preferred],
            coin=coin,
            arm=arms[arm],
        )

    def chances(self, levels: Levels) -> tuple[Fraction, ...]:
        """The probability of each arm for the next participant, to somebody who knows all but the seed."""
        check_levels(self.design, levels)
        return chances_among(self.design, tuple(self._least(self._totals(levels))))

    def imbalance(self) -> dict[tuple[str, str], tuple[Fraction, ...]]:
        """How many of each arm there are by (factor, level), divided by the arms' weights.

        The totals, if they count, stand at ``WHOLE_TRIAL``.
        """
        scale = lcm(*self.design.ratio)
        return {place: tuple(Fraction(count, scale) for count in counts) for place, counts in self._counts.items()}

    def _counts_of(self, levels: Levels) -> list[list[int]]:
        """Scaled counts by arm at each of the levels somebody has, and of the whole trial if it counts."""
        places = [(factor.code, levels[factor.code]) for factor in self.design.factors]
        if self.design.overall_weight:
            places.append(WHOLE_TRIAL)
        return [self._counts.setdefault(place, [0] * len(self._step)) for place in places]

    def _totals(self, levels: Levels) -> list[Fraction | int]:
        """The weighted imbalance if the newcomer went to each arm."""
        found = self._counts_of(levels)
        totals: list[Fraction | int] = []
        for index, step in enumerate(self._step):
            total: Fraction | int = 0
            for weight, counts in zip(self._weights, found, strict=True):
                supposed = [*counts]
                supposed[index] += step
                total += weight * distance(self.design, supposed)
            totals.append(total)
        return totals

    def _least(self, totals: Sequence[Fraction | int]) -> list[int]:
        """The arms with the least total, in the design's order."""
        slack = sum(self._weights) if self.design.distance == "standard_deviation" else 0
        most = min(totals) + slack
        return [index for index, total in enumerate(totals) if total <= most]

    def _break_tie(self, tied: Sequence[int], stream: KeyedStream) -> tuple[Draw | None, int]:
        """One of the tied arms, drawn with the weights of the ratio; the first has the lowest numbers."""
        if len(tied) == 1:
            return None, tied[0]
        tickets = [index for index in tied for _ticket in range(self.design.ratio[index])]
        draw = Draw(stream.below(len(tickets)), len(tickets))
        return draw, tickets[draw.drawn]


class _Coin:
    """How likely each arm is once one is preferred, in whole tickets.

    With p the probability of the preferred arm for the smallest weight r, and S the sum of weights, every other
    arm with weight w has (1 - p) w / (S - r), whichever is preferred; the preferred arm has the rest.
    """

    def __init__(self, design: Minimization) -> None:
        p = design.leaning
        self._ratio = design.ratio
        self._others = p.denominator - p.numerator
        self.faces = p.denominator * (design.ratio_sum - min(design.ratio))

    def tickets(self, preferred: int) -> list[int]:
        """The tickets of each arm; they add up to `faces`."""
        tickets = [self._others * weight for weight in self._ratio]
        tickets[preferred] += self.faces - sum(tickets)
        return tickets

    def toss(self, preferred: int, stream: KeyedStream) -> tuple[Draw, int]:
        """Draw a ticket: the preferred arm has the lowest numbers, then the others in the design's order."""
        draw = Draw(stream.below(self.faces), self.faces)
        tickets = self.tickets(preferred)
        order = [preferred, *(index for index in range(len(tickets)) if index != preferred)]
        left = draw.drawn
        for index in order:
            if left < tickets[index]:
                return draw, index
            left -= tickets[index]
        raise AssertionError("the tickets add up to the faces")


@lru_cache(maxsize=1024)
def chances_among(design: Minimization, tied: tuple[int, ...]) -> tuple[Fraction, ...]:
    """The probability of each arm when these arms, as their index, leave the least imbalance."""
    coin = _Coin(design)
    weights = [design.ratio[index] for index in tied]
    chances = [Fraction(0)] * len(design.arms)
    for preferred, weight in zip(tied, weights, strict=True):
        for index, tickets in enumerate(coin.tickets(preferred)):
            chances[index] += Fraction(weight * tickets, sum(weights) * coin.faces)
    return tuple(chances)


def distance(design: Minimization, counts: Sequence[int]) -> Fraction | int:
    """How far apart scaled counts of the arms are. Constants that leave comparisons as they are stay out.

    `range`: largest less smallest. `variance`: K sum of squares less square of the sum, K arms.
    `standard_deviation`: its root, cut at 2^-64. `marginal_balance`: sum of the differences of all pairs, over
    the sum of counts.
    """
    if design.distance == "range":
        return max(counts) - min(counts)
    if design.distance == "marginal_balance":
        return Fraction(sum(abs(one - other) for one, other in combinations(counts, 2)), sum(counts))
    spread = len(counts) * sum(count * count for count in counts) - sum(counts) ** 2
    return spread if design.distance == "variance" else isqrt(spread << (2 * _ROOT_BITS))


def check_levels(design: Minimization, levels: Levels) -> None:
    """Raises `Problem` unless there is one known level for each factor and nothing else."""
    known = {factor.code: factor.levels for factor in design.factors}
    for code in (*known, *levels):
        if code not in known:
            raise Problem("minimization.factor", _("The design has no factor %(factor)s."), params={"factor": code})
        if levels.get(code) not in known[code]:
            sentence = _("The factor %(factor)s has no level %(level)s. Its levels are %(levels)s.")
            params = {"factor": code, "level": levels.get(code, "-"), "levels": ", ".join(known[code])}
            raise Problem("minimization.level", sentence, params=params)


def next_arm(design: Minimization, seed: bytes, history: Iterable[Placed], levels: Levels) -> Decision:
    """The allocation of the next participant, given all earlier ones in the order they were made."""
    minimizer = Minimizer(design, seed)
    for placed in history:
        minimizer.record(*placed)
    return minimizer.decide(levels)


def simulate(design: Minimization, seed: bytes, number: int) -> Iterator[Decision]:
    """A simulated trial: the levels of each arrival are drawn too, every level of a factor equally likely."""
    minimizer = Minimizer(design, seed)
    for levels in arrivals(design, seed, number):
        decision = minimizer.decide(levels)
        minimizer.record(levels, decision.arm)
        yield decision


def arrivals(design: Minimization, seed: bytes, number: int) -> Iterator[dict[str, str]]:
    """The levels of simulated arrivals."""
    fingerprint = design.fingerprint()
    for arrival in range(1, number + 1):
        stream = KeyedStream(seed, [ALGORITHM, fingerprint, "arrivals", arrival])
        yield {factor.code: factor.levels[stream.below(len(factor.levels))] for factor in design.factors}
