"""Isometric lumbar extension torque on the MedX machine at seven angles of lumbar flexion.

Units: N.m (torque), degrees (angle); higher is stronger.
Rule: the torque of an angle is the better of its two trials; with one trial, that one; with none,
null. Peak over the angles and mean of the angles need all seven, since both depend on which angles
were tested.
Source: standard test positions 0, 12, 24, 36, 48, 60 and 72 degrees; summary rule of our own.
"""

from instruments.scoring.inputs import Answers, Numbers, Rule, Values, read, rounded, same

ANGLES = (0, 12, 24, 36, 48, 60, 72)
TRIALS = tuple(f"torque_{angle}_{trial}" for angle in ANGLES for trial in (1, 2))
ITEMS = same(TRIALS, Numbers(0, 1000))
SCORES = (*(f"torque_{angle}_nm" for angle in ANGLES), "peak_nm", "mean_nm", "n_angles")


def score(answers: Answers) -> Values:
    """Return torque_<angle>_nm for each angle, peak_nm, mean_nm and n_angles.

    Raises ScoreInputError.
    """
    values = read(ITEMS, answers)
    scores: Values = {f"torque_{angle}_nm": better(values, angle) for angle in ANGLES}
    torques = [torque for torque in scores.values() if torque is not None]
    whole = len(torques) == len(ANGLES)
    scores["peak_nm"] = max(torques) if whole else None
    scores["mean_nm"] = rounded(sum(torques) / len(ANGLES)) if whole else None
    scores["n_angles"] = len(torques)
    return scores


def better(values: Values, angle: int) -> float | None:
    trials = [values[f"torque_{angle}_{trial}"] for trial in (1, 2)]
    return max((torque for torque in trials if torque is not None), default=None)


RULE = Rule("medx_strength-1", score, ITEMS, TRIALS, SCORES)
