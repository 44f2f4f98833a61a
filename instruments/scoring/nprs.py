"""Numeric Pain Rating Scale.

Units: 0-10, whole numbers; higher is worse. The recall period is set by the trial.
Rule: the rating itself; missing is null. Given as nprs_baseline and nprs_followup the score is the
later rating, with its change; important from 2 points or 30 % (Ostelo 2008).
"""

from instruments.problems import ScoreInputError
from instruments.scoring import change
from instruments.scoring.inputs import Answers, Codes, Rule, Values, read, same

RATING, BEFORE, AFTER = "nprs", "nprs_baseline", "nprs_followup"
ITEMS = same((RATING, BEFORE, AFTER), Codes(0, 10))


def score(answers: Answers) -> Values:
    """Return score alone for one rating (`nprs`), or with its change for two.

    Raises ScoreInputError.
    """
    values = read(ITEMS, answers)
    if RATING not in answers:
        return change.compare(values[BEFORE], values[AFTER], important=2)
    if len(answers) > 1:
        raise ScoreInputError([f"Give either {RATING} alone, or {BEFORE} and {AFTER}."])
    return {"score": values[RATING]}


RULE = Rule("nprs-1", score, ITEMS, (RATING,), ("score",))
