"""Central Sensitization Inventory, part A.

Units: sum of 25 codes 0-4, 0-100; higher is worse. Positive from 40; bands to 29, 39, 49, 59 and
above. Rule: all items are needed, else null (no published rule for missing ones).
Source: Neblett 2013 and 2017.
"""

from instruments.scoring.inputs import (
    Answers,
    Codes,
    Rule,
    Values,
    band,
    numbered,
    read,
    same,
    total,
)

QUESTIONS = numbered("csi", 25)
ITEMS = same(QUESTIONS, Codes(0, 4))
BANDS = ((29, "subclinical"), (39, "mild"), (49, "moderate"), (59, "severe"), (100, "extreme"))
SCORES = ("total", "positive_40", "severity")


def score(answers: Answers) -> Values:
    """Return total, positive_40 and severity; raises ScoreInputError."""
    whole = total(read(ITEMS, answers), QUESTIONS)
    if whole is None:
        return dict.fromkeys(SCORES)
    return {"total": whole, "positive_40": whole >= 40, "severity": band(whole, BANDS)}


RULE = Rule("csi-1", score, ITEMS, QUESTIONS, SCORES)
