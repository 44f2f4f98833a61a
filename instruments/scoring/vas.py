"""Visual analogue scale for pain.

Units: 0-100 (mm on paper; on a screen the proportion of the line x 100); higher is worse.
Rule: the mark itself; missing is null. Given as vas_baseline and vas_followup the score is the
later mark, with its change; important from 15 or 30 % (Ostelo 2008).
"""

from instruments.problems import ScoreInputError
from instruments.scoring import change
from instruments.scoring.inputs import Answers, Numbers, Rule, Values, read, same

MARK, BEFORE, AFTER = "vas", "vas_baseline", "vas_followup"
ITEMS = same((MARK, BEFORE, AFTER), Numbers(0, 100))


def score(answers: Answers) -> Values:
    """Return score alone for one mark (`vas`), or with its change for two.

    Raises ScoreInputError.
    """
    values = read(ITEMS, answers)
    if MARK not in answers:
        return change.compare(values[BEFORE], values[AFTER], important=15)
    if len(answers) > 1:
        raise ScoreInputError([f"Give either {MARK} alone, or {BEFORE} and {AFTER}."])
    return {"score": values[MARK]}


RULE = Rule("vas-1", score, ITEMS, (MARK,), ("score",))
