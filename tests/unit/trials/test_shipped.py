"""The protocols that are shipped say what the public records say."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from accounts.roles import ROLES
from trials.protocol import Protocol, check_protocol, read_protocol
from trials.protocol.eligibility import assess
from trials.protocol.programmes import session_type_for
from trials.protocol.strata import level_of
from trials.protocol.words import RoleName

FOLDER = Path(__file__).resolve().parents[3] / "trials" / "protocols"
FILES = sorted(FOLDER.rglob("*.yaml"))


@pytest.fixture(scope="module")
def strong_back() -> Protocol:
    return read_protocol((FOLDER / "strong-back.yaml").read_text(encoding="utf-8"))


COUNTED_FROM_SESSIONS = {"skilled-training": ("after_one_session", "after_18_sessions")}
"""Visits that their trial does count from sessions, at one pace in both arms."""


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_shipped_protocols_have_no_problems_and_no_warnings_but_what_their_trial_chose(file: Path) -> None:
    report = check_protocol(file.read_text(encoding="utf-8"))
    chosen = [f"visits[{code}].anchor: the visit's day follows" for code in COUNTED_FROM_SESSIONS.get(file.stem, ())]
    assert report.problems == ()
    assert len(report.warnings) == len(chosen)
    assert all(warning.startswith(start) for warning, start in zip(report.warnings, chosen, strict=True))


def test_all_four_trials_are_shipped() -> None:
    assert [file.stem for file in FILES] == ["balance", "back-to-back", "skilled-training", "strong-back"]


def test_strong_back_is_the_registered_trial(strong_back: Protocol) -> None:
    assert strong_back.target == 106
    assert [arm.code for arm in strong_back.design.arms] == ["MC+ILEX", "RT"]
    assert strong_back.design.ratio == {"MC+ILEX": 1, "RT": 1}
    assert strong_back.registrations[0].id == "ISRCTN14864451"
    assert strong_back.languages == ("en", "fr")
    assert strong_back.dates.enrolment_end == date(2028, 4, 1)


def test_both_programmes_have_48_sessions_by_different_professions(strong_back: Protocol) -> None:
    programmes = [strong_back.programme_of(arm.code) for arm in strong_back.design.arms]
    assert [programme.sessions for programme in programmes if programme] == [48, 48]
    assert [programme.delivered_by for programme in programmes if programme] == [
        ("athletic_therapist",),
        ("kinesiologist",),
    ]


def test_resistance_sessions_alternate_two_and_one_then_one_and_two(strong_back: Protocol) -> None:
    rt = strong_back.programme("rt")
    kinds = [session_type_for(rt, number).code for number in range(1, 49)]
    assert kinds[:6] == ["session_1", "session_2", "session_1", "session_2", "session_1", "session_2"]
    assert kinds.count("session_1") == kinds.count("session_2") == 24
    with pytest.raises(IndexError):
        session_type_for(rt, 49)


def test_resistance_sessions_name_every_exercise(strong_back: Protocol) -> None:
    first, second = strong_back.programme("rt").session_types
    assert len(first.exercises) == 5
    assert [each.code for each in second.exercises if each.phase == "warm_up"] == [
        "gluteus_release",
        "glute_raise",
        "multi_direction_lunge",
        "hamstring_stretch_to_squat",
        "assisted_squat",
    ]
    assert len([each for each in second.exercises if each.phase == "main"]) == 5


def test_pain_is_rated_in_sixteen_weeks(strong_back: Protocol) -> None:
    weekly = strong_back.visit("weekly_pain")
    day = date(2026, 1, 1)
    targets = [weekly.days_of(day, number)[1] for number in range(1, weekly.occurrences + 1)]
    assert len(targets) == 16
    assert {later - earlier for earlier, later in pairwise(targets)} == {timedelta(days=7)}
    assert targets[-1] == day + timedelta(days=112)


def test_the_last_enrolled_is_due_ten_days_before_the_end(strong_back: Protocol) -> None:
    opens, target, closes = strong_back.visit("week16").days_of(strong_back.dates.enrolment_end)
    assert target == date(2028, 7, 22)
    assert opens < target < closes <= strong_back.dates.trial_end == target + timedelta(days=10)


def test_baseline_and_follow_up_collect_the_same_outcomes(strong_back: Protocol) -> None:
    before = {form.instrument for form in strong_back.visit("baseline").forms}
    after = {form.instrument for form in strong_back.visit("week16").forms}
    assert before - after == {"lsiq", "sociodemographic"}
    assert after <= before


def test_no_form_of_strong_back_tells_the_arm(strong_back: Protocol) -> None:
    assert not [form for visit in strong_back.visits for form in visit.forms if form.arms or form.breaks_blind]


def test_nine_is_high_and_hidden_from_therapist_and_participant(strong_back: Protocol) -> None:
    assert level_of(strong_back, "lsiq", 9) == "high"
    assert level_of(strong_back, "lsiq", 8) == "low"
    assert set(strong_back.factor("lsiq").concealed_from) == {"therapist", "participant"}
    assert strong_back.factor("lsiq").why is not None


FITS = {
    "lbp_nonspecific": True, "lbp_months": 8, "lbp_half_days": True, "age": 44, "language": "french",
    "pddm": {"nociceptive": "A", "nervous_system": "none", "comorbidity": "none",
             "cognitive_emotional": "none", "contextual": "A", "rated_by": "Dr Roy"},
    "spinal_surgery": False, "vertebral_fracture": False, "radiculopathy": False, "spondylolysis": False,
    "spondylolisthesis": False, "scoliosis_degrees": 10, "other_structural": False, "health_condition": False,
    "mri_pregnancy": False, "mri_pacemaker": False, "mri_aneurysm_clip": False, "mri_prosthesis": False,
    "mri_valve": False, "mri_metal_eye": False, "mri_metal_body": False, "mri_tattoo": False,
    "mri_piercing": False, "mri_braces": False, "mri_claustrophobia": False,
}  # fmt: skip


def test_somebody_who_fits_is_eligible(strong_back: Protocol) -> None:
    assert assess(strong_back, "screening", FITS).outcome == "eligible"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"lbp_months": 3}, "chronic_lbp"),
        ({"age": 61}, "age"),
        ({"language": "neither"}, "language"),
        ({"pddm": {**FITS["pddm"], "contextual": "B"}}, "pddm"),  # type: ignore[dict-item]
        ({"pddm": {**FITS["pddm"], "comorbidity": "A"}}, "pddm"),  # type: ignore[dict-item]
        ({"vertebral_fracture": True}, "surgery_or_fracture"),
        ({"radiculopathy": True}, "radiculopathy"),
        ({"scoliosis_degrees": 10.5}, "structural_abnormality"),
        ({"health_condition": True}, "health_condition"),
        ({"mri_pregnancy": True}, "mri_contraindication"),
        ({"mri_tattoo": True, "mri_cleared": False}, "mri_contraindication"),
    ],
)
def test_each_registered_reason_excludes(strong_back: Protocol, change: dict[str, object], reason: str) -> None:
    result = assess(strong_back, "screening", {**FITS, **change})
    assert (result.outcome, result.reasons) == ("ineligible", (reason,))


def test_a_tattoo_waits_for_the_technologist(strong_back: Protocol) -> None:
    assert assess(strong_back, "screening", {**FITS, "mri_tattoo": True}).unanswered == ("mri_contraindication",)
    cleared = {**FITS, "mri_tattoo": True, "mri_cleared": True}
    assert assess(strong_back, "screening", cleared).outcome == "eligible"


def test_the_mri_decides_again(strong_back: Protocol) -> None:
    answers = {**FITS, "mri_finding": True}
    assert assess(strong_back, "after_mri", answers).reasons == ("mri_finding",)
    assert assess(strong_back, "randomization", {**answers, "mri_finding": False}).outcome == "eligible"


def test_the_balance_trial_has_an_arm_that_does_nothing_and_a_coordinator_who_randomizes() -> None:
    balance = read_protocol((FOLDER / "balance.yaml").read_text(encoding="utf-8"))
    assert balance.programme_of("CONTROL") is None
    assert balance.randomization is not None
    assert balance.randomization.roles == ("coordinator",)
    assert balance.blinding.hides("coordinator", "allocation")


def test_patients_train_and_controls_do_not() -> None:
    trial = read_protocol((FOLDER / "drafts" / "back-to-back.yaml").read_text(encoding="utf-8"))
    assert [visit.code for visit in trial.visits_for("controls")] == ["questionnaires", "baseline"]
    assert trial.design.matching is not None
    assert [trait.question for trait in trial.design.matching.on] == ["age", "sex"]


def test_a_protocol_can_name_every_role_there_is() -> None:
    assert set(RoleName.__args__) == {role.value for role in ROLES} | {"participant"}
