"""Biering-Sorensen trunk holding test.

Units: seconds, to a tenth; higher is better. The test ends at 240 s: a longer time is stored as
240 and counts as censored. The reason for stopping is stored, not scored.
Source: Biering-Sorensen 1984; Demoulin 2006.
"""

from __future__ import annotations

from instruments.scoring.inputs import Allowed, Answers, Numbers, Rule, Values, Words, read

CEILING_S = 240
ITEMS: dict[str, Allowed] = {"time_s": Numbers(0, 1200), "stop_reason": Words(40)}
SCORES = ("hold_s", "censored_240")


def score(answers: Answers) -> Values:
    """Return hold_s (seconds) and censored_240; raises ScoreInputError."""
    time_s = read(ITEMS, answers)["time_s"]
    if time_s is None:
        return dict.fromkeys(SCORES)
    return {"hold_s": min(time_s, CEILING_S), "censored_240": time_s >= CEILING_S}


RULE = Rule("sorensen-1", score, ITEMS, ("time_s",), SCORES)
