"""What an arm does: sessions, exercises with their planned dose, progression, who may deliver."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .words import Bool, Code, Count, Int, Number, Part, Text

LoadUnit = Literal["kg", "lb", "percent_1rm", "percent_mvic", "body_weight", "nm", "band", "none"]
EffortScale = Literal["rpe_10", "borg_6_20", "reps_in_reserve", "none"]


class Span(Part):
    """From `min` to `max`, both included."""

    min: Number = Field(ge=0)
    max: Number = Field(ge=0)


class Exercise(Part):
    """One exercise and its planned dose (seconds for holds; reps per side when `each_side`)."""

    code: Code
    label: Text
    phase: Literal["warm_up", "main", "cool_down"] = "main"
    kind: Literal["strength", "endurance", "motor_control", "balance", "mobility", "release"] = "strength"
    equipment: Text | None = None
    resistance: Literal["free_weight", "machine", "band", "isokinetic", "body_weight", "none"]
    sets: Int | None = Field(default=None, ge=1, le=20)
    reps: Span | None = None
    seconds: Span | None = None
    load: Number | None = Field(default=None, ge=0)
    load_unit: LoadUnit = "kg"
    effort_scale: EffortScale = "rpe_10"
    effort: Span | None = None
    each_side: Bool = False


class SessionType(Part):
    code: Code
    label: Text
    exercises: tuple[Exercise, ...] = Field(min_length=1)


class Alternation(Part):
    """`by: sequence`: a missed session's type comes next time; `by: calendar`: it is skipped."""

    by: Literal["sequence", "calendar"]
    pattern: tuple[Code, ...] = Field(min_length=1)


class Progression(Part):
    """When the load grows. `code` names the rule; the therapist always decides.

    double_progression: when every set reaches the upper number of reps, add the greater of
    `step` (in the exercise's unit) and `step_percent`.
    """

    code: Literal["double_progression", "therapist_judgement"]
    wording: Text
    step: Number | None = Field(default=None, gt=0)
    step_percent: Number | None = Field(default=None, gt=0, le=50)


class Goals(Part):
    """Individual goals that participant and therapist set together."""

    wording: Text
    at_least: Int = Field(default=1, ge=0, le=20)
    at_most: Int = Field(default=3, ge=1, le=20)


class SessionMinutes(Part):
    planned: Count
    at_least: Count


class Programme(Part):
    code: Code
    label: Text
    sessions_per_week: int = Field(strict=True, ge=1, le=14)
    weeks: int = Field(strict=True, ge=1, le=208)
    minutes: SessionMinutes
    supervision: Literal["individual", "group", "unsupervised"]
    setting: Text
    delivered_by: tuple[Code, ...] = ()
    session_types: tuple[SessionType, ...] = Field(min_length=1)
    alternation: Alternation
    progression: Progression
    goals: Goals | None = None
    activity_outside: Text | None = None

    @property
    def sessions(self) -> int:
        return self.sessions_per_week * self.weeks


class Qualification(Part):
    """What a therapist must be to deliver a programme; memberships name its code."""

    code: Code
    label: Text


def session_type_for(programme: Programme, number: int) -> SessionType:
    """The type of session `number`, counted from 1.

    By sequence, `number` counts sessions held (a missed one is not counted); by calendar it
    counts planned sessions, missed ones too. Raises IndexError outside 1..programme.sessions.
    """
    if not 1 <= number <= programme.sessions:
        raise IndexError(number)
    pattern = programme.alternation.pattern
    code = pattern[(number - 1) % len(pattern)]
    return next(kind for kind in programme.session_types if kind.code == code)
