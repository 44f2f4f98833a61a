"""PROMIS-29 Profile v2.0, and v2.1 under the name promis29_v21.

Units: T-scores, mean 50, SD 10, with standard error; pain intensity raw 0-10. Higher is better for
physical function and social roles, worse for the others. Recall: seven days, none for physical
function.
Rule: the codes printed on the form are already direction-corrected, so raw is a plain sum, never
reversed again. A domain needs all four of its items, else its raw, t and se are null; domains are
independent. Versions differ only in the calibration of physical function.
Source: HealthMeasures scoring instructions and tables (see promis29_tables).
"""

from __future__ import annotations

from functools import partial

from instruments.scoring import promis29_tables as tables
from instruments.scoring.inputs import Allowed, Answers, Codes, Rule, Values, read, same, total

DOMAINS: dict[str, tuple[str, ...]] = {
    "physical_function": ("PFA11", "PFA21", "PFA23", "PFA53"),
    "anxiety": ("EDANX01", "EDANX40", "EDANX41", "EDANX53"),
    "depression": ("EDDEP04", "EDDEP06", "EDDEP29", "EDDEP41"),
    "fatigue": ("HI7", "AN3", "FATEXP41", "FATEXP40"),
    "sleep_disturbance": ("Sleep109", "Sleep116", "Sleep20", "Sleep44"),
    "social_roles": ("SRPPER11_CaPS", "SRPPER18_CaPS", "SRPPER23_CaPS", "SRPPER46_CaPS"),
    "pain_interference": ("PAININ9", "PAININ22", "PAININ31", "PAININ34"),
}
TABLES: dict[str, tables.Column] = {
    "physical_function": tables.PHYSICAL_FUNCTION,
    "anxiety": tables.ANXIETY,
    "depression": tables.DEPRESSION,
    "fatigue": tables.FATIGUE,
    "sleep_disturbance": tables.SLEEP_DISTURBANCE,
    "social_roles": tables.SOCIAL_ROLES,
    "pain_interference": tables.PAIN_INTERFERENCE,
}
TABLES_V2_1 = {**TABLES, "physical_function": tables.PHYSICAL_FUNCTION_V2_1}
PAIN_INTENSITY = "Global07"
ITEMS: dict[str, Allowed] = {
    **same((item for items in DOMAINS.values() for item in items), Codes(1, 5)),
    PAIN_INTENSITY: Codes(0, 10),
}
SCORES = (*DOMAINS, "pain_intensity")


def score(answers: Answers, *, columns: dict[str, tables.Column] = TABLES) -> Values:
    """Return {raw, t, se} for each of seven domains, and pain_intensity.

    Raises ScoreInputError.
    """
    values = read(ITEMS, answers)
    scores: Values = {domain: converted(total(values, items), columns[domain]) for domain, items in DOMAINS.items()}
    scores["pain_intensity"] = values[PAIN_INTENSITY]
    return scores


def converted(raw: int | None, column: tables.Column) -> Values:
    t, se = (None, None) if raw is None else column[raw - 4]
    return {"raw": raw, "t": t, "se": se}


RULE = Rule("promis29-2.0-1", score, ITEMS, tuple(ITEMS), SCORES)
RULE_V2_1 = Rule("promis29-2.1-1", partial(score, columns=TABLES_V2_1), ITEMS, tuple(ITEMS), SCORES)
