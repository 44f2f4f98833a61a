"""Screening: every criterion asked, decided on the server, and nobody enrolled twice unseen."""

from datetime import date, timedelta
from typing import Any

import pytest

from audit.models import Entry
from core import clock
from core.problems import Conflict, Invalid, NotFound, Problem, Refused
from participants import numbers
from participants.actions import screening
from participants.models import Contact, Participant, Screening
from participants.queries import milestones_of, standing
from tests import cast as people
from tests.cast import ELIGIBLE, Cast, actor, consent, decide, first_site, person, screen_eligible
from trials.models import Trial
from trials.protocol.eligibility import criteria_at
from trials.queries import protocol_of


def screen(trial: Trial, cast: Cast, **changes: Any) -> Screening:
    known: dict[str, Any] = {"site": first_site(trial), "language": "en", "answers": ELIGIBLE, "by": actor(cast.elise)}
    return screening.screen(trial=trial, **{**known, **changes})


def test_eligible_needs_no_identifiers_and_hands_down_the_day(trial: Trial, cast: Cast) -> None:
    found = screen(trial, cast)
    participant = found.participant
    assert (found.outcome, found.reasons, participant.state) == ("eligible", [], "eligible")
    assert [(m.kind, m.day) for m in milestones_of(participant)] == [("screening", date(2026, 3, 2))]
    assert not Contact.objects.exists()
    assert found.protocol.number == 1


def test_every_question_of_the_protocol_must_be_answered(trial: Trial, cast: Cast) -> None:
    protocol = protocol_of(trial)
    needed = {name for c in criteria_at(protocol, "screening") for name, _q in c.questions}
    with pytest.raises(Invalid) as caught:
        screen(trial, cast, answers={})
    assert {problem.field for problem in caught.value.problems} == needed
    assert not Participant.objects.exists()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"age": 61}, "age"),
        ({"age": 17}, "age"),
        ({"lbp_months": 3}, "chronic_lbp"),
        ({"vertebral_fracture": True}, "surgery_or_fracture"),
        ({"scoliosis_degrees": 10.5}, "structural_abnormality"),
        ({"pddm": {**ELIGIBLE["pddm"], "contextual": "B"}}, "pddm"),
        ({"mri_tattoo": True, "mri_cleared": False}, "mri_contraindication"),
    ],
)
def test_ineligible_with_the_code_of_the_criterion(
    trial: Trial, cast: Cast, answer: dict[str, Any], reason: str
) -> None:
    found = screen(trial, cast, answers={**ELIGIBLE, **answer})
    assert (found.outcome, found.reasons, found.participant.state) == ("ineligible", [reason], "ineligible")


@pytest.mark.parametrize("edge", [{"age": 18}, {"age": 60}, {"scoliosis_degrees": 10}, {"lbp_months": 4}])
def test_the_edges_are_eligible(trial: Trial, cast: Cast, edge: dict[str, Any]) -> None:
    assert screen(trial, cast, answers={**ELIGIBLE, **edge}).outcome == "eligible"


def test_unknown_and_impossible_answers_are_refused_all_at_once(trial: Trial, cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        screen(trial, cast, answers={**ELIGIBLE, "age": 400, "shoe_size": 44, "radiculopathy": "no"})
    assert {problem.field for problem in caught.value.problems} == {"age", "shoe_size", "radiculopathy"}


def test_declining_is_coded_and_keeps_no_identifiers(trial: Trial, cast: Cast) -> None:
    found = screen(trial, cast, answers={"age": 41}, declined_reason="travel")
    assert (found.outcome, found.declined_reason, found.participant.state) == ("declined", "travel", "declined")
    with pytest.raises(Problem, match="not kept"):
        screen(trial, cast, answers={}, declined_reason="travel", contact=person(1))
    with pytest.raises(Problem, match="from the list"):
        screen(trial, cast, answers={}, declined_reason="moods")


def test_screening_again_is_linked_and_decides_anew(trial: Trial, cast: Cast) -> None:
    first = screen(trial, cast, answers={**ELIGIBLE, "lbp_months": 2})
    clock.advance(timedelta(days=60))
    again = screen(trial, cast, participant=first.participant)
    assert again.previous == first
    assert again.participant.number == first.participant.number
    assert (again.participant.state, Participant.objects.count()) == ("eligible", 1)
    assert [m.day for m in milestones_of(again.participant)] == [date(2026, 5, 1)]


def test_the_same_person_twice_is_warned_of_until_confirmed_with_a_reason(trial: Trial, cast: Cast) -> None:
    first = screen(trial, cast, contact=person(1)).participant
    twin = {"name": "Somebody Else", "phone": "+1 (514) 555-0001"}
    with pytest.raises(Conflict) as caught:
        screen(trial, cast, contact=twin)
    assert caught.value.code == "participant.duplicate"
    assert first.number in caught.value.sentence
    with pytest.raises(Problem, match="Say how you know"):
        screen(trial, cast, contact=twin, confirmed_not_duplicate=True)
    other = screen(trial, cast, contact=twin, confirmed_not_duplicate=True, reason="They share a phone").participant
    assert other.number != first.number
    assert Entry.objects.get(subject_id=str(other.pk), verb="participants.screen").reason == "They share a phone"


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "PERSON1@Example.org"},
        {"phone": "514.555.0001"},
        {"name": "fortin  JORDAN", "date_of_birth": "1985-01-02"},
    ],
)
def test_a_person_is_recognized_however_the_details_are_typed(trial: Trial, cast: Cast, typed: dict[str, Any]) -> None:
    screen(trial, cast, contact={**person(1), "name": "Jordan Fortin"})
    with pytest.raises(Conflict):
        screen(trial, cast, contact=typed)


def test_the_same_name_alone_is_no_duplicate(trial: Trial, cast: Cast) -> None:
    screen(trial, cast, contact=person(1))
    screen(trial, cast, contact={"name": person(1)["name"], "date_of_birth": "1985-06-30"})
    assert Participant.objects.count() == 2


def test_age_and_birth_date_must_agree(trial: Trial, cast: Cast) -> None:
    with pytest.raises(Problem, match="41 today, but the age entered is 30"):
        screen(trial, cast, answers={**ELIGIBLE, "age": 30}, contact=person(1))


def test_study_numbers_say_only_the_site_and_are_redrawn_when_taken(
    trial: Trial, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws = iter(["MTL-BBBB", "MTL-BBBB", "MTL-CCCC"])
    monkeypatch.setattr(numbers, "draw", lambda site: next(draws))
    assert screen(trial, cast).participant.number == "MTL-BBBB"
    assert screen(trial, cast).participant.number == "MTL-CCCC"


def test_a_study_number_has_no_sign_that_is_misread() -> None:
    drawn = {numbers.draw("MTL") for _ in range(500)}
    assert len(drawn) > 400
    assert all(len(number) == 8 and number.startswith("MTL-") for number in drawn)
    assert not set("".join(number[4:] for number in drawn)) & set("AEIOUY01L")


def test_nobody_is_screened_by_another_role_or_before_recruitment(trial: Trial, cast: Cast) -> None:
    for other in (cast.amelie, cast.marc, cast.samuel, cast.helen, cast.tomas, cast.noor):
        with pytest.raises(Refused):
            screen(trial, cast, by=actor(other))
    with pytest.raises(Problem, match="languages of this site"):
        screen(trial, cast, language="de")


def test_a_trial_in_setup_screens_nobody(db: None) -> None:
    trial = people.make_trial(recruiting=False)
    with pytest.raises(Conflict, match="does not recruit yet"):
        screen(trial, people.cast_of(trial))


def test_a_site_of_another_trial_is_not_found(trial: Trial, cast: Cast) -> None:
    text = people.STRONG_BACK.read_text().replace("code: STRONG-BACK", "code: OTHER-BACK", 1)
    other = people.make_trial(text)
    with pytest.raises(NotFound):
        screen(trial, cast, site=first_site(other))


def test_a_later_stage_asks_anew_and_sets_the_state(consented: Participant) -> None:
    with pytest.raises(Invalid) as caught:
        decide(consented, "after_mri", {"mri_finding": False})
    assert "spondylolysis" in {problem.field for problem in caught.value.problems}
    decided = decide(consented, "after_mri")
    assert (decided.outcome, consented.state) == ("eligible", "consented")
    answers = {**people.ELIGIBLE_LATER["after_mri"], "mri_finding": True}
    with pytest.raises(Problem, match="decided already"):
        decide(consented, "after_mri", answers)
    clock.advance(timedelta(minutes=1))
    again = decide(consented, "after_mri", answers, reason="The radiologist reported late")
    assert (again.outcome, again.reasons, consented.state) == ("ineligible", ["mri_finding"], "ineligible")
    assert standing(consented)["after_mri"] == "ineligible"


def test_stages_are_decided_in_order(consented: Participant) -> None:
    with pytest.raises(Problem, match="After the baseline MRI"):
        decide(consented, "randomization")
    decide(consented, "after_mri")
    assert decide(consented, "randomization").outcome == "eligible"
    with pytest.raises(Problem, match="no such later stage"):
        decide(consented, "screening", {})


def test_the_therapist_reconfirms_only_the_last_stage(consented: Participant, cast: Cast) -> None:
    answers = people.ELIGIBLE_LATER
    with pytest.raises(Refused):
        screening.decide(participant=consented, stage="after_mri", answers=answers["after_mri"], by=actor(cast.marc))
    decide(consented, "after_mri")
    last = screening.decide(
        participant=consented, stage="randomization", answers=answers["randomization"], by=actor(cast.marc)
    )
    assert last.outcome == "eligible"


def test_screening_again_leaves_later_stages_undecided(trial: Trial, cast: Cast, consented: Participant) -> None:
    decide(consented, "after_mri")
    screen(trial, cast, participant=consented)
    assert standing(consented) == {"screening": "eligible"}
    assert consented.state == "consented"


def test_a_randomized_participant_is_neither_screened_nor_decided_again(trial: Trial, cast: Cast) -> None:
    participant = screen_eligible(trial, cast)
    consent(participant)
    people.hand_down_randomized(participant)
    with pytest.raises(Conflict, match="randomized"):
        screen(trial, cast, participant=participant)
    with pytest.raises(Conflict, match="enrolment error"):
        decide(participant, "after_mri")
