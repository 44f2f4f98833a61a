"""Tampa Scale for Kinesiophobia, 11 items (Woby 2005).

Units: sum of codes 1-4, 11-44; higher is worse. No item is reversed.
Rule: all items are needed, else null.
"""

from instruments.scoring.inputs import Answers, Codes, Rule, Values, numbered, read, same, total

STATEMENTS = numbered("tsk11", 11)
ITEMS = same(STATEMENTS, Codes(1, 4))
SCORES = ("total",)


def score(answers: Answers) -> Values:
    """Return total; raises ScoreInputError."""
    return {"total": total(read(ITEMS, answers), STATEMENTS)}


RULE = Rule("tsk11-1", score, ITEMS, STATEMENTS, SCORES)
