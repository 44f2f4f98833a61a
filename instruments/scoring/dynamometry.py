"""Gluteal strength with a handheld dynamometer: hip extension and hip abduction, both sides.

Units: N, N.m and N.m per kg; higher is stronger.
Rule: for each movement and side as in hhd: peak and mean over the trials done, torque with the
lever arm of the movement, normalised by body mass.
"""

from __future__ import annotations

from instruments.scoring import hhd
from instruments.scoring.inputs import Allowed, Answers, Rule, Values, read, same

MOVEMENTS = ("extension", "abduction")
SIDES = ("left", "right")
SETS = tuple((movement, side) for movement in MOVEMENTS for side in SIDES)
TRIALS = tuple(f"{movement}_{side}_{trial}" for movement, side in SETS for trial in (1, 2, 3))
ITEMS: dict[str, Allowed] = {
    "unit": hhd.UNIT,
    "body_mass_kg": hhd.MASS,
    **same((f"{movement}_lever_m" for movement in MOVEMENTS), hhd.LEVER),
    **same(TRIALS, hhd.FORCE),
}
SCORES = tuple(f"{movement}_{side}_{name}" for movement, side in SETS for name in hhd.SCORES)


def score(answers: Answers) -> Values:
    """Return <movement>_<side>_<score> with the scores of hhd; raises ScoreInputError."""
    values = read(ITEMS, answers)
    scores: Values = {}
    for movement, side in SETS:
        forces = [values[f"{movement}_{side}_{trial}"] for trial in (1, 2, 3)]
        lever = values[f"{movement}_lever_m"]
        summary = hhd.summarise(forces, values["unit"], lever, values["body_mass_kg"])
        scores |= {f"{movement}_{side}_{name}": value for name, value in summary.items()}
    return scores


RULE = Rule("dynamometry-1", score, ITEMS, (*TRIALS, "unit"), SCORES)
