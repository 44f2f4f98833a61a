"""How answers become scores: one pure function for each instrument, found by its name.

Every score is null rather than partial, unless the instrument has an official rule for missing
items. Nothing is imputed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from instruments.problems import UnknownInstrument
from instruments.scoring import (
    anthropometry,
    csi,
    dynamometry,
    fabq,
    hhd,
    hip_rom,
    ipaq_sf,
    lsiq,
    medx_strength,
    modq,
    mri,
    nprs,
    odi,
    pcs,
    pddm,
    promis29,
    rmdq,
    sf12v1,
    sleep_diary,
    sociodemographic,
    sorensen,
    sri,
    tsk11,
    tsk17,
    vas,
)
from instruments.scoring.inputs import Rule

if TYPE_CHECKING:
    from instruments.definition import Definition

RULES: dict[str, Rule] = {
    "anthropometry": anthropometry.RULE,
    "csi": csi.RULE,
    "dynamometry": dynamometry.RULE,
    "fabq": fabq.RULE,
    "hhd": hhd.RULE,
    "hip_rom": hip_rom.RULE,
    "ipaq_sf": ipaq_sf.RULE,
    "lsiq": lsiq.RULE,
    "medx_strength": medx_strength.RULE,
    "modq": modq.RULE,
    "mri": mri.RULE,
    "nprs": nprs.RULE,
    "odi": odi.RULE,
    "pcs": pcs.RULE,
    "pddm": pddm.RULE,
    "promis29": promis29.RULE,
    "promis29_v21": promis29.RULE_V2_1,
    "rmdq": rmdq.RULE,
    "sf12v1": sf12v1.RULE,
    "sleep_diary": sleep_diary.RULE,
    "sociodemographic": sociodemographic.RULE,
    "sorensen": sorensen.RULE,
    "sri": sri.RULE,
    "tsk11": tsk11.RULE,
    "tsk17": tsk17.RULE,
    "vas": vas.RULE,
}


@dataclass(frozen=True)
class Scores:
    """Named scores with what they rest on. `rule_version` is "" where nothing is scored."""

    values: dict[str, Any]
    n_answered: int
    n_required: int
    rule_version: str

    def as_dict(self) -> dict[str, Any]:
        facts = asdict(self)
        values: dict[str, Any] = facts.pop("values")
        return facts | values


def rule(name: str) -> Rule:
    """Return the scoring rule of that name; raises UnknownInstrument with the known names."""
    if name not in RULES:
        known = ", ".join(RULES)
        raise UnknownInstrument("instruments.unknown_scorer", f"{name!r} is not scored here. Use one of: {known}.")
    return RULES[name]


def score(name: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scores of the answers {item code: code or null}.

    Raises UnknownInstrument, or ScoreInputError naming each item, its value and what is allowed.
    """
    return rule(name).function(answers)


def score_with_facts(name: str, answers: Mapping[str, Any]) -> Scores:
    """Return the scores with n_answered, n_required and rule_version; raises as `score` does."""
    found = rule(name)
    values = found.function(answers)
    # A pain rating scored with its change comes under two other names; both count then.
    other_names = answers and not any(item in answers for item in found.required)
    counted = tuple(answers) if other_names else found.required
    n_answered = sum(answers.get(item) is not None for item in counted)
    return Scores(values, n_answered, len(counted), found.version)


def score_response(definition: Definition, answers: Mapping[str, Any]) -> Scores:
    """Return the scores of a form's checked answers; items that the rule does not use are left out.

    A form without a scoring rule gives no values, only how many items were answered.
    """
    if definition.scoring is None:
        needed = [item.code for item in definition.items if not item.optional]
        n_answered = sum(answers.get(code) is not None for code in needed)
        return Scores({}, n_answered, len(needed), "")
    found = rule(definition.scoring)
    given = {code: value for code, value in answers.items() if code in found.items}
    used = dict.fromkeys(found.required) | given
    n_answered = sum(used.get(code) is not None for code in found.required)
    return Scores(found.function(used), n_answered, len(found.required), found.version)
