"""Consent: the document in force, every clause answered, a real day, and the age on that day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core import clock
from core.problems import Conflict, Invalid, Problem, Refused
from participants.models import Milestone, Participant
from participants.queries import consent_of, milestones_of
from tests import cast as people
from tests.cast import ELIGIBLE, Cast, actor, consent, screen_eligible
from trials.actions import protocols
from trials.models import Trial

YES = {"sharing": True, "interview": True, "recording": True, "recontact": True}
NEW_VERSION = """    - version: "2.0"
      language: en
      approved_on: 2026-03-01
      title: Information and consent form, second version
"""


def test_consent_sets_the_state_and_hands_down_its_day(eligible: Participant) -> None:
    evening = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # still the day before in Montreal
    given = consent(eligible, signed_at=evening)
    assert (eligible.state, given.day, given.age) == ("consented", date(2026, 3, 1), 41)
    days = {m.kind: m.day for m in milestones_of(eligible)}
    assert days[Milestone.Kind.CONSENT] == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"signed_at": people.MONDAY + timedelta(minutes=1)}, "consent.future"),
        ({"signed_at": datetime(2025, 11, 30, 12, tzinfo=UTC)}, "consent.early"),
        ({"version": "0.9"}, "consent.version"),
        ({"language": "de"}, "consent.language"),
    ],
)
def test_a_consent_that_cannot_be_is_refused(eligible: Participant, change: dict[str, Any], code: str) -> None:
    with pytest.raises(Problem) as caught:
        consent(eligible, **change)
    assert caught.value.code == code
    assert caught.value.field is not None
    assert (eligible.state, consent_of(eligible)) == ("eligible", None)


def test_every_clause_is_answered_yes_or_no(eligible: Participant) -> None:
    clauses = {"sharing": True, "interview": None, "recontact": "yes", "horoscope": True}
    with pytest.raises(Invalid) as caught:
        consent(eligible, clauses=clauses)
    fields = {problem.field for problem in caught.value.problems}
    assert fields == {"clauses.interview", "clauses.recontact", "clauses.recording", "clauses.horoscope"}
    given = consent(eligible, clauses={**YES, "recording": False})
    assert consent_of(eligible) == given
    assert (given.clauses["sharing"], given.clauses["recording"]) == (True, False)


def test_the_age_counts_on_the_day_of_consent(trial: Trial, cast: Cast) -> None:
    birthday = {**people.person(1), "date_of_birth": date(1965, 4, 1)}
    participant = screen_eligible(trial, cast, answers={**ELIGIBLE, "age": 60}, contact=birthday)
    clock.advance(timedelta(days=40))
    with pytest.raises(Problem, match="is 61 on the day of consent"):
        consent(participant)
    assert consent(participant, signed_at=clock.now() - timedelta(days=20)).age == 60


def test_only_somebody_eligible_can_consent(trial: Trial, cast: Cast) -> None:
    participant = screen_eligible(trial, cast, answers={**ELIGIBLE, "radiculopathy": True})
    with pytest.raises(Conflict, match="once somebody is found eligible"):
        consent(participant)


def test_the_same_consent_twice_is_told(eligible: Participant) -> None:
    consent(eligible)
    with pytest.raises(Conflict, match="recorded already"):
        consent(eligible)


def test_a_new_version_is_a_new_row_and_moves_no_day(trial: Trial, cast: Cast, consented: Participant) -> None:
    text = people.STRONG_BACK.read_text().replace(
        "  clauses:\n    - code: sharing", NEW_VERSION + "  clauses:\n    - code: sharing", 1
    )
    protocols.load(text=text, by=actor(cast.noor))
    clock.advance(timedelta(days=3))
    with pytest.raises(Problem, match=r"Version 1\.0 is out of date\. Use version 2\.0"):
        consent(consented, version="1.0")
    again = consent(consented, clauses={**YES, "sharing": False})
    assert (again.version, again.protocol.number) == ("2.0", 2)
    assert consent_of(consented) == again
    assert again.clauses["sharing"] is False
    days = {m.kind: m.day for m in milestones_of(consented)}
    assert days[Milestone.Kind.CONSENT] == date(2026, 3, 2)


def test_who_explained_works_here_and_who_records_is_a_coordinator(eligible: Participant, cast: Cast) -> None:
    stranger = people.User.objects.create_user("stranger@example.org", "A Stranger")
    with pytest.raises(Problem, match="works in this trial"):
        consent(eligible, explained_by=stranger)
    with pytest.raises(Refused):
        consent(eligible, by=actor(cast.amelie))


def test_two_people_recording_the_same_consent_the_second_is_told(eligible: Participant) -> None:
    first, second = (Participant.objects.get(pk=eligible.pk) for _copy in range(2))
    consent(first)
    with pytest.raises(Conflict, match="recorded already"):
        consent(second)
    assert eligible.consents.count() == 1
