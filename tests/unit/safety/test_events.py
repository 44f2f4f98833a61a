"""An adverse event: reported, followed up, corrected, judged; what is impossible is refused in a sentence."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit.records import WrittenOutsideAct
from core import clock
from core.problems import Conflict, Invalid, NotFound, Problem, Refused
from participants.actions import withdrawal
from participants.models import Participant
from review.actions.locks import lock_trial
from safety.actions import causality, events
from safety.models import AdverseEvent, Causality, EventReport
from safety.queries import causality_that_counts, event_at
from tests.cast import Cast, actor, screen_eligible
from tests.unit.safety.facts import SERIOUS, facts, status
from trials.models import Trial


@pytest.fixture
def event(consented: Participant, cast: Cast) -> AdverseEvent:
    return events.report(participant=consented, facts=facts(), by=actor(cast.elise), text="Lifted a box.")


def codes(caught: Any) -> list[str]:
    return [each.code for each in caught.value.problems]


def test_a_report_keeps_what_was_said_and_who(event: AdverseEvent, cast: Cast) -> None:
    assert (event.number, event.term, event.onset, event.serious) == (1, "strain", "2026-03-02", False)
    assert event.aware_at == clock.now()
    assert event.reported_by == str(cast.elise.pk)
    first = event.reports.get()
    assert (first.kind, first.text, first.by) == ("first", "Lifted a box.", str(cast.elise.pk))


def test_events_of_a_participant_are_numbered(event: AdverseEvent, cast: Cast) -> None:
    again = events.report(participant=event.participant, facts=facts(term="fall"), by=actor(cast.amelie))
    assert again.number == 2


@pytest.mark.parametrize("name", ["elise", "amelie", "helen", "tomas", "noor"])
def test_every_blinded_role_reports(name: str, consented: Participant, cast: Cast) -> None:
    assert events.report(participant=consented, facts=facts(), by=actor(getattr(cast, name))).number == 1


@pytest.mark.parametrize("name", ["marc", "leila", "ingrid", "samuel"])
def test_whoever_may_know_arms_does_not_write_here(name: str, consented: Participant, cast: Cast) -> None:
    with pytest.raises(Refused):
        events.report(participant=consented, facts=facts(), by=actor(getattr(cast, name)))
    assert not AdverseEvent.objects.exists()


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"term": "boredom"}, ["event.term"]),
        ({"found": "session"}, ["event.found"]),
        ({"onset": "2026-03-03", "ended": "2026-03-03"}, ["event.onset_ahead", "event.end_ahead", "event.aware_early"]),
        ({"onset": "2026-02"}, ["event.before_consent"]),
        ({"onset": "yesterday"}, ["event.onset"]),
        ({"severity": "awful"}, ["event.severity"]),
        ({"action": ""}, ["event.action"]),
        ({"outcome": "fine", "ended": ""}, ["event.outcome"]),
        ({"serious": True}, ["event.no_criterion"]),
        ({"criteria": ("hospital",)}, ["event.not_serious"]),
        ({"serious": True, "criteria": ("awkward",)}, ["event.criterion"]),
        ({"serious": True, "criteria": ("hospital",), "outcome": "fatal"}, ["event.fatal"]),
        ({"ended": ""}, ["event.no_end"]),
        ({"outcome": "ongoing"}, ["event.not_over"]),
        ({"ended": "2026-03-01"}, ["event.end_early"]),
        ({"ended": "2026-04"}, ["event.end_ahead"]),
        ({"severity": "", "serious": True}, ["event.severity", "event.no_criterion"]),
    ],
)
def test_what_cannot_be_is_refused_all_at_once(
    changes: dict[str, Any], problems: list[str], consented: Participant, cast: Cast
) -> None:
    held = {"aware_at": clock.now()} if "event.aware_early" in problems else {}
    with pytest.raises(Invalid) as caught:
        events.report(participant=consented, facts=facts(**changes, **held), by=actor(cast.elise))
    assert codes(caught) == problems
    assert not AdverseEvent.objects.exists()


def test_severe_is_not_serious_and_serious_is_not_severe(consented: Participant, cast: Cast) -> None:
    severe = events.report(participant=consented, facts=facts(severity="severe"), by=actor(cast.elise))
    serious = events.report(participant=consented, facts=facts(**SERIOUS), by=actor(cast.elise))
    assert (severe.severity, severe.serious, severe.clocks.count()) == ("severe", False, 0)
    assert (serious.severity, serious.serious) == ("mild", True)


def test_only_the_month_may_be_known(consented: Participant, cast: Cast) -> None:
    held = events.report(participant=consented, facts=facts(onset="2026-03", ended="2026"), by=actor(cast.elise))
    assert (held.onset, held.ended) == ("2026-03", "2026")


def test_a_moment_ahead_is_no_awareness(consented: Participant, cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        events.report(
            participant=consented, facts=facts(aware_at=clock.now() + timedelta(minutes=1)), by=actor(cast.elise)
        )
    assert codes(caught) == ["event.aware_ahead"]


def test_before_consent_and_in_a_locked_trial_nothing_is_reported(trial: Trial, cast: Cast) -> None:
    with pytest.raises(Conflict, match="no consent"):
        events.report(participant=screen_eligible(trial, cast), facts=facts(), by=actor(cast.elise))
    lock_trial(trial=trial, reason="End", by=actor(cast.noor))
    with pytest.raises(Conflict, match="locked"):
        events.report(participant=screen_eligible(trial, cast), facts=facts(), by=actor(cast.elise))


def test_safety_is_followed_after_withdrawal_from_everything(event: AdverseEvent, cast: Cast) -> None:
    withdrawal.withdraw(
        participant=event.participant,
        scopes=["intervention", "follow_up", "contact", "data"],
        reason_code="adverse_event",
        day=clock.today(event.participant.site.time_zone),
        by=actor(cast.elise),
    )
    assert events.follow_up(event=event, status=status(severity="severe"), by=actor(cast.elise)).number == 2
    assert events.report(participant=event.participant, facts=facts(), by=actor(cast.elise)).number == 2


def test_follow_up_reports_append_and_keep_the_first(event: AdverseEvent, cast: Cast) -> None:
    clock.advance(timedelta(days=3))
    events.follow_up(event=event, status=status(outcome="sequelae"), by=actor(cast.helen), text="Still stiff.")
    event.refresh_from_db()
    assert event.outcome == "sequelae"
    assert [(each.kind, each.outcome) for each in event.reports.order_by("number")] == [
        ("first", "resolved"),
        ("follow_up", "sequelae"),
    ]


def test_a_follow_up_that_says_nothing_is_refused(event: AdverseEvent, cast: Cast) -> None:
    with pytest.raises(Conflict, match="Say what is new"):
        events.follow_up(event=event, status=status(), by=actor(cast.elise))


def test_assessors_report_and_follow_nothing(event: AdverseEvent, cast: Cast) -> None:
    with pytest.raises(Refused):
        events.follow_up(event=event, status=status(severity="severe"), by=actor(cast.amelie))


def test_a_correction_asks_why_and_is_a_report_of_its_own(event: AdverseEvent, cast: Cast) -> None:
    with pytest.raises(Problem, match="Say why"):
        events.correct(event=event, changes={"term": "fall"}, by=actor(cast.elise), reason=" ")
    events.correct(event=event, changes={"term": "fall"}, by=actor(cast.elise), reason="Mixed up.")
    event.refresh_from_db()
    assert event.term == "fall"
    assert [each.kind for each in event.reports.order_by("number")] == ["first", "correction"]
    with pytest.raises(Conflict, match="Nothing is different"):
        events.correct(event=event, changes={"term": "fall"}, by=actor(cast.elise), reason="Again.")


def test_the_investigators_opinion_is_never_overwritten(event: AdverseEvent, cast: Cast) -> None:
    opinion = {"event": event, "procedures": "unrelated", "by": actor(cast.helen)}
    first = causality.judge(**opinion, intervention="possible", expected_as="stiffness")
    assert (first.number, first.list_version) == (1, 1)
    with pytest.raises(Invalid) as caught:
        causality.judge(**opinion, intervention="unlikely", expected_as="")
    assert codes(caught) == ["causality.reason"]
    causality.judge(**opinion, intervention="unlikely", expected_as="", text="The scan shows an older tear.")
    assert [each.intervention for each in Causality.objects.order_by("number")] == ["possible", "unlikely"]
    assert causality_that_counts(event) == first
    with pytest.raises(WrittenOutsideAct):
        first.save()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"intervention": ""}, "causality.intervention"),
        ({"procedures": "surely"}, "causality.procedures"),
        ({"expected_as": "strain"}, "causality.expected"),
    ],
)
def test_an_opinion_is_complete(changes: dict[str, str], problem: str, event: AdverseEvent, cast: Cast) -> None:
    known = {"intervention": "unrelated", "procedures": "unrelated", "expected_as": "", **changes}
    with pytest.raises(Invalid) as caught:
        causality.judge(event=event, by=actor(cast.helen), **known)
    assert codes(caught) == [problem]


def test_only_investigators_judge(event: AdverseEvent, cast: Cast) -> None:
    known = {"intervention": "unrelated", "procedures": "unrelated", "expected_as": ""}
    for name in ("elise", "tomas", "leila", "amelie"):
        with pytest.raises(Refused):
            causality.judge(event=event, by=actor(getattr(cast, name)), **known)


def test_reports_refuse_to_be_changed_in_the_database(event: AdverseEvent) -> None:
    assert EventReport.APPEND_ONLY
    assert Causality.APPEND_ONLY


def test_an_event_of_another_site_is_not_there(event: AdverseEvent, cast: Cast, trial: Trial) -> None:
    with pytest.raises(NotFound):
        event_at([], event.pk)


def test_awareness_may_lie_before_the_report(consented: Participant, cast: Cast) -> None:
    heard = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    held = events.report(participant=consented, facts=facts(aware_at=heard), by=actor(cast.elise))
    assert (held.aware_at, held.reported_at) == (heard, clock.now())
