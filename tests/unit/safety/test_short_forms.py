"""The short forms of safety: codes and days, in every arm alike; each refuses what cannot be."""

from datetime import date, timedelta
from typing import Any

import pytest

from core import clock
from core.problems import Conflict, Problem, Refused
from outcomes.actions import visits
from outcomes.models import Visit
from participants.models import Participant
from safety.actions import short
from safety.models import Asking, IncidentalFinding, Pregnancy
from safety.short_queries import to_review, visits_to_ask_at
from tests.cast import Cast, actor, hand_down_randomized
from tests.unit.participants.test_withdrawal import grant_of, withdraw
from trials.queries import protocol_of

TODAY = date(2026, 3, 2)
DEVIATION = {"kind": "visit", "importance": "important", "happened_on": TODAY, "cause": "staff", "remedy": "none"}
CARE = {"kind": "medication", "reason": "back", "began": "2026-02", "ended": ""}


def test_an_important_deviation_is_to_be_reviewed_and_is_once(consented: Participant, cast: Cast) -> None:
    known: dict[str, Any] = {"participant": consented, "by": actor(cast.amelie), **DEVIATION}
    minor = short.record_deviation(**{**known, "importance": "minor"})
    important = short.record_deviation(**known)
    assert (minor.due_at, important.due_at) == (None, clock.now() + timedelta(days=7))
    assert list(to_review([consented.site])) == [important]
    with pytest.raises(Refused):
        short.review_deviation(deviation=important, by=actor(cast.elise))
    short.review_deviation(deviation=important, by=actor(cast.helen))
    assert not to_review([consented.site]).exists()
    with pytest.raises(Conflict, match="reviewed already"):
        short.review_deviation(deviation=important, by=actor(cast.helen))


@pytest.mark.parametrize("change", [{"happened_on": date(2026, 3, 3)}, {"kind": "session"}, {"cause": ""}])
def test_a_deviation_that_cannot_be(consented: Participant, cast: Cast, change: dict[str, Any]) -> None:
    with pytest.raises(Problem):
        short.record_deviation(participant=consented, by=actor(cast.elise), **{**DEVIATION, **change})


def test_more_of_a_pregnancy_is_a_further_row(consented: Participant, cast: Cast) -> None:
    known: dict[str, Any] = {"participant": consented, "by": actor(cast.elise), "known_on": TODAY, "mri_told": True}
    short.record_pregnancy(**known, expected="2026-10", outcome="ongoing")
    short.record_pregnancy(**known, expected="2026-10", outcome="birth")
    assert list(Pregnancy.objects.order_by("outcome").values_list("outcome", flat=True)) == ["birth", "ongoing"]
    with pytest.raises(Problem, match="at least the year"):
        short.record_pregnancy(**known, expected="autumn", outcome="ongoing")


def test_a_finding_goes_its_way_step_by_step(consented: Participant, cast: Cast) -> None:
    known: dict[str, Any] = {
        "participant": consented,
        "number": 1,
        "day": TODAY,
        "urgent": False,
        "by": actor(cast.elise),
    }
    with pytest.raises(Problem, match="first that it was found"):
        short.record_finding(**known, step="referred")
    short.record_finding(**known, step="found")
    with pytest.raises(Conflict, match="already"):
        short.record_finding(**known, step="found")
    with pytest.raises(Problem, match="was told"):
        short.record_finding(**known, step="closed")
    short.record_finding(**known, step="disclosed")
    short.record_finding(**known, step="closed")
    with pytest.raises(Conflict, match="closed"):
        short.record_finding(**known, step="referred")
    assert IncidentalFinding.objects.count() == 3


@pytest.mark.parametrize(
    "change", [{"began": ""}, {"began": "2026-04"}, {"ended": "2026-01"}, {"ended": "2027"}, {"kind": "magic"}]
)
def test_care_that_cannot_be(consented: Participant, cast: Cast, change: dict[str, str]) -> None:
    with pytest.raises(Problem):
        short.record_care(participant=consented, by=actor(cast.elise), **{**CARE, **change})
    assert short.record_care(participant=consented, by=actor(cast.elise), **CARE).began == "2026-02"


@pytest.fixture
def asked(consented: Participant, cast: Cast) -> Participant:
    """Somebody randomized four weeks ago: the fourth weekly rating is open, at which everybody is asked."""
    hand_down_randomized(consented)
    visits.lay_out(participant=consented, grant=grant_of(consented, cast))
    clock.advance(timedelta(days=28))
    consented.refresh_from_db()
    return consented


def test_everybody_is_asked_at_the_visits_of_the_protocol_and_once(asked: Participant, cast: Cast) -> None:
    protocol, sites = protocol_of(asked.trial), [asked.site]
    (visit,) = visits_to_ask_at(sites, protocol)
    assert (visit.code, visit.number) == ("weekly_pain", 4)
    short.record_asking(visit=visit, answer="nothing", by=actor(cast.elise))
    assert not visits_to_ask_at(sites, protocol).exists()
    with pytest.raises(Conflict, match="already"):
        short.record_asking(visit=visit, answer="something", by=actor(cast.elise))
    with pytest.raises(Problem, match="Nobody is asked"):
        other = Visit.objects.get(participant=asked, code="weekly_pain", number=3)
        short.record_asking(visit=other, answer="nothing", by=actor(cast.elise))
    assert Asking.objects.count() == 1


def test_whoever_left_follow_up_is_not_asked_and_whoever_left_the_sessions_is(asked: Participant, cast: Cast) -> None:
    protocol, sites = protocol_of(asked.trial), [asked.site]
    withdraw(asked, cast, "intervention", day=clock.today(asked.site.time_zone))
    assert visits_to_ask_at(sites, protocol).count() == 1
    withdraw(asked, cast, "follow_up", day=clock.today(asked.site.time_zone))
    assert not visits_to_ask_at(sites, protocol).exists()
