"""Lumbar Spine Instability Questionnaire.

Units: count of yes, 0-15; higher means more clinical instability. Fifteen items, 0 no, 1 yes.
Rule: all fifteen are needed, else total and group are null; total_min and total_max tell what the
total could still be. Group: high from 9, low below (Macedo 2014); `high_from` is a parameter since
9 was a sample median, not a validated cut.
Source: Macedo et al. 2014, Phys Ther 94:1543.
"""

from instruments.scoring.inputs import (
    Answers,
    Codes,
    Rule,
    Values,
    answered,
    numbered,
    read,
    same,
    total,
)

QUESTIONS = numbered("lsiq", 15)
ITEMS = same(QUESTIONS, Codes(0, 1))
SCORES = ("total", "group", "total_min", "total_max")


def score(answers: Answers, *, high_from: int = 9) -> Values:
    """Return total, group (`high` or `low`), total_min and total_max; raises ScoreInputError."""
    values = read(ITEMS, answers)
    least = sum(value or 0 for value in values.values())
    whole = total(values, QUESTIONS)
    group = None if whole is None else "high" if whole >= high_from else "low"
    unanswered = len(QUESTIONS) - answered(values, QUESTIONS)
    return {
        "total": whole,
        "group": group,
        "total_min": least,
        "total_max": least + unanswered,
    }


RULE = Rule("lsiq-1", score, ITEMS, QUESTIONS, SCORES)
