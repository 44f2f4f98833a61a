"""The design of an allocation: method, ratio, block sizes or other values of the method, strata, length.

A design says how a list is made; it holds no seed and no slot, but for an uploaded table, which is the list.
Every part of it is entered in the sequence room, never in the protocol file, because enrolling people can
read that file.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field, StrictInt, TypeAdapter, ValidationError, model_validator

from core.problems import Invalid, Problem
from randomization.design_common import (
    LARGEST_WEIGHT,
    LONGEST_LIST,
    LONGEST_NAME,
    UNSTRATIFIED,
    CommonDesign,
    canonical_json,
    problem,
)
from randomization.design_minimization import Factor, Minimization
from randomization.design_table import UploadedTable

__all__ = [
    "LARGEST_BLOCK",
    "LARGEST_WEIGHT",
    "LONGEST_LIST",
    "LONGEST_NAME",
    "METHODS",
    "UNSTRATIFIED",
    "BigStick",
    "Design",
    "Factor",
    "ListDesign",
    "Minimization",
    "PermutedBlocks",
    "Simple",
    "UploadedTable",
    "canonical_json",
    "read_design",
]

LARGEST_BLOCK = 200


class PermutedBlocks(CommonDesign):
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
            yield problem("block_sizes", _("Name at least one block size."))
        if len(set(self.block_sizes)) != len(self.block_sizes):
            yield problem("block_sizes", _("Name each block size once."))
        for size in self.block_sizes:
            if size < 1 or size % self.ratio_sum:
                sentence = _("A block of %(size)d cannot hold the ratio %(ratio)s. Use multiples of %(sum)d.")
                ratio = ":".join(str(weight) for weight in self.ratio)
                yield problem("block_sizes", sentence, size=size, ratio=ratio, sum=self.ratio_sum)
            elif size > LARGEST_BLOCK:
                sentence = _("A block of %(size)d is too large. Use at most %(most)d.")
                yield problem("block_sizes", sentence, size=size, most=LARGEST_BLOCK)


class BigStick(CommonDesign):
    """Fair coin until one arm leads by the limit; then the other arm is certain (Soares 1983).

    `limit`: largest tolerated lead of one arm in a stratum, in participants.
    """

    method: Literal["big_stick"] = "big_stick"
    limit: StrictInt

    def _own_problems(self) -> Iterator[Problem]:
        if len(self.arms) != 2 or not self.is_equal:
            yield problem("ratio", _("Big stick works for two arms of equal weight only."))
        if not 1 <= self.limit <= LARGEST_BLOCK:
            sentence = _("The largest tolerated lead is a whole number from 1 to %(most)d.")
            yield problem("limit", sentence, most=LARGEST_BLOCK)


class Simple(CommonDesign):
    """Every allocation drawn on its own with the weights of the ratio."""

    method: Literal["simple"] = "simple"


# Methods whose list is drawn, or given, ahead of the first participant.
ListDesign = PermutedBlocks | BigStick | Simple | UploadedTable
Design = ListDesign | Minimization
METHODS = ("permuted_blocks", "big_stick", "simple", "minimization", "uploaded_table")

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
        return problem("method", _("Choose a method: %(methods)s."), methods=", ".join(METHODS))
    # The first part of the place is the method's name, then the entry, then its index if any.
    place = [str(part) for part in fault["loc"]][1:]
    field, entry = (place[0] if place else ""), ".".join(place)
    if fault["type"] == "missing":
        return problem(field, _("%(entry)s is missing from the design."), entry=entry)
    if fault["type"] == "extra_forbidden":
        sentence = _("%(entry)s is no part of this method. Remove it or choose another method.")
        return problem(field, sentence, entry=entry)
    if fault["type"] == "literal_error":
        sentence = _("%(entry)s is one of: %(choices)s.")
        return problem(field, sentence, entry=entry, choices=fault["ctx"]["expected"])
    if field == "probability":
        return problem(field, _("Write the probability as a fraction of whole numbers, such as 80/100."))
    sentence = _("%(entry)s cannot be %(value)s. Numbers are whole numbers, names are text.")
    value = repr(fault["input"])[:40]
    return problem(field, sentence, entry=entry or "design", value=value)
