"""Expectedness by the list of the day, and judging by who does not know the group."""

from typing import Any

import pytest
import yaml

from accounts.models import User
from accounts.roles import Role
from core.problems import Conflict, Invalid
from participants.actions import unblinding
from participants.models import Participant
from safety.actions import causality, events
from safety.models import AdverseEvent
from tests.cast import STRONG_BACK, Cast, actor, hand_down_randomized
from tests.unit.safety.facts import facts
from trials.actions import memberships, protocols
from trials.models import Trial


@pytest.fixture
def event(consented: Participant, cast: Cast) -> AdverseEvent:
    return events.report(participant=consented, facts=facts(), by=actor(cast.elise))


def codes(caught: Any) -> list[str]:
    return [each.code for each in caught.value.problems]


def amended(event: AdverseEvent, cast: Cast, since: str) -> None:
    """A version of the protocol with a sprain on the list of expected events, from a day on."""
    document = yaml.safe_load(STRONG_BACK.read_text(encoding="utf-8"))
    document["version"] = "99"
    entry = {"code": "sprain", "label": {"en": "Sprain", "fr": "Entorse"}, "since": since}
    document["expected_events"].append(entry)
    protocols.load(text=yaml.safe_dump(document, allow_unicode=True), by=actor(cast.noor))
    event.participant.trial.refresh_from_db()


@pytest.mark.parametrize(
    ("onset", "since", "expected"),
    [
        ("2026-03-02", "2026-03-02", True),
        ("2026-03-02", "2026-03-01", True),
        ("2026-03-02", "2026-03-03", False),
        ("2026-03", "2026-03-01", True),
        ("2026-03", "2026-03-02", False),
        ("2026", "2026-01-01", True),
        ("2026", "2026-01-02", False),
    ],
)
def test_expected_is_what_stood_on_the_list_when_the_event_began(
    onset: str, since: str, expected: bool, event: AdverseEvent, cast: Cast
) -> None:
    if onset != event.onset:
        events.correct(event=event, changes={"onset": onset}, by=actor(cast.elise), reason="The day is not known.")
    amended(event, cast, since)
    known = {"intervention": "possible", "procedures": "unrelated", "expected_as": "sprain"}
    if expected:
        made = causality.judge(event=event, by=actor(cast.helen), **known)
        assert (made.expected_as, made.list_version) == ("sprain", 2)
        return
    with pytest.raises(Invalid) as caught:
        causality.judge(event=event, by=actor(cast.helen), **known)
    assert codes(caught) == ["causality.listed_later"]
    made = causality.judge(event=event, by=actor(cast.helen), **{**known, "expected_as": ""})
    assert (made.expected_as, made.list_version) == ("", 2)


def another_investigator(trial: Trial, cast: Cast) -> User:
    user = User.objects.create_user("second.investigator@example.org", "Second Investigator")
    memberships.grant(user=user, trial=trial, role=Role.INVESTIGATOR, by=actor(cast.noor))
    return user


def test_who_may_know_the_group_leaves_the_judgement_to_another(event: AdverseEvent, cast: Cast) -> None:
    hand_down_randomized(event.participant)
    unblinding.record(participant=event.participant, how="colleague", by=actor(cast.helen))
    other = another_investigator(event.participant.trial, cast)
    known = {"event": event, "intervention": "possible", "procedures": "unrelated", "expected_as": ""}
    with pytest.raises(Conflict, match="Another investigator"):
        causality.judge(by=actor(cast.helen), **known)
    made = causality.judge(by=actor(other), **known)
    assert not made.group_known


def test_where_nobody_else_is_left_the_opinion_says_that_the_group_may_be_known(
    event: AdverseEvent, cast: Cast
) -> None:
    hand_down_randomized(event.participant)
    by = actor(cast.helen)
    unblinding.record(participant=event.participant, how="colleague", by=by)
    known = {"intervention": "possible", "procedures": "unrelated", "expected_as": ""}
    assert causality.judge(event=event, by=by, **known).group_known
    other = another_investigator(event.participant.trial, cast)
    unblinding.record(participant=event.participant, how="colleague", by=actor(other))
    assert causality.judge(event=event, by=actor(other), **known).group_known
