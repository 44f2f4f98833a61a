"""Modified Low Back Pain Disability Questionnaire (Fritz and Irrgang 2001).

Units: percent, 0-100; higher is worse. Ten sections coded 0-5; recall: today.
Rule: as the ODI, 100 x sum / (5 x sections answered), at most one missing; the bands are the ODI's.
Source: Fritz and Irrgang 2001; NCT02027623 results page for the sum over 50.
"""

from instruments.scoring import odi
from instruments.scoring.inputs import Answers, Codes, Rule, Values, numbered, read, same

SECTIONS = numbered("modq", 10)
ITEMS = same(SECTIONS, Codes(0, 5))


def score(answers: Answers, *, max_missing: int = 1) -> Values:
    """Return raw_sum, n_answered, score_pct (percent) and band; raises ScoreInputError."""
    return odi.prorated(read(ITEMS, answers), max_missing=max_missing)


RULE = Rule("modq-1", score, ITEMS, SECTIONS, odi.SCORES)
