"""Body mass index from height and body mass, as measured or as told.

Units: kg/m2. Rule: body mass in kg / (height in m) squared; null when either is missing.
Source: the definition of the index.
"""

from __future__ import annotations

from instruments.scoring.inputs import Allowed, Answers, Numbers, Rule, Values, read, rounded

ITEMS: dict[str, Allowed] = {"height_cm": Numbers(100, 250), "body_mass_kg": Numbers(20, 400)}


def score(answers: Answers) -> Values:
    """Return bmi (kg/m2); raises ScoreInputError."""
    values = read(ITEMS, answers)
    height, mass = values["height_cm"], values["body_mass_kg"]
    known = height is not None and mass is not None
    return {"bmi": rounded(mass / (height / 100) ** 2) if known else None}


RULE = Rule("anthropometry-1", score, ITEMS, tuple(ITEMS), ("bmi",))
