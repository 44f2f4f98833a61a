"""Fear-Avoidance Beliefs Questionnaire.

Units: sums of codes 0-6; physical activity 0-24, work 0-42; higher is worse.
Rule: physical activity = items 2-5; work = items 6, 7, 9, 10, 11, 12, 15; the others are not
scored. A subscale needs all of its items, else null. Flags: physical activity from 15, work
above 29.
Source: Waddell 1993; items and cuts as in the low back pain guideline table PMC4893951.
"""

from instruments.scoring.inputs import Answers, Codes, Rule, Values, numbered, read, same, total

STATEMENTS = numbered("fabq", 16)
ITEMS = same(STATEMENTS, Codes(0, 6))
ACTIVITY = tuple(f"fabq_{number}" for number in (2, 3, 4, 5))
WORK = tuple(f"fabq_{number}" for number in (6, 7, 9, 10, 11, 12, 15))
SCORES = ("pa", "work", "pa_high_15", "work_gt_29")


def score(answers: Answers) -> Values:
    """Return pa, work, pa_high_15 and work_gt_29; raises ScoreInputError."""
    values = read(ITEMS, answers)
    activity, work = total(values, ACTIVITY), total(values, WORK)
    return {
        "pa": activity,
        "work": work,
        "pa_high_15": None if activity is None else activity >= 15,
        "work_gt_29": None if work is None else work > 29,
    }


RULE = Rule("fabq-1", score, ITEMS, (*ACTIVITY, *WORK), SCORES)
