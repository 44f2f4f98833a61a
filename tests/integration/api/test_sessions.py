"""Therapists through the API: the first session, whom they treat, the session log."""

from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from core import clock
from participants.models import Participant
from tests import cast
from tests.integration.api.conftest import Caller, World
from trials.actions import memberships


@pytest.fixture
def marc(world: World) -> Caller:
    world.stage.activate()
    return world.caller(world.people.marc)


@pytest.fixture
def treated(world: World, marc: Caller) -> Participant:
    """Somebody in the arm that Marc delivers; a block has 6 at most."""
    for _each in range(7):
        participant = world.stage.ready()
        if marc.post(f"participants/{participant.number}/first-session/").json()["assigned"]:
            return participant
    raise AssertionError("nobody came into Marc's arm")


def done(caller: Caller, participant: Participant, **changes: Any) -> dict[str, Any]:
    following = caller.get(f"participants/{participant.number}/sessions/").json()["next"]
    exercises = [{"exercise": each["exercise"], "status": "as_planned"} for each in following["exercises"]]
    known = {"number": following["number"], "status": "done", "held_at": clock.now().isoformat()}
    return {**known, "exercises": exercises, "pain_before": 3, **changes}


def test_the_therapist_randomizes_and_learns_the_arm_once(world: World, marc: Caller) -> None:
    path = f"participants/{world.stage.ready().number}/first-session/"
    first, again = marc.post(path).json(), marc.post(path).json()
    assert first["arm"] in {"RT", "MC+ILEX"}
    assert (first["already"], again["already"]) == (False, True)
    assert {**again, "already": False} == first


def test_a_session_is_recorded_and_read_back(world: World, marc: Caller, treated: Participant) -> None:
    path = f"participants/{treated.number}/sessions/"
    answer = marc.post(path, done(marc, treated))
    assert answer.status_code == 201, answer.content
    assert answer.json()["session"]["pain_before"] == 3
    assert marc.get(f"{path}1/").json() == answer.json()
    log = marc.get(path).json()
    assert (log["sessions"][0]["state"], log["next"]["number"], len(log["sessions"])) == ("done", 2, 48)


def test_a_session_twice_is_told(world: World, marc: Caller, treated: Participant) -> None:
    body = done(marc, treated)
    path = f"participants/{treated.number}/sessions/"
    marc.post(path, body)
    assert marc.post(path, body).json()["code"] == "session.recorded"


def test_a_session_is_corrected_with_a_reason(world: World, marc: Caller, treated: Participant) -> None:
    path = f"participants/{treated.number}/sessions/"
    revision = marc.post(path, done(marc, treated)).json()["session"]["revision"]
    changed = {"pain_before": 5, "seen": revision}
    assert marc.post(f"{path}1/corrections/", changed).status_code == 422
    answer = marc.post(f"{path}1/corrections/", {**changed, "reason": "Misread"})
    assert answer.json()["session"]["pain_before"] == 5, answer.content


@pytest.mark.parametrize(
    "changes",
    [
        {"pain_before": 11},
        {"pain_before": "3"},
        {"status": "missed"},
        {"exercises": [{"exercise": "flying", "status": "as_planned"}]},
        {"exercises": [{"exercise": "segmentation", "status": "changed", "sets": [{"reps": "8"}]}]},
        {"exercises": ["segmentation"]},
        {"shoe_size": 42},
    ],
    ids=str,
)
def test_a_session_that_cannot_be_is_refused(
    world: World, marc: Caller, treated: Participant, changes: dict[str, Any]
) -> None:
    path = f"participants/{treated.number}/sessions/"
    assert marc.post(path, done(marc, treated, **changes)).status_code in (400, 422)
    assert marc.get(path).json()["next"]["number"] == 1


def test_whom_a_therapist_treats(world: World, marc: Caller, treated: Participant) -> None:
    told = marc.get("therapy/participants/").json()
    assert treated.number in {each["number"] for each in told}
    assert world.caller(world.people.priya).get(f"participants/{treated.number}/sessions/").status_code == 404


def test_before_randomization_there_is_no_log(world: World, marc: Caller) -> None:
    participant = world.stage.ready()
    answers = [marc.get(f"participants/{number}/sessions/") for number in (participant.number, "MTL-ZZZZ")]
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("name", ["elise", "amelie", "helen", "tomas", "samuel"])
def test_nobody_else_is_told_anything_of_sessions(world: World, marc: Caller, treated: Participant, name: str) -> None:
    caller = world.caller(getattr(world.people, name))
    for rest in ("sessions/", "sessions/1/"):
        answers = [caller.get(f"participants/{number}/{rest}") for number in (treated.number, "MTL-ZZZZ")]
        assert [answer.status_code for answer in answers] == [403, 403]
        assert answers[0].content == answers[1].content
    assert caller.get("therapy/participants/").status_code == 403


def test_a_participant_whom_nobody_treats_is_taken_over(world: World, marc: Caller) -> None:
    priya = world.caller(world.people.priya)
    for _each in range(7):
        participant = world.stage.ready()
        path = f"participants/{participant.number}/"
        if not marc.post(f"{path}first-session/").json()["assigned"]:
            assert marc.post(f"{path}assignment/").status_code == 404
            assert priya.post(f"{path}assignment/").json()["number"] == participant.number
            return
    raise AssertionError("nobody came into Priya's arm")


def test_whom_a_colleague_treats_is_not_there_in_either_arm(world: World, marc: Caller, treated: Participant) -> None:
    for qualification in ("athletic_therapist", "kinesiologist"):
        user = User.objects.create_user(f"{qualification}@example.org", qualification)
        role, boss = Role.THERAPIST, cast.actor(world.people.noor)
        site = treated.site
        memberships.grant(user=user, trial=world.trial, role=role, site=site, qualification=qualification, by=boss)
        caller = world.caller(user)
        answers = [caller.post(f"participants/{each}/assignment/") for each in (treated.number, "MTL-ZZZZ")]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
