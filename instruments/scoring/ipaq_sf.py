"""International Physical Activity Questionnaire, short form, last seven days.

Units: MET-minutes per week; sitting in minutes per weekday, apart. Higher is more active.
Rule (2005 protocol): 15, 30, 45, 60 or 90 in the hours field without minutes are minutes; no days
means no minutes; a missing day or time, or days above 7 ("do not know"), leaves the case unscored;
so does a daily sum above 960 min; less than 10 min a day counts as nothing; at most 180 min a day
of each activity; MET 8.0, 4.0, 3.3; category from the truncated values.
Source: Guidelines for data processing and analysis of the IPAQ, November 2005.
"""

from __future__ import annotations

from collections.abc import Mapping

from instruments.scoring.inputs import Allowed, Answers, Codes, Rule, Values, read, rounded

METS = {"vig": 8.0, "mod": 4.0, "walk": 3.3}
MINUTES_TYPED_AS_HOURS = {15, 30, 45, 60, 90}
LONGEST_DAY, SHORTEST_BOUT, LONGEST_COUNTED = 960, 10, 180
ITEMS: Mapping[str, Allowed] = {
    f"{activity}_{part}": allowed
    for activity in METS
    for part, allowed in (
        ("days", Codes(0, 99)),
        ("hours", Codes(0, 99)),
        ("mins", Codes(0, 1440)),
    )
} | {"sit_hours": Codes(0, 99), "sit_mins": Codes(0, 1440)}
SCORES = ("status", "vig_met", "mod_met", "walk_met", "total_met", "category", "sit_min")
REQUIRED = tuple(f"{activity}_days" for activity in METS)
Activity = dict[str, tuple[int, int]]


def score(answers: Answers) -> Values:
    """Return status, vig_met, mod_met, walk_met, total_met, category and sit_min.

    status is `scored`, `missing`, `days_out_of_range_or_dk` or `outlier_gt_960`; every MET value
    and the category are null unless it is `scored`. Raises ScoreInputError.
    """
    values = read(ITEMS, answers)
    scores: Values = dict.fromkeys(SCORES)
    scores["sit_min"] = minutes(values, "sit")
    scores["status"] = status(values)
    if scores["status"] != "scored":
        return scores
    week = {activity: counted(values, activity) for activity in METS}
    mets = {name: METS[name] * days * mins for name, (days, mins) in week.items()}
    total = sum(mets.values())
    scores.update({f"{name}_met": rounded(met) for name, met in mets.items()})
    scores["total_met"] = rounded(total)
    # Rounded first: 3.3 is not exact in binary, and the thresholds are.
    scores["category"] = category(week, round(total, 4))
    return scores


def minutes(values: Values, activity: str) -> int | None:
    """Return minutes a day; None when neither hours nor minutes were given."""
    hours, mins = values[f"{activity}_hours"], values[f"{activity}_mins"]
    if hours is None and mins is None:
        return None
    if hours in MINUTES_TYPED_AS_HOURS and not mins:
        return int(hours)
    return 60 * (hours or 0) + (mins or 0)


def status(values: Values) -> str:
    day = 0
    for activity in METS:
        days = values[f"{activity}_days"]
        if days is None:
            return "missing"
        if days > 7:
            return "days_out_of_range_or_dk"
        spent = minutes(values, activity) if days else 0
        if spent is None:
            return "missing"
        day += spent
    return "outlier_gt_960" if day > LONGEST_DAY else "scored"


def counted(values: Values, activity: str) -> tuple[int, int]:
    """Return days and minutes a day after the rules for short bouts and for truncation."""
    days = values[f"{activity}_days"]
    mins = (minutes(values, activity) or 0) if days else 0
    if mins < SHORTEST_BOUT:
        return 0, 0
    return days, min(mins, LONGEST_COUNTED)


def category(week: Activity, total: float) -> str:
    vigorous_days, vigorous_minutes = week["vig"]
    all_days = sum(days for days, _ in week.values())
    if (vigorous_days >= 3 and total >= 1500) or (all_days >= 7 and total >= 3000):
        return "high"
    half_hours = sum(days for days, mins in (week["mod"], week["walk"]) if mins >= 30)
    if vigorous_days >= 3 and vigorous_minutes >= 20:
        return "moderate"
    if half_hours >= 5 or (all_days >= 5 and total >= 600):
        return "moderate"
    return "low"


RULE = Rule("ipaq_sf-2005-1", score, ITEMS, REQUIRED, SCORES)
