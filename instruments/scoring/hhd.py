"""Handheld dynamometry of one movement of one side.

Units: force in N (kgf x 9.80665, lbf x 4.4482216), torque in N.m = N x lever arm in m, and
N.m per kg of body mass; higher is stronger.
Rule: peak and mean over the trials that were done; without a lever arm torque is null, without
body mass the normalised torque is null. A unit is needed.
Source: conversion factors by definition.
"""

from __future__ import annotations

from collections.abc import Sequence

from instruments.scoring.inputs import (
    Allowed,
    Answers,
    Labels,
    Numbers,
    Rule,
    Values,
    read,
    rounded,
    same,
)

NEWTONS = {"N": 1.0, "kgf": 9.80665, "lbf": 4.4482216}
TRIALS = ("trial_1", "trial_2", "trial_3")
UNIT, LEVER, MASS = Labels(tuple(NEWTONS)), Numbers(0.01, 1.5), Numbers(20, 400)
FORCE = Numbers(0, 5000)
ITEMS: dict[str, Allowed] = {
    **same(TRIALS, FORCE),
    "unit": UNIT,
    "lever_m": LEVER,
    "mass_kg": MASS,
}
SCORES = ("peak_n", "mean_n", "n_trials", "peak_torque_nm", "peak_torque_nm_per_kg")


def score(answers: Answers) -> Values:
    """Return peak_n, mean_n, n_trials, peak_torque_nm and peak_torque_nm_per_kg.

    Raises ScoreInputError.
    """
    values = read(ITEMS, answers)
    forces = [values[trial] for trial in TRIALS]
    return summarise(forces, values["unit"], values["lever_m"], values["mass_kg"])


def summarise(forces: Sequence[float | None], unit: str | None, lever_m: float | None, mass_kg: float | None) -> Values:
    """Return the scores of a set of trials; all null but n_trials without a trial or a unit."""
    done = [force for force in forces if force is not None]
    scores: Values = dict.fromkeys(SCORES)
    scores["n_trials"] = len(done)
    if not done or unit is None:
        return scores
    peak = max(done) * NEWTONS[unit]
    scores["peak_n"] = rounded(peak)
    scores["mean_n"] = rounded(sum(done) * NEWTONS[unit] / len(done))
    if lever_m is not None:
        scores["peak_torque_nm"] = rounded(peak * lever_m)
        if mass_kg is not None:
            scores["peak_torque_nm_per_kg"] = rounded(peak * lever_m / mass_kg)
    return scores


RULE = Rule("hhd-1", score, ITEMS, (*TRIALS, "unit"), SCORES)
