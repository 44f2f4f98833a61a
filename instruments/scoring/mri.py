"""Lumbar multifidus on magnetic resonance imaging, L1 to L5, both sides.

Units: fat infiltration in percent (higher is worse), cross-sectional area in cm2, volume in cm3.
Rule: means over the ten sites (five levels, two sides), total volume of both sides; each is null
when one of its measurements is missing.
"""

from __future__ import annotations

from collections.abc import Sequence

from instruments.scoring.inputs import Allowed, Answers, Numbers, Rule, Values, read, rounded, same

SITES = tuple(f"l{level}_{side}" for level in range(1, 6) for side in ("left", "right"))
FAT = tuple(f"fat_{site}" for site in SITES)
AREA = tuple(f"area_{site}" for site in SITES)
VOLUME = ("volume_left", "volume_right")
ITEMS: dict[str, Allowed] = {
    **same(FAT, Numbers(0, 100)),
    **same(AREA, Numbers(0, 40)),
    **same(VOLUME, Numbers(0, 500)),
}
SCORES = ("fat_mean_pct", "area_mean_cm2", "volume_total_cm3")


def score(answers: Answers) -> Values:
    """Return fat_mean_pct, area_mean_cm2 and volume_total_cm3; raises ScoreInputError."""
    values = read(ITEMS, answers)
    fat, area, volume = (added(values, names) for names in (FAT, AREA, VOLUME))
    return {
        "fat_mean_pct": None if fat is None else rounded(fat / len(FAT)),
        "area_mean_cm2": None if area is None else rounded(area / len(AREA)),
        "volume_total_cm3": rounded(volume),
    }


def added(values: Values, names: Sequence[str]) -> float | None:
    measured = [values[name] for name in names]
    return None if None in measured else float(sum(measured))


RULE = Rule("mri-1", score, ITEMS, (*FAT, *AREA, *VOLUME), SCORES)
