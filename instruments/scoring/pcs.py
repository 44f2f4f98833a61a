"""Pain Catastrophizing Scale.

Units: sums of codes 0-4; total 0-52; higher is worse.
Rule: rumination = items 8-11, magnification = 6, 7, 13, helplessness = 1-5 and 12; every sum that
needs a missing item is null. Flag: total from 30 (75th percentile, manual).
Source: Sullivan 1995 and manual.
"""

from instruments.scoring.inputs import Answers, Codes, Rule, Values, numbered, read, same, total

STATEMENTS = numbered("pcs", 13)
ITEMS = same(STATEMENTS, Codes(0, 4))
SUBSCALES = {
    "rumination": (8, 9, 10, 11),
    "magnification": (6, 7, 13),
    "helplessness": (1, 2, 3, 4, 5, 12),
}
SCORES = ("total", *SUBSCALES, "clinically_relevant_30")


def score(answers: Answers) -> Values:
    """Return total, the three subscales and clinically_relevant_30; raises ScoreInputError."""
    values = read(ITEMS, answers)
    whole = total(values, STATEMENTS)
    subscales = {name: total(values, (f"pcs_{number}" for number in numbers)) for name, numbers in SUBSCALES.items()}
    relevant = None if whole is None else whole >= 30
    return {"total": whole, **subscales, "clinically_relevant_30": relevant}


RULE = Rule("pcs-1", score, ITEMS, STATEMENTS, SCORES)
