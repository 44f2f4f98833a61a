"""Change of a pain rating between two occasions, shared by the numeric and the visual scale."""

from __future__ import annotations

from instruments.scoring.inputs import Values, rounded

SCORES = ("score", "change", "pct_change", "mic_absolute", "mic_30pct")


def compare(before: float | None, after: float | None, *, important: float) -> Values:
    """Return score, change, pct_change and whether the fall is important.

    A fall is important when it is `important` or more, or 30 % of the first rating or more
    (Ostelo 2008). The percentage is undefined when the first rating is 0.
    """
    values: Values = dict.fromkeys(SCORES)
    values["score"] = after
    if before is None or after is None:
        return values
    change = after - before
    values["change"] = change
    values["mic_absolute"] = -change >= important
    if before > 0:
        values["pct_change"] = rounded(100 * change / before)
        values["mic_30pct"] = -10 * change >= 3 * before
    return values
