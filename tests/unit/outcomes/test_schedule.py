"""Days of visits, from the protocol alone."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from audit.classes import FieldClass
from outcomes.schedule import concealed_from, must_be_whole, planned_visits, window_in_words
from tests.cast import STRONG_BACK
from trials.protocol import Protocol
from trials.protocol.document import read_protocol

CONSENT = date(2026, 5, 4)
RANDOMIZED = date(2026, 6, 1)
PROTOCOLS = STRONG_BACK.parent


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return read_protocol(STRONG_BACK.read_text())


def test_nothing_is_planned_before_an_anchor_is_reached(protocol: Protocol) -> None:
    assert planned_visits(protocol, {}) == []
    codes = {visit.code for visit in planned_visits(protocol, {("consent", 0): CONSENT})}
    assert codes == {"baseline", "baseline_nights"}


def test_week_sixteen_is_randomization_plus_112_days_whatever_the_sessions(protocol: Protocol) -> None:
    reached = {("consent", 0): CONSENT, ("randomized", 0): RANDOMIZED}
    late = {**reached, ("last_session", 0): RANDOMIZED + timedelta(days=200)}
    for milestones in (reached, late):
        (week16,) = [each for each in planned_visits(protocol, milestones) if each.code == "week16"]
        assert week16.target_on == RANDOMIZED + timedelta(days=112)
        assert (week16.opens_on, week16.closes_on) == (date(2026, 9, 14), date(2026, 10, 1))


def test_weekly_pain_is_sixteen_visits_a_week_apart(protocol: Protocol) -> None:
    weekly = [v for v in planned_visits(protocol, {("randomized", 0): RANDOMIZED}) if v.code == "weekly_pain"]
    assert [each.number for each in weekly] == list(range(1, 17))
    assert [each.target_on for each in weekly] == [RANDOMIZED + timedelta(days=7 * n) for n in range(1, 17)]


def test_a_form_needs_its_clause(protocol: Protocol) -> None:
    reached = {("last_session", 0): RANDOMIZED}
    assert planned_visits(protocol, reached) == []
    (interview,) = planned_visits(protocol, reached, clauses={"interview"})
    assert interview.forms[0].secrecy is FieldClass.UNBLINDING


def test_a_form_that_breaks_the_blind_is_left_to_therapy(protocol: Protocol) -> None:
    document = protocol.model_dump()
    baseline = next(visit for visit in document["visits"] if visit["code"] == "baseline")
    for form in baseline["forms"]:
        form["breaks_blind"] = form["instrument"] != "odi"
    changed = Protocol.model_validate(document)
    baseline_plan = next(v for v in planned_visits(changed, {("consent", 0): CONSENT}) if v.code == "baseline")
    assert [form.instrument for form in baseline_plan.forms] == ["odi"]


def test_a_visit_counted_from_another_follows_its_target_day(protocol: Protocol) -> None:
    document = protocol.model_dump()
    week16 = next(visit for visit in document["visits"] if visit["code"] == "week16")
    week16["anchor"] = {"visit": "baseline"}
    changed = Protocol.model_validate(document)
    plan = next(v for v in planned_visits(changed, {("consent", 0): CONSENT}) if v.code == "week16")
    assert plan.target_on == CONSENT + timedelta(days=7 + 112)


def test_visits_are_counted_from_a_session_by_its_number_and_from_the_last_one(protocol: Protocol) -> None:
    skilled = read_protocol((PROTOCOLS / "drafts" / "skilled-training.yaml").read_text(encoding="utf-8"))
    by_session = {visit.anchor.number: visit for visit in skilled.visits if visit.anchor.milestone == "session"}
    assert set(by_session) == {1, 18}
    reached = {("session", 1): date(2026, 5, 4), ("session", 17): date(2026, 6, 24)}
    planned = {visit.code: visit for visit in planned_visits(skilled, reached)}
    assert set(planned) == {by_session[1].code}
    assert planned[by_session[1].code].target_on == date(2026, 5, 4) + timedelta(days=by_session[1].offset_days)
    reached[("session", 18)] = date(2026, 6, 26)
    last = next(visit for visit in planned_visits(skilled, reached) if visit.code == by_session[18].code)
    assert last.target_on == date(2026, 6, 26) + timedelta(days=by_session[18].offset_days)
    (interview,) = planned_visits(protocol, {("last_session", 0): RANDOMIZED}, clauses={"interview"})
    plan = protocol.visit(interview.code)
    assert interview.target_on == RANDOMIZED + timedelta(days=plan.offset_days)


def test_days_stay_a_week_apart_through_both_changes_of_clocks(protocol: Protocol) -> None:
    for start in (date(2026, 2, 23), date(2026, 10, 12)):
        weekly = [v for v in planned_visits(protocol, {("randomized", 0): start}) if v.code == "weekly_pain"]
        assert {each.target_on.weekday() for each in weekly} == {start.weekday()}
        assert weekly[-1].target_on - start == timedelta(weeks=16)


def test_groups_get_their_own_visits(protocol: Protocol) -> None:
    document = protocol.model_dump()
    for visit in document["visits"]:
        visit["groups"] = ["patients"] if visit["code"] == "baseline" else []
    changed = Protocol.model_validate(document)
    reached = {("consent", 0): CONSENT}
    assert "baseline" in {v.code for v in planned_visits(changed, reached, group="patients")}
    assert "baseline" not in {v.code for v in planned_visits(changed, reached, group="controls")}


def test_only_the_stratum_and_the_primary_outcome_must_be_whole(protocol: Protocol) -> None:
    assert {code for code in protocol.instruments if must_be_whole(protocol, code)} == {"lsiq", "odi"}


def test_a_stratum_read_through_an_eligibility_question_conceals_its_form_all_the_same(protocol: Protocol) -> None:
    document = protocol.model_dump()
    answer = {"kind": "score", "instrument": "lsiq"}
    scored = {"code": "unstable", "kind": "inclusion", "stage": "screening", "wording": {"en": "Unstable"}}
    document["eligibility"]["criteria"] = [
        *document["eligibility"]["criteria"],
        {**scored, "answer": answer, "rule": "answer >= 3"},
    ]
    for factor in document["strata"]:
        if factor["code"] == "lsiq":
            factor["source"] = {"question": "unstable"}
    changed = Protocol.model_validate(document)
    assert concealed_from(changed, "lsiq") == concealed_from(protocol, "lsiq") == {"therapist", "participant"}
    assert must_be_whole(changed, "lsiq")


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 5, 1), "opens 3 May, closes 8 May"),
        (date(2026, 5, 3), "closes 8 May, 5 days left"),
        (date(2026, 5, 7), "closes 8 May, 1 day left"),
        (date(2026, 5, 8), "closes today"),
        (date(2026, 5, 9), "closed 8 May"),
        (date(2027, 1, 9), "closed 8 May 2026"),
    ],
)
def test_windows_are_told_in_words_and_dates(today: date, words: str) -> None:
    with translation.override("en"):
        assert window_in_words(date(2026, 5, 3), date(2026, 5, 8), today) == words
