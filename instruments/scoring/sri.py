"""Satisfaction and Recovery Index.

Units: percent, 0-100; higher is better. Nine areas, each rated 0-10 for importance and for
satisfaction.
Rule: weighted = importance x satisfaction / 10; sri = 100 x sum(weighted) / sum(importance). All
eighteen ratings are needed; null when every importance is 0. No published rule for missing ones.
Source: Walton et al. 2014, Open Orthop J 8:316.
"""

from instruments.scoring.inputs import (
    Answers,
    Codes,
    Rule,
    Values,
    numbered,
    read,
    rounded,
    same,
    total,
)

IMPORTANCE = numbered("sri_imp", 9)
SATISFACTION = numbered("sri_sat", 9)
ITEMS = same(IMPORTANCE + SATISFACTION, Codes(0, 10))
SCORES = ("weighted_sum", "importance_sum", "sri")


def score(answers: Answers) -> Values:
    """Return weighted_sum, importance_sum and sri (percent); raises ScoreInputError."""
    values = read(ITEMS, answers)
    if total(values, ITEMS) is None:
        return dict.fromkeys(SCORES)
    pairs = [(values[imp], values[sat]) for imp, sat in zip(IMPORTANCE, SATISFACTION, strict=True)]
    products = sum(importance * satisfaction for importance, satisfaction in pairs)
    importance_sum = sum(importance for importance, _ in pairs)
    sri = 10 * products / importance_sum if importance_sum else None
    return {
        "weighted_sum": rounded(products / 10),
        "importance_sum": importance_sum,
        "sri": rounded(sri),
    }


RULE = Rule("sri-1", score, ITEMS, IMPORTANCE + SATISFACTION, SCORES)
