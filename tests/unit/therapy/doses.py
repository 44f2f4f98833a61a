"""Exercises as a protocol plans them."""

from typing import Any

from trials.protocol.programmes import Exercise, Progression
from trials.protocol.words import Text


def lumbar_extension(**changes: Any) -> Exercise:
    """One set of 8 to 12 repetitions, in newton metres, effort from 0 to 10."""
    known = {
        "code": "lumbar_extension",
        "label": Text({"en": "Lumbar extension"}),
        "resistance": "machine",
        "sets": 1,
        "reps": {"min": 8, "max": 12},
        "load_unit": "nm",
    }
    return Exercise(**{**known, **changes})


def double_progression(**changes: Any) -> Progression:
    return Progression(**{"code": "double_progression", "wording": Text({"en": "More"}), **changes})
