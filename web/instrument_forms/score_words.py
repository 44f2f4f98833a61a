"""What the scores of a form are called, and their values as people read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from web.components import SummaryRow
from web.instrument_forms.words import number_in_words

NAMES: dict[str, Any] = {
    "total": gettext_lazy("Total"),
    "total_min": gettext_lazy("Lowest total the open questions allow"),
    "total_max": gettext_lazy("Highest total the open questions allow"),
    "score": gettext_lazy("Score"),
    "score_pct": gettext_lazy("Score (%)"),
    "raw_sum": gettext_lazy("Sum of the answers"),
    "n_answered": gettext_lazy("Questions answered"),
    "band": gettext_lazy("Level"),
    "group": gettext_lazy("Group"),
    "severity": gettext_lazy("Severity"),
    "positive_40": gettext_lazy("Total of 40 or more"),
    "pa": gettext_lazy("Physical activity"),
    "work": gettext_lazy("Work"),
    "pa_high_15": gettext_lazy("Physical activity of 15 or more"),
    "work_gt_29": gettext_lazy("Work above 29"),
    "rumination": gettext_lazy("Rumination"),
    "magnification": gettext_lazy("Magnification"),
    "helplessness": gettext_lazy("Helplessness"),
    "clinically_relevant_30": gettext_lazy("Total of 30 or more"),
    "high_gt_37": gettext_lazy("Total above 37"),
    "profile": gettext_lazy("Profile"),
    "nociceptive": gettext_lazy("Nociceptive drivers"),
    "nervous_system": gettext_lazy("Nervous system"),
    "comorbidity": gettext_lazy("Comorbidity"),
    "cognitive_emotional": gettext_lazy("Cognitive and emotional"),
    "contextual": gettext_lazy("Contextual"),
    "n_domains_present": gettext_lazy("Domains present"),
    "physical_function": gettext_lazy("Physical function"),
    "anxiety": gettext_lazy("Anxiety"),
    "depression": gettext_lazy("Depression"),
    "fatigue": gettext_lazy("Fatigue"),
    "sleep_disturbance": gettext_lazy("Sleep disturbance"),
    "social_roles": gettext_lazy("Social roles and activities"),
    "pain_interference": gettext_lazy("Pain interference"),
    "pain_intensity": gettext_lazy("Pain intensity"),
    "pcs12": gettext_lazy("Physical component"),
    "mcs12": gettext_lazy("Mental component"),
    "status": gettext_lazy("Scoring"),
    "vig_met": gettext_lazy("Vigorous activity (MET minutes a week)"),
    "mod_met": gettext_lazy("Moderate activity (MET minutes a week)"),
    "walk_met": gettext_lazy("Walking (MET minutes a week)"),
    "total_met": gettext_lazy("Total activity (MET minutes a week)"),
    "category": gettext_lazy("Category"),
    "sit_min": gettext_lazy("Sitting (minutes a day)"),
    "tib_min": gettext_lazy("Time in bed (minutes)"),
    "sol_min": gettext_lazy("Time to fall asleep (minutes)"),
    "waso_min": gettext_lazy("Awake in the night (minutes)"),
    "tst_min": gettext_lazy("Total sleep (minutes)"),
    "twak_min": gettext_lazy("In bed after the last awakening (minutes)"),
    "se_tib_pct": gettext_lazy("Sleep efficiency over time in bed (%)"),
    "dse_min": gettext_lazy("Sleep episode (minutes)"),
    "se_dse_pct": gettext_lazy("Sleep efficiency over the sleep episode (%)"),
    "flag": gettext_lazy("To be checked"),
    "bmi": gettext_lazy("Body mass index (kg/m²)"),
    "hold_s": gettext_lazy("Time held (s)"),
    "censored_240": gettext_lazy("Stopped at 240 s"),
    "weighted_sum": gettext_lazy("Weighted sum"),
    "importance_sum": gettext_lazy("Sum of importance"),
    "sri": gettext_lazy("Index"),
    "peak_nm": gettext_lazy("Peak torque (N·m)"),
    "mean_nm": gettext_lazy("Mean torque (N·m)"),
    "n_angles": gettext_lazy("Angles measured"),
    "peak_n": gettext_lazy("Peak force (N)"),
    "mean_n": gettext_lazy("Mean force (N)"),
    "n_trials": gettext_lazy("Trials"),
    "peak_torque_nm": gettext_lazy("Peak torque (N·m)"),
    "peak_torque_nm_per_kg": gettext_lazy("Peak torque (N·m/kg)"),
    "mean_deg": gettext_lazy("Mean (°)"),
    "max_deg": gettext_lazy("Greatest (°)"),
    "fat_mean_pct": gettext_lazy("Mean fat (%)"),
    "area_mean_cm2": gettext_lazy("Mean area (cm²)"),
    "volume_total_cm3": gettext_lazy("Total volume (cm³)"),
}
WORDS: dict[str, Any] = {
    "low": pgettext_lazy("of a score", "low"),
    "moderate": pgettext_lazy("of a score", "moderate"),
    "high": pgettext_lazy("of a score", "high"),
    "subclinical": pgettext_lazy("of a score", "subclinical"),
    "minimal": pgettext_lazy("of a score", "minimal"),
    "mild": pgettext_lazy("of a score", "mild"),
    "severe": pgettext_lazy("of a score", "severe"),
    "extreme": pgettext_lazy("of a score", "extreme"),
    "crippled": pgettext_lazy("of a score", "very severe"),
    "bed_bound": pgettext_lazy("of a score", "confined to bed"),
    "none": pgettext_lazy("of a score", "not present"),
    "scored": pgettext_lazy("of a score", "scored"),
    "missing": pgettext_lazy("of a score", "not scored: answers are missing"),
    "days_out_of_range_or_dk": pgettext_lazy("of a score", "not scored: days unknown or above 7"),
    "outlier_gt_960": pgettext_lazy("of a score", "not scored: above 960 minutes a day"),
    "negative_tst_check_am_pm": pgettext_lazy("of a score", "sleep below zero; check morning and evening"),
    "se_over_100_check_times": pgettext_lazy("of a score", "efficiency above 100 %; check the times"),
}
"""Levels in words; letters such as A and B stay as they are."""
SIDES = {
    "left": pgettext_lazy("side of the body", "left"),
    "right": pgettext_lazy("side of the body", "right"),
}
MOVEMENTS = {
    "flexion": gettext_lazy("Flexion"),
    "extension": gettext_lazy("Extension"),
    "abduction": gettext_lazy("Abduction"),
}
DECIMALS = 2
"""Read back with so many; what is stored and exported keeps all."""
_OF_A_SIDE = re.compile(r"(flexion|extension|abduction)_(left|right)_(\w+)")
_AT_AN_ANGLE = re.compile(r"torque_(\d+)_nm")


def score_rows(scores: Mapping[str, Any]) -> list[SummaryRow]:
    """The scores under their names, in the scorer's order; an empty one stays empty."""
    return list(_rows(scores))


def _rows(scores: Mapping[str, Any]) -> Iterator[SummaryRow]:
    for code, value in scores.items():
        if isinstance(value, Mapping) and "t" not in value:
            yield from _rows(value)
        elif code != "flag" or value:
            yield SummaryRow(score_name(code), value_in_words(value))


def score_name(code: str) -> str:
    """The name of a score, with the movement and side or the angle that its code carries."""
    side, angle = _OF_A_SIDE.fullmatch(code), _AT_AN_ANGLE.fullmatch(code)
    if side:
        name = str(NAMES[side[3]])
        facts = {"movement": MOVEMENTS[side[1]], "side": SIDES[side[2]], "score": name[:1].lower() + name[1:]}
        return _("%(movement)s, %(side)s: %(score)s") % facts
    if angle:
        return _("Torque at %(angle)s° (N·m)") % {"angle": angle[1]}
    return str(NAMES.get(code, code))


def value_in_words(value: Any) -> str | None:
    """A score as people read it; None when there is none."""
    if isinstance(value, Mapping):
        return _t_score(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float):
        return number_in_words(round(value, DECIMALS))
    return str(WORDS.get(value, value)) if value else None


def _t_score(value: Mapping[str, Any]) -> str | None:
    if value["t"] is None:
        return None
    numbers = {name: number_in_words(value[name]) for name in ("t", "se", "raw")}
    return _("T-score %(t)s (standard error %(se)s, raw %(raw)s)") % numbers
