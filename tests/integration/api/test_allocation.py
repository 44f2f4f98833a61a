"""Randomizing through the door for the blind: a receipt, once, without an arm."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from api import keys
from api.models import IdempotencyKey
from api.tasks import forget_keys
from audit.models import Entry
from config.celery import app
from core import clock
from participants.models import Participant
from randomization import door
from tests.integration.api.conftest import Caller, World
from trials.actions import memberships
from trials.models import Membership


@pytest.fixture
def coordinators(make_world: Callable[..., World]) -> World:
    """Where the protocol lets the coordinator randomize."""
    made = make_world(randomized_by="coordinator")
    made.stage.activate()
    return made


def path_of(participant: Participant) -> str:
    return f"participants/{participant.number}/allocation/"


def allocate(caller: Caller, participant: Participant, key: str = "request-1", **changes: Any) -> Any:
    seen = caller.get(path_of(participant)).json().get("revision", 0)
    headers = {"Idempotency_Key": key} if key else {}
    return caller.post(path_of(participant), {"seen": seen, **changes}, **headers)


def test_the_coordinator_gets_a_receipt_that_tells_no_arm(coordinators: World) -> None:
    participant = coordinators.stage.ready()
    answer = allocate(coordinators.caller(coordinators.people.elise), participant)
    assert answer.status_code == 201, answer.content
    assert set(answer.json()) == {"study_number", "at", "by"}
    participant.refresh_from_db()
    assert participant.state == "randomized"


def test_a_repeated_request_gives_the_same_answer(coordinators: World) -> None:
    participant, caller = coordinators.stage.ready(), coordinators.caller(coordinators.people.elise)
    first = allocate(caller, participant, seen=participant.revision)
    clock.advance(timedelta(hours=1))
    again = allocate(caller, participant, seen=participant.revision)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    acts = Entry.objects.filter(verb="participant.randomize", subject_id=str(participant.pk))
    assert acts.count() == IdempotencyKey.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(coordinators: World) -> None:
    participant, caller = coordinators.stage.ready(), coordinators.caller(coordinators.people.elise)
    first = allocate(caller, participant, seen=participant.revision)
    other = allocate(caller, participant, seen=participant.revision + 1)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.reused")
    assert allocate(caller, participant, seen=participant.revision).content == first.content


def test_the_key_of_another_person_is_another_key(coordinators: World) -> None:
    mine, theirs = coordinators.stage.ready(), coordinators.stage.ready()
    assert allocate(coordinators.caller(coordinators.people.elise), mine).status_code == 201
    answer = allocate(second_coordinator(coordinators), theirs)
    assert (answer.status_code, answer.json()["study_number"]) == (201, theirs.number)
    taken = allocate(second_coordinator(coordinators, "third@example.org"), mine)
    assert (taken.status_code, taken.json()["code"]) == (409, "allocation.twice")


def test_who_may_not_randomize_any_more_gets_no_receipt_by_the_old_key(coordinators: World) -> None:
    participant, caller = coordinators.stage.ready(), coordinators.caller(coordinators.people.elise)
    allocate(caller, participant, seen=participant.revision)
    held = Membership.objects.get(user=coordinators.people.elise, trial=coordinators.trial)
    memberships.end(membership=held, by=coordinators.stage.noor, reason="She left")
    assert allocate(caller, participant, seen=participant.revision).status_code == 404


def test_where_the_protocol_says_so_the_therapist_gets_the_same_receipt(world: World) -> None:
    world.stage.activate()
    participant, marc = world.stage.ready(), world.caller(world.people.marc)
    assert marc.get(path_of(participant)).json()["ready"]
    answer = allocate(marc, participant)
    assert (answer.status_code, set(answer.json())) == (201, {"study_number", "at", "by"})
    assert "programme" not in answer.content.decode()


def test_api_and_page_ask_for_the_same(coordinators: World) -> None:
    """One verb stands behind both: what one names as missing, the other does."""
    participant, caller = coordinators.stage.baseline(), coordinators.caller(coordinators.people.elise)
    told = {each["code"]: each["met"] for each in caller.get(path_of(participant)).json()["preconditions"]}
    asked = door.preconditions(participant, by=coordinators.stage.elise)
    assert told == {each.code: each.met for each in asked}


def test_after_an_outage_the_caller_reads_what_became_of_it(coordinators: World) -> None:
    participant, caller = coordinators.stage.ready(), coordinators.caller(coordinators.people.elise)
    assert caller.get(path_of(participant)).json()["receipt"] is None
    lost = allocate(caller, participant).json()
    told = caller.get(path_of(participant)).json()
    assert told["receipt"] == lost
    assert [each["code"] for each in told["preconditions"] if not each["met"]] == ["not_randomized"]
    # The key was lost as well: another one changes nothing and gives the same receipt.
    assert allocate(caller, participant, "request-2").json() == lost


def second_coordinator(coordinators: World, email: str = "second@example.org") -> Caller:
    second, noor = User.objects.create_user(email, "Second"), coordinators.stage.noor
    site = coordinators.trial.sites.get(code="MTL")
    memberships.grant(user=second, trial=coordinators.trial, role=Role.COORDINATOR, site=site, by=noor)
    return coordinators.caller(second)


def test_somebody_else_is_not_told_who_randomized(coordinators: World) -> None:
    participant = coordinators.stage.ready()
    allocate(coordinators.caller(coordinators.people.elise), participant)
    other = second_coordinator(coordinators)
    assert other.get(path_of(participant)).json()["receipt"] is None
    answer = allocate(other, participant)
    assert (answer.status_code, answer.json()["code"]) == (409, "allocation.twice")


def test_while_randomization_is_stopped_the_caller_is_told(coordinators: World) -> None:
    participant, caller = coordinators.stage.ready(), coordinators.caller(coordinators.people.elise)
    earlier = coordinators.stage.ready()
    before = allocate(caller, earlier, "request-0", seen=earlier.revision)
    door.freeze(trial=coordinators.trial, incident="The key was copied.", by=coordinators.stage.noor)
    assert allocate(caller, earlier, "request-0", seen=earlier.revision).content == before.content
    answer = allocate(caller, participant)
    assert (answer.status_code, answer.json()["fields"][0]["code"]) == (422, "allocation.not_frozen")
    door.unfreeze(trial=coordinators.trial, resolution="The copy is destroyed.", by=coordinators.stage.noor)
    assert allocate(caller, participant).status_code == 201


def test_a_key_serves_one_participant(coordinators: World) -> None:
    caller = coordinators.caller(coordinators.people.elise)
    allocate(caller, coordinators.stage.ready())
    other = coordinators.stage.ready()
    answer = allocate(caller, other)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency.reused")
    other.refresh_from_db()
    assert other.state == "consented"


@pytest.mark.parametrize("key", ["", "short", "with space 123", "x" * 65])
def test_a_request_to_randomize_has_a_name(coordinators: World, key: str) -> None:
    participant = coordinators.stage.ready()
    answer = allocate(coordinators.caller(coordinators.people.elise), participant, key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.missing")


def test_what_is_missing_is_told_and_the_key_stays_free(coordinators: World) -> None:
    participant, caller = coordinators.stage.baseline(), coordinators.caller(coordinators.people.elise)
    told = caller.get(path_of(participant)).json()
    assert not told["ready"]
    assert [each["code"] for each in told["preconditions"] if not each["met"]] == ["first_session"]
    answer = allocate(caller, participant)
    assert (answer.status_code, answer.json()["fields"][0]["code"]) == (422, "allocation.first_session")
    coordinators.stage.book(participant)
    assert allocate(caller, participant).status_code == 201


def test_who_read_an_older_state_is_told(coordinators: World) -> None:
    participant, caller = coordinators.stage.ready(), coordinators.caller(coordinators.people.elise)
    answer = allocate(caller, participant, seen=0)
    assert (answer.status_code, answer.json()["code"]) == (409, "record.changed")


def test_a_role_the_protocol_does_not_name_is_told_the_same_for_everybody(world: World) -> None:
    participant, caller = world.someone(), world.caller(world.people.elise)
    for method in (caller.get, caller.post):
        answers = [method(f"participants/{number}/allocation/") for number in (participant.number, "MTL-ZZZZ")]
        assert {answer.status_code for answer in answers} == {403}
        assert answers[0].content == answers[1].content


def test_a_therapist_is_told_of_nobody_whom_their_pages_hide(world: World) -> None:
    """Before the first session is booked, and once somebody else has randomized."""
    world.stage.activate()
    unbooked, booked, randomized = world.stage.baseline(), world.stage.ready(), world.stage.ready()
    door.allocate(participant=randomized, by=world.stage.marc)
    priya = world.caller(world.people.priya)
    nobody = priya.get("participants/MTL-ZZZZ/allocation/").content
    for hidden in (unbooked, randomized):
        assert priya.get(path_of(hidden)).content == nobody
    assert priya.get(path_of(booked)).json()["ready"]
    for path in (path_of(unbooked), f"participants/{unbooked.number}/first-session/"):
        refused = priya.post(path, {"seen": unbooked.revision}, Idempotency_Key="request-1")
        assert (refused.status_code, refused.content) == (404, nobody)


def test_a_therapist_reads_their_own_receipt_and_no_more(world: World) -> None:
    world.stage.activate()
    participant, marc = world.stage.ready(), world.caller(world.people.marc)
    receipt = allocate(marc, participant).json()
    told = marc.get(path_of(participant)).json()
    assert (told["ready"], told["receipt"]) == (False, receipt)
    assert [each["code"] for each in told["preconditions"]] == ["not_randomized"]


def test_another_sites_participant_is_not_there(coordinators: World) -> None:
    elsewhere = coordinators.somebody_elsewhere()
    assert coordinators.caller(coordinators.people.elise).get(path_of(elsewhere)).status_code == 404


def test_keys_are_forgotten_after_their_time_and_nobody_is_randomized_twice(coordinators: World) -> None:
    participant = coordinators.stage.ready()
    elise = coordinators.people.elise
    first = allocate(coordinators.caller(elise), participant)
    assert first.status_code == 201
    clock.advance(keys.KEPT_FOR - timedelta(seconds=1))
    forget_keys()
    assert IdempotencyKey.objects.count() == 1
    clock.advance(timedelta(seconds=1))
    forget_keys()
    assert not IdempotencyKey.objects.exists()
    again = allocate(coordinators.caller(elise), participant)
    assert (again.status_code, again.json()) == (201, first.json())


def test_the_beat_asks_for_it_every_day() -> None:
    tasks = {each["task"] for each in app.conf.beat_schedule.values()}
    assert forget_keys.name in tasks
