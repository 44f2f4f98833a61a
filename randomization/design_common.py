"""What all designs have in common: arms, ratio, strata, length, and how they are written and hashed."""

import hashlib
import json
from collections.abc import Iterator
from string import ascii_uppercase
from typing import Any, Self

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, StrictInt, StrictStr, model_validator

from core.problems import Invalid, Problem

LONGEST_LIST = 100_000
LARGEST_WEIGHT = 20
LONGEST_NAME = 200
UNSTRATIFIED = "all"


def canonical_json(value: Any) -> bytes:
    """The one way a value is written before it is hashed.

    UTF-8 JSON with sorted keys, no white space and no escapes but the compulsory ones. For what is
    written here (whole numbers, text, lists, objects with ASCII keys) it equals RFC 8785.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


class CommonDesign(BaseModel):
    """What every method has in common."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # Arms and weights are two lists, not one object: a database may reorder an object's keys.
    arms: tuple[StrictStr, ...]
    ratio: tuple[StrictInt, ...]
    strata: tuple[StrictStr, ...] = (UNSTRATIFIED,)
    slots_per_stratum: StrictInt

    @model_validator(mode="before")
    @classmethod
    def _split_ratio(cls, data: Any) -> Any:
        """Accept the ratio as {arm: weight}, or as weights alone (arms are then A, B, C...)."""
        if not isinstance(data, dict) or "arms" in data:
            return data
        ratio = data.get("ratio")
        if isinstance(ratio, dict):
            return {**data, "arms": list(ratio), "ratio": list(ratio.values())}
        # A ratio of another shape is reported as such, not as missing arms.
        arms = ascii_uppercase[: len(ratio)] if isinstance(ratio, list | tuple) else ""
        return {**data, "arms": list(arms)}

    @model_validator(mode="after")
    def _check(self) -> Self:
        problems = [*self._common_problems()]
        # A method's own rules count in units of the ratio, so they need a sound one.
        problems = problems or [*self._own_problems()]
        if problems:
            raise Invalid(problems)
        return self

    def _common_problems(self) -> Iterator[Problem]:
        yield from name_problems("arms", self.arms)
        yield from name_problems("strata", self.strata)
        if len(self.arms) < 2:
            yield problem("arms", _("A randomized design needs two arms or more."))
        if len(self.ratio) != len(self.arms):
            yield problem("ratio", _("Give each arm one weight in the ratio."))
        if any(not 1 <= weight <= LARGEST_WEIGHT for weight in self.ratio):
            sentence = _("Each weight of the ratio is a whole number from 1 to %(most)d.")
            yield problem("ratio", sentence, most=LARGEST_WEIGHT)
        if not self.strata:
            yield problem("strata", _("Name at least one stratum."))
        if not 1 <= self.slots_per_stratum <= LONGEST_LIST:
            sentence = _("The list of a stratum has 1 to %(most)d slots.")
            yield problem("slots_per_stratum", sentence, most=LONGEST_LIST)

    def _own_problems(self) -> Iterator[Problem]:
        yield from ()

    @property
    def ratio_sum(self) -> int:
        return sum(self.ratio)

    @property
    def is_equal(self) -> bool:
        """Whether every arm has the same weight."""
        return len(set(self.ratio)) == 1

    def arm_index(self, arm: str) -> int:
        """Position of an arm code in the design, from 0."""
        return self.arms.index(arm)

    def document(self) -> dict[str, Any]:
        """The whole design as plain JSON values, as it is stored and committed to."""
        return self.model_dump(mode="json")

    def fingerprint(self) -> str:
        """SHA-256 (64 hex digits) of what shapes the draw: method, ratio, the method's own values.

        Arm names, the other strata and the length stay out, so that renaming arms renames them in
        the list and changes nothing else, and a longer list begins with the shorter one.
        """
        shape = self.model_dump(mode="json", exclude={"arms", "strata", "slots_per_stratum"})
        return hashlib.sha256(canonical_json(shape)).hexdigest()


def name_problems(field: str, names: tuple[str, ...]) -> Iterator[Problem]:
    """Names that are given twice, empty, too long or not printable."""
    if len(set(names)) != len(names):
        yield problem(field, _("Each name may occur once only."))
    for name in names:
        if not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
            sentence = _("A name has 1 to %(most)d printable characters. This one has not: %(name)s.")
            yield problem(field, sentence, most=LONGEST_NAME, name=repr(name[:40]))


def problem(field: str, sentence: Any, **params: Any) -> Problem:
    """A fault of one entry of a design."""
    return Problem(f"design.{field or 'document'}", sentence, params=params, field=field or None)
