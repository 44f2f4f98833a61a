"""SF-12 version 1, physical and mental component summaries.

Units: T-scores on the US 1990 norm, mean 50, SD 10; higher is better. Recall: four weeks.
Rule: intercept plus one weight for each item, by the raw code printed on the form; no reversal.
A missing item makes both scores null. A code that the form does not have is refused, so that a
typing error is never taken for a missing answer. Never for version 2 forms.
Source: weights published by Ware, Kosinski and Keller 1995/1996.
"""

from __future__ import annotations

from instruments.scoring.inputs import Allowed, Answers, Codes, Rule, Values, read, rounded, total

PHYSICAL_INTERCEPT, MENTAL_INTERCEPT = 56.57706, 60.75781
# For each item, by code from 1: (physical weight, mental weight).
WEIGHTS: dict[str, tuple[tuple[float, float], ...]] = {
    "gh1": (
        (0, 0),
        (-1.31872, -0.06064),
        (-3.02396, 0.03482),
        (-5.56461, -0.16891),
        (-8.37399, -1.71175),
    ),
    "pf02": (
        (-7.23216, 3.93115),
        (-3.45555, 1.8684),
        (0, 0),
    ),
    "pf04": (
        (-6.24397, 2.68282),
        (-2.73557, 1.43103),
        (0, 0),
    ),
    "rp2": (
        (-4.61617, 1.4406),
        (0, 0),
    ),
    "rp3": (
        (-5.51747, 1.66968),
        (0, 0),
    ),
    "re2": (
        (3.04365, -6.82672),
        (0, 0),
    ),
    "re3": (
        (2.32091, -5.69921),
        (0, 0),
    ),
    "bp2": (
        (0, 0),
        (-3.8013, 0.90384),
        (-6.50522, 1.49384),
        (-8.38063, 1.76691),
        (-11.25544, 1.48619),
    ),
    "mh3": (
        (0, 0),
        (0.66514, -1.94949),
        (1.36689, -4.09842),
        (2.37241, -6.31121),
        (2.90426, -7.92717),
        (3.46638, -10.19085),
    ),
    "vt2": (
        (0, 0),
        (-0.42251, -0.92057),
        (-1.14387, -1.65178),
        (-1.6185, -3.29805),
        (-2.02168, -4.88962),
        (-2.44706, -6.02409),
    ),
    "mh4": (
        (4.61446, -16.15395),
        (3.41593, -10.77911),
        (2.34247, -8.09914),
        (1.28044, -4.59055),
        (0.41188, -1.95934),
        (0, 0),
    ),
    "sf2": (
        (-0.33682, -6.29724),
        (-0.94342, -8.26066),
        (-0.18043, -5.63286),
        (0.11038, -3.13896),
        (0, 0),
    ),
}
ITEMS: dict[str, Allowed] = {item: Codes(1, len(codes)) for item, codes in WEIGHTS.items()}
SCORES = ("pcs12", "mcs12")


def score(answers: Answers) -> Values:
    """Return pcs12 and mcs12; raises ScoreInputError."""
    values = read(ITEMS, answers)
    if total(values, ITEMS) is None:
        return dict.fromkeys(SCORES)
    weights = [codes[values[item] - 1] for item, codes in WEIGHTS.items()]
    return {
        "pcs12": rounded(PHYSICAL_INTERCEPT + sum(physical for physical, _ in weights), 5),
        "mcs12": rounded(MENTAL_INTERCEPT + sum(mental for _, mental in weights), 5),
    }


RULE = Rule("sf12v1-1", score, ITEMS, tuple(ITEMS), SCORES)
