"""Roland-Morris Disability Questionnaire, 24 statements.

Units: count of ticked statements, 0-24; higher is worse; recall: today.
Rule: a statement not ticked counts as no, as its authors say; a form left wholly blank is null.
Source: Roland and Fairbank 2000.
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
)

STATEMENTS = numbered("rmdq", 24)
ITEMS = same(STATEMENTS, Codes(0, 1))
SCORES = ("total", "n_answered")


def score(answers: Answers) -> Values:
    """Return total and n_answered; raises ScoreInputError."""
    values = read(ITEMS, answers)
    count = answered(values, STATEMENTS)
    ticked = sum(value or 0 for value in values.values())
    return {"total": ticked if count else None, "n_answered": count}


RULE = Rule("rmdq-1", score, ITEMS, STATEMENTS, SCORES)
