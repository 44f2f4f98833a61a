"""Tampa Scale for Kinesiophobia, 17 items.

Units: sum of codes 1-4, 17-68; higher is worse. Items 4, 8, 12 and 16 are reversed (5 - code).
Rule: all items are needed, else null. Flag: above 37 (Vlaeyen 1995).
"""

from instruments.scoring.inputs import Answers, Codes, Rule, Values, numbered, read, same

STATEMENTS = numbered("tsk", 17)
REVERSED = ("tsk_4", "tsk_8", "tsk_12", "tsk_16")
ITEMS = same(STATEMENTS, Codes(1, 4))
SCORES = ("total", "high_gt_37")


def score(answers: Answers) -> Values:
    """Return total and high_gt_37; raises ScoreInputError."""
    values = read(ITEMS, answers)
    if None in values.values():
        return dict.fromkeys(SCORES)
    whole = sum(5 - code if item in REVERSED else code for item, code in values.items())
    return {"total": whole, "high_gt_37": whole > 37}


RULE = Rule("tsk17-1", score, ITEMS, STATEMENTS, SCORES)
