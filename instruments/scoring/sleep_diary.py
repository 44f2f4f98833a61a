"""Sleep diary, one night.

Units: minutes; efficiency in percent, higher is better. Clock differences are modulo 24 h.
Rule: total sleep = (final awakening - trying to sleep) - latency - awake in the night; time in bed
= out of bed - into bed; efficiency over time in bed (Carney 2012) and over the sleep episode
(latency + total sleep + awake in the night + attempts after the final awakening; Reed and Sacco
2016). No awakenings and a blank duration count as 0. A night whose clock times cannot be true is
flagged and not scored. How nights combine into a week is left to the analysis plan.
"""

from __future__ import annotations

from instruments.scoring.inputs import (
    Allowed,
    Answers,
    Clock,
    Codes,
    Numbers,
    Rule,
    Values,
    read,
    rounded,
    same,
    total,
)

TIMES = ("into_bed", "try_sleep", "final_awakening", "out_of_bed")
DURATIONS = ("sol_min", "waso_min", "tasafa_min")
ITEMS: dict[str, Allowed] = {
    **same(TIMES, Clock()),
    **same(DURATIONS, Numbers(0, 1440)),
    "n_awakenings": Codes(0, 99),
    "quality": Codes(1, 5),
}
REQUIRED = ("into_bed", "try_sleep", "sol_min", "n_awakenings", "final_awakening", "out_of_bed")
SCORES = (
    "tib_min",
    "sol_min",
    "waso_min",
    "tst_min",
    "twak_min",
    "se_tib_pct",
    "dse_min",
    "se_dse_pct",
    "flag",
)


def score(answers: Answers) -> Values:
    """Return the durations (min), the two efficiencies (%) and flag; raises ScoreInputError."""
    values = read(ITEMS, answers)
    if values["waso_min"] is None and values["n_awakenings"] == 0:
        values["waso_min"] = 0
    scores: Values = dict.fromkeys(SCORES)
    scores["tib_min"] = between(values["into_bed"], values["out_of_bed"])
    scores["twak_min"] = between(values["final_awakening"], values["out_of_bed"])
    scores["sol_min"], scores["waso_min"] = values["sol_min"], values["waso_min"]
    asleep = sleep_time(values)
    if asleep is None:
        return scores
    if asleep < 0:
        scores["flag"] = "negative_tst_check_am_pm"
    elif scores["tib_min"] is not None and asleep > scores["tib_min"]:
        scores["flag"] = "se_over_100_check_times"
    else:
        scores["tst_min"] = asleep
        add_efficiencies(scores, values)
    return scores


def between(start: str | None, end: str | None) -> int | None:
    """Return the minutes from one clock time to the next occurrence of the other."""
    if start is None or end is None:
        return None
    return (minute(end) - minute(start)) % (24 * 60)


def minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def sleep_time(values: Values) -> float | None:
    window = between(values["try_sleep"], values["final_awakening"])
    latency, awake = values["sol_min"], values["waso_min"]
    if window is None or latency is None or awake is None:
        return None
    duration: float = window - latency - awake
    return duration


def add_efficiencies(scores: Values, values: Values) -> None:
    asleep, in_bed = scores["tst_min"], scores["tib_min"]
    if in_bed:
        scores["se_tib_pct"] = rounded(100 * asleep / in_bed)
    scores["dse_min"] = total({**values, "tst_min": asleep}, (*DURATIONS, "tst_min"))
    if scores["dse_min"]:
        scores["se_dse_pct"] = rounded(100 * asleep / scores["dse_min"])


RULE = Rule("sleep_diary-1", score, ITEMS, REQUIRED, SCORES)
