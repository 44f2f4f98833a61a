"""Scores beyond which somebody is to look at once."""

from __future__ import annotations

from .words import Code, Number, Part, Text


class Limit(Part):
    """A score at or beyond this raises a task for the coordinator on the day it comes in, once for each form.

    Exactly one of `at_least` and `at_most`. It is the same for everybody, whatever their arm.
    """

    code: Code
    score: Code
    at_least: Number | None = None
    at_most: Number | None = None
    wording: Text

    def is_reached(self, value: float) -> bool:
        if self.at_least is not None:
            return value >= self.at_least
        return self.at_most is not None and value <= self.at_most
