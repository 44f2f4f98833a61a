"""What may be measured of a set beside its dose: tempo, rest, range of motion, time under load. Pure.

An exercise has those that its protocol plans. One that the protocol says is not collected is never asked for, so an
empty value of one that it plans is missing.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from trials.protocol.programmes import Exercise

DETAILS = ("tempo", "rest", "angle", "time_under_load")
"""Tempo as seconds of lifting, pause, lowering, pause; seconds of rest after the set; degrees moved; seconds a set."""
LIMITS: dict[str, tuple[int, int]] = {"rest": (0, 1_800), "angle": (0, 360), "time_under_load": (0, 600)}
WHOLE = ("rest", "time_under_load")
NAMES = {
    "tempo": _("the tempo"),
    "rest": _("the rest"),
    "angle": _("the range of motion"),
    "time_under_load": _("the time under load"),
}
_TEMPO = re.compile(r"\d{1,2}(-\d{1,2}){3}")


def details_of(exercise: Exercise) -> tuple[str, ...]:
    """The details that the protocol plans for an exercise, in order; a range of motion in words is measured too."""
    planned = {
        "tempo": exercise.tempo,
        "rest": exercise.rest,
        "angle": exercise.angle or exercise.motion,
        "time_under_load": exercise.time_under_load,
    }
    return tuple(name for name in DETAILS if planned[name] is not None and name not in exercise.not_collected)


def is_tempo(value: Any) -> bool:
    """Whether it reads like 2-0-4-0."""
    return isinstance(value, str) and _TEMPO.fullmatch(value) is not None


def dose_only(one: Mapping[str, Any]) -> dict[str, Any]:
    """A set without its details: what is laid out next time, and what is compared with the plan."""
    return {name: value for name, value in one.items() if name not in DETAILS}
