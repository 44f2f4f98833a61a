"""The short forms of safety: codes and days, in every arm alike; each refuses what cannot be."""

from datetime import date, timedelta
from typing import Any

import pytest

from core import clock
from core.problems import Conflict, Problem, Refused
from outcomes.actions import visits
from outcomes.models import Visit
from participants.models import Participant
from safety.actions import deviations, short
from safety.models import Asking, IncidentalFinding, Pregnancy
from safety.queries import Tally
from safety.short_queries import deviation_tallies, to_review, visits_to_ask_at
from tests.cast import Cast, actor, hand_down_randomized
from tests.unit.participants.test_withdrawal import grant_of, withdraw
from trials.queries import protocol_of

TODAY = date(2026, 3, 2)
DEVIATION = {"kind": "visit", "importance": "important", "happened_on": TODAY, "cause": "staff", "remedy": "none"}
CARE = {"kind": "medication", "reason": "back", "began": "2026-02", "ended": ""}


def test_an_important_deviation_is_to_be_reviewed_and_is_once(consented: Participant, cast: Cast) -> None:
    known: dict[str, Any] = {"participant": consented, "by": actor(cast.amelie), **DEVIATION}
    minor = deviations.record(**{**known, "importance": "minor"})
    important = deviations.record(**known)
    assert (minor.due_at, important.due_at) == (None, clock.now() + timedelta(days=7))
    assert list(to_review([consented.site])) == [important]
    with pytest.raises(Refused):
        deviations.review(deviation=important, by=actor(cast.elise))
    deviations.review(deviation=important, by=actor(cast.helen))
    assert not to_review([consented.site]).exists()
    with pytest.raises(Conflict, match="reviewed already"):
        deviations.review(deviation=important, by=actor(cast.helen))


def test_a_correction_says_why_and_moves_no_time_limit_that_runs(consented: Participant, cast: Cast) -> None:
    known: dict[str, Any] = {"participant": consented, "by": actor(cast.elise), **DEVIATION}
    held, by = deviations.record(**known), actor(cast.helen)
    due = held.due_at
    clock.advance(timedelta(days=1))
    with pytest.raises(Problem, match="Say why"):
        deviations.correct(deviation=held, changes={"cause": "equipment"}, reason=" ", by=by)
    with pytest.raises(Conflict, match="Nothing is different"):
        deviations.correct(deviation=held, changes={"cause": "staff"}, reason="Checked.", by=by)
    with pytest.raises(Problem, match="lies ahead"):
        deviations.correct(deviation=held, changes={"happened_on": date(2026, 4, 1)}, reason="Checked.", by=by)
    with pytest.raises(Refused):
        deviations.correct(deviation=held, changes={"cause": "equipment"}, reason="Mine.", by=actor(cast.tomas))
    deviations.correct(deviation=held, changes={"cause": "equipment"}, reason="The scale it was.", by=by)
    assert (held.cause, held.due_at) == ("equipment", due)
    deviations.correct(deviation=held, changes={"importance": "minor"}, reason="Nothing was touched.", by=by)
    assert held.due_at is None
    deviations.correct(deviation=held, changes={"importance": "important"}, reason="It was.", by=by)
    assert held.due_at == clock.now() + timedelta(days=7)


def test_what_was_reviewed_and_is_corrected_is_reviewed_again(consented: Participant, cast: Cast) -> None:
    held = deviations.record(participant=consented, by=actor(cast.elise), **DEVIATION)
    deviations.review(deviation=held, by=actor(cast.helen))
    deviations.correct(deviation=held, changes={"remedy": "repeated"}, reason="It was.", by=actor(cast.elise))
    assert (held.reviewed_at, held.reviewed_by) == (None, "")
    assert list(to_review([consented.site])) == [held]


def test_deviations_are_counted_with_their_people(consented: Participant, cast: Cast) -> None:
    for importance in ("important", "minor", "minor"):
        known = {**DEVIATION, "importance": importance}
        deviations.record(participant=consented, by=actor(cast.elise), **known)
    assert deviation_tallies(sites=[consented.site]) == {"any": Tally(3, 1), "important": Tally(1, 1)}
    assert deviation_tallies([]) == {"any": Tally(0, 0), "important": Tally(0, 0)}


@pytest.mark.parametrize("change", [{"happened_on": date(2026, 3, 3)}, {"kind": "session"}, {"cause": ""}])
def test_a_deviation_that_cannot_be(consented: Participant, cast: Cast, change: dict[str, Any]) -> None:
    with pytest.raises(Problem):
        deviations.record(participant=consented, by=actor(cast.elise), **{**DEVIATION, **change})


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
