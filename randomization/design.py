"""The design of an allocation list: method, ratio, block sizes, strata, length.

A design says how a list is made; it holds no seed and no slot. Every part of it is entered in the
sequence room, never in the protocol file, because enrolling people can read that file.
"""

import hashlib
import json
from collections.abc import Iterator
from string import ascii_uppercase
from typing import Annotated, Any, Literal, Self

from django.utils.translation import gettext_lazy as _
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from core.problems import Invalid, Problem

LONGEST_LIST = 100_000
LARGEST_BLOCK = 200
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


class _ListDesign(BaseModel):
    """What every method that draws a list ahead has in common."""

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
        yield from _name_problems("arms", self.arms)
        yield from _name_problems("strata", self.strata)
        if len(self.arms) < 2:
            yield _problem("arms", _("A randomized design needs two arms or more."))
        if len(self.ratio) != len(self.arms):
            yield _problem("ratio", _("Give each arm one weight in the ratio."))
        if any(not 1 <= weight <= LARGEST_WEIGHT for weight in self.ratio):
            sentence = _("Each weight of the ratio is a whole number from 1 to %(most)d.")
            yield _problem("ratio", sentence, most=LARGEST_WEIGHT)
        if not self.strata:
            yield _problem("strata", _("Name at least one stratum."))
        if not 1 <= self.slots_per_stratum <= LONGEST_LIST:
            sentence = _("The list of a stratum has 1 to %(most)d slots.")
            yield _problem("slots_per_stratum", sentence, most=LONGEST_LIST)

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


class PermutedBlocks(_ListDesign):
    """Blocks that each hold the ratio exactly, in random order.

    `block_sizes`: the possible sizes, in participants, each equally likely for every block.
    """

    method: Literal["permuted_blocks"] = "permuted_blocks"
    block_sizes: tuple[StrictInt, ...]

    @model_validator(mode="before")
    @classmethod
    def _order_sizes(cls, data: Any) -> Any:
        """The order in which sizes were typed must not change the list."""
        sizes = data.get("block_sizes") if isinstance(data, dict) else None
        if isinstance(sizes, list | tuple) and all(isinstance(size, int) for size in sizes):
            return {**data, "block_sizes": sorted(sizes)}
        return data

    def _own_problems(self) -> Iterator[Problem]:
        if not self.block_sizes:
            yield _problem("block_sizes", _("Name at least one block size."))
        if len(set(self.block_sizes)) != len(self.block_sizes):
            yield _problem("block_sizes", _("Name each block size once."))
        for size in self.block_sizes:
            if size < 1 or size % self.ratio_sum:
                sentence = _("A block of %(size)d cannot hold the ratio %(ratio)s. Use multiples of %(sum)d.")
                ratio = ":".join(str(weight) for weight in self.ratio)
                yield _problem("block_sizes", sentence, size=size, ratio=ratio, sum=self.ratio_sum)
            elif size > LARGEST_BLOCK:
                sentence = _("A block of %(size)d is too large. Use at most %(most)d.")
                yield _problem("block_sizes", sentence, size=size, most=LARGEST_BLOCK)


class BigStick(_ListDesign):
    """Fair coin until one arm leads by the limit; then the other arm is certain (Soares 1983).

    `limit`: largest tolerated lead of one arm in a stratum, in participants.
    """

    method: Literal["big_stick"] = "big_stick"
    limit: StrictInt

    def _own_problems(self) -> Iterator[Problem]:
        if len(self.arms) != 2 or not self.is_equal:
            yield _problem("ratio", _("Big stick works for two arms of equal weight only."))
        if not 1 <= self.limit <= LARGEST_BLOCK:
            sentence = _("The largest tolerated lead is a whole number from 1 to %(most)d.")
            yield _problem("limit", sentence, most=LARGEST_BLOCK)


class Simple(_ListDesign):
    """Every allocation drawn on its own with the weights of the ratio."""

    method: Literal["simple"] = "simple"


Design = PermutedBlocks | BigStick | Simple

_METHODS: TypeAdapter[Design] = TypeAdapter(Annotated[Design, Field(discriminator="method")])


def read_design(data: Any) -> Design:
    """Check plain values (a form, a YAML file, a stored document) and make the design of them.

    Raises `Invalid` with one problem per fault, each naming its field.
    """
    try:
        return _METHODS.validate_python(data)
    except ValidationError as error:
        raise Invalid([_structural_problem(fault) for fault in error.errors()]) from error


def _structural_problem(fault: Any) -> Problem:
    """A fault of the document's shape (missing, unknown or mistyped entry) as a sentence."""
    if fault["type"].startswith("union_tag"):
        methods = "permuted_blocks, big_stick, simple"
        return _problem("method", _("Choose a method: %(methods)s."), methods=methods)
    # The first part of the place is the method's name, then the entry, then its index if any.
    place = [str(part) for part in fault["loc"]][1:]
    field = place[0] if place else ""
    if fault["type"] == "missing":
        return _problem(field, _("%(entry)s is missing from the design."), entry=field)
    if fault["type"] == "extra_forbidden":
        sentence = _("%(entry)s is no part of this method. Remove it or choose another method.")
        return _problem(field, sentence, entry=field)
    sentence = _("%(entry)s cannot be %(value)s. Numbers are whole numbers, names are text.")
    value = repr(fault["input"])[:40]
    return _problem(field, sentence, entry=".".join(place) or "design", value=value)


def _name_problems(field: str, names: tuple[str, ...]) -> Iterator[Problem]:
    if len(set(names)) != len(names):
        yield _problem(field, _("Each name may occur once only."))
    for name in names:
        if not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
            sentence = _("A name has 1 to %(most)d printable characters. This one has not: %(name)s.")
            yield _problem(field, sentence, most=LONGEST_NAME, name=repr(name[:40]))


def _problem(field: str, sentence: Any, **params: Any) -> Problem:
    return Problem(f"design.{field or 'document'}", sentence, params=params, field=field or None)
