"""Oswestry Disability Index 2.1a.

Units: percent, 0-100; higher is worse. Ten sections coded 0-5; recall: today.
Rule: 100 x sum / (5 x sections answered); at most one section may be missing, else null. A section
that does not apply counts as missing.
Bands (display only): up to 20, 40, 60, 80 and above.
Source: Fairbank and Pynsent 2000; worked examples 16/50 = 32 % and 16/45 = 35.56 %.
"""

from instruments.scoring.inputs import (
    Answers,
    Codes,
    Rule,
    Values,
    answered,
    band,
    numbered,
    read,
    rounded,
    same,
)

SECTIONS = numbered("odi", 10)
ITEMS = same(SECTIONS, Codes(0, 5))
BANDS = ((20, "minimal"), (40, "moderate"), (60, "severe"), (80, "crippled"), (100, "bed_bound"))
SCORES = ("raw_sum", "n_answered", "score_pct", "band")


def score(answers: Answers, *, max_missing: int = 1) -> Values:
    """Return raw_sum, n_answered, score_pct (percent) and band; raises ScoreInputError."""
    return prorated(read(ITEMS, answers), max_missing=max_missing)


def prorated(values: Values, *, max_missing: int) -> Values:
    """Return the percentage of the greatest sum that the answered sections could give."""
    count = answered(values, values)
    raw_sum = sum(value for value in values.values() if value is not None)
    scorable = count > 0 and len(values) - count <= max_missing
    percent = 100 * raw_sum / (5 * count) if scorable else None
    return {
        "raw_sum": raw_sum,
        "n_answered": count,
        "score_pct": rounded(percent),
        "band": None if percent is None else band(percent, BANDS),
    }


RULE = Rule("odi-1", score, ITEMS, SECTIONS, SCORES)
