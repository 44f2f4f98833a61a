"""The design of a minimization: factors with levels and weights, distance, and how strongly the coin leans.

Nothing is drawn ahead: each arm depends on who came before. See ``randomization.minimization``.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, StrictInt, StrictStr, model_validator

from core.problems import Problem
from randomization.design_common import UNSTRATIFIED, CommonDesign, name_problems, problem

LARGEST_FACTOR_WEIGHT = 100
LARGEST_DENOMINATOR = 10_000

Distance = Literal["range", "variance", "standard_deviation", "marginal_balance"]


class Factor(BaseModel):
    """A prognostic factor: its levels, and how much its imbalance counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: StrictStr
    levels: tuple[StrictStr, ...]
    weight: StrictInt = 1


class Minimization(CommonDesign):
    """Each participant goes, with high probability, to the arm that leaves least imbalance (Pocock and Simon 1975).

    `probability`: that the preferred arm is given, as a fraction of whole numbers in lowest terms, such as
    "4/5"; with unequal weights it is that of the arm with the smallest weight. `overall_weight`: how much the
    imbalance of the arms' totals counts beside that of the factors. `slots_per_stratum`: most participants.
    """

    method: Literal["minimization"] = "minimization"
    factors: tuple[Factor, ...]
    distance: Distance = "range"
    probability: StrictStr
    overall_weight: StrictInt = 0

    @model_validator(mode="before")
    @classmethod
    def _reduce(cls, data: Any) -> Any:
        """80/100 and 4/5 are one probability and must give one list."""
        text = data.get("probability") if isinstance(data, dict) else None
        if isinstance(text, str) and re.fullmatch(r"[0-9]{1,9} ?/ ?[0-9]{1,9}", text):
            above, below = (int(part) for part in text.split("/"))
            if below:
                fraction = Fraction(above, below)
                return {**data, "probability": f"{fraction.numerator}/{fraction.denominator}"}
        return data

    def _own_problems(self) -> Iterator[Problem]:
        if self.strata != (UNSTRATIFIED,):
            yield problem("strata", _("Minimization balances factors. Leave the strata out and name factors."))
        if not self.factors:
            yield problem("factors", _("Name at least one factor to balance."))
        yield from name_problems("factors", tuple(factor.code for factor in self.factors))
        for factor in self.factors:
            yield from _factor_problems(factor)
        if not 0 <= self.overall_weight <= LARGEST_FACTOR_WEIGHT:
            sentence = _("The weight of the arms' totals is a whole number from 0 to %(most)d.")
            yield problem("overall_weight", sentence, most=LARGEST_FACTOR_WEIGHT)
        yield from self._probability_problems()

    def _probability_problems(self) -> Iterator[Problem]:
        if not re.fullmatch(r"[0-9]{1,9}/[0-9]{1,9}", self.probability) or self.probability.endswith("/0"):
            yield problem("probability", _("Write the probability as a fraction of whole numbers, such as 80/100."))
            return
        least = Fraction(min(self.ratio), self.ratio_sum)
        if not least < self.leaning <= 1:
            sentence = _(
                "The probability of the preferred arm is more than %(least)s, its share by chance, and at most 1."
            )
            yield problem("probability", sentence, least=f"{least.numerator}/{least.denominator}")
        if self.leaning.denominator > LARGEST_DENOMINATOR:
            sentence = _("Write the probability with a denominator of at most %(most)d.")
            yield problem("probability", sentence, most=LARGEST_DENOMINATOR)

    @property
    def leaning(self) -> Fraction:
        """The probability of the preferred arm, for the arm with the smallest weight."""
        above, below = self.probability.split("/")
        return Fraction(int(above), int(below))


def _factor_problems(factor: Factor) -> Iterator[Problem]:
    yield from name_problems("factors", factor.levels)
    if len(factor.levels) < 2:
        yield problem("factors", _("The factor %(factor)s needs two levels or more."), factor=factor.code[:40])
    if any(mark in name for name in (factor.code, *factor.levels) for mark in ";="):
        sentence = _("The name of a factor or level holds neither ; nor =. See the factor %(factor)s.")
        yield problem("factors", sentence, factor=factor.code[:40])
    if not 1 <= factor.weight <= LARGEST_FACTOR_WEIGHT:
        sentence = _("The weight of the factor %(factor)s is a whole number from 1 to %(most)d.")
        yield problem("factors", sentence, factor=factor.code[:40], most=LARGEST_FACTOR_WEIGHT)
