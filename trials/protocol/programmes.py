"""What an arm does: sessions, exercises with their planned dose, progression, who may deliver."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .words import Bool, Code, Count, Int, Number, Part, Text, Words

LoadUnit = Literal["kg", "lb", "percent_1rm", "rm", "percent_mvic", "body_weight", "nm", "band", "degrees", "none"]
"""`rm`: the load that can be lifted so many times at most (10 for a 10RM); `degrees`: the angle worked at."""
EffortScale = Literal["rpe_10", "borg_6_20", "reps_in_reserve", "none"]


class Span(Part):
    """From `min` to `max`, both included."""

    min: Number = Field(ge=0)
    max: Number = Field(ge=0)


Detail = Literal["muscles", "joints", "loading", "tempo", "rest", "motion", "angle", "time_under_load"]


class Exercise(Part):
    """One exercise and its planned dose (seconds for holds; reps per side when `each_side`).

    `joints`: whether it moves one joint or several; `loading`: by the body itself or by something added. `tempo`:
    seconds of lifting, pause, lowering, pause, as "2-0-4-0"; `rest`: seconds between sets; `angle`: the range of
    motion in degrees, `motion` the same in words; `time_under_load`: seconds a set. `not_collected` names details
    that the trial does not collect, which is another thing than one that was forgotten.
    """

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
    muscles: tuple[Code, ...] = ()
    joints: Literal["single", "multi"] | None = None
    loading: Literal["internal", "external"] | None = None
    tempo: Words | None = None
    rest: Span | None = None
    motion: Text | None = None
    angle: Span | None = None
    time_under_load: Span | None = None
    not_collected: tuple[Detail, ...] = ()


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
    `step` (in the exercise's unit) and `step_percent`. The others suggest nothing by themselves; their wording
    stands beside the exercise. periodized: by a plan over the weeks; rm_retest: by a new test of the maximum;
    complexity_first: a more demanding movement before a greater load.
    """

    code: Literal["double_progression", "periodized", "rm_retest", "complexity_first", "therapist_judgement"]
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


class Material(Part):
    """Something that is handed out or used to teach: what it is, and the version of its file."""

    label: Text
    version: Words | None = None


class FidelityItem(Part):
    """One line of the checklist by which a session is compared with the protocol."""

    code: Code
    wording: Text


Untold = Literal[
    "rationale", "starting_level", "tailoring", "home", "motivation", "other_components", "materials", "training",
    "fidelity",
]  # fmt: skip


class Programme(Part):
    """What an arm does. `rationale` to `fidelity` are what CERT and TIDieR ask of a programme besides its dose.

    `not_collected` names those that the trial does not have, which is another thing than one that was forgotten.
    """

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
    rationale: Text | None = None
    starting_level: Text | None = None
    tailoring: Text | None = None
    home: Text | None = None
    motivation: Text | None = None
    other_components: Text | None = None
    materials: tuple[Material, ...] = ()
    training: Text | None = None
    fidelity: tuple[FidelityItem, ...] = ()
    not_collected: tuple[Untold, ...] = ()

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
