"""What of a problem goes into the trail, and how often."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from audit import chain, refusals
from audit.actors import Actor, ActorKind, Grant, Origin
from audit.classes import FieldClass
from audit.models import Change, Entry
from audit.refusals import Kind
from core import clock
from core.problems import Conflict, Invalid, NotFound, Problem, Refused
from tests.cast import MONDAY

TRIAL = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
GRANT = Grant(Actor(ActorKind.PERSON, "someone", "Someone", Origin.WEB), "coordinator", TRIAL)
REFUSED = Refused("access.role", "Not in this role.")
EARLY = Problem("allocation.first_session", "It is booked for %(day)s.", params={"day": "3 May"})
TWICE = Conflict("allocation.twice", "Randomized already.")
TYPED = Problem("consent.future", "In the future.", field="signed_at")


@pytest.fixture
def monday(db: None) -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


def note(codes: list[str], door: str = "coordinators:randomize", grant: Grant = GRANT) -> None:
    refusals.note(kind=Kind.STATE, door=door, codes=codes, grant=grant, secrecy=FieldClass.TECHNICAL)


def test_codes_of_what_the_state_refuses_and_of_nothing_typed() -> None:
    met = [TYPED, Invalid([EARLY, TYPED, EARLY]), TWICE, REFUSED, NotFound("access.record", "No such record.")]
    assert refusals.codes_of(met, Kind.STATE) == ["allocation.first_session", "allocation.twice"]
    assert refusals.codes_of(met, Kind.ROLE) == ["access.role"]
    assert refusals.codes_of([TYPED], Kind.STATE) == []


def test_who_raises_a_problem_may_know_better() -> None:
    assert Problem("membership.walls", "Never both.", field="role", of_state=True).of_state
    assert not Problem("request.unreadable", "No JSON.", of_state=False).of_state
    assert Invalid([TYPED, EARLY]).of_state
    assert not Invalid([TYPED]).of_state


def test_problems_are_gathered_inside_the_block_only() -> None:
    refusals.met(EARLY)
    with refusals.gathered() as problems:
        refusals.met(TWICE)
    refusals.met(REFUSED)
    assert problems == [TWICE]


def test_an_entry_tells_who_where_and_the_codes_and_nothing_else(monday: None) -> None:
    note(["allocation.first_session"])
    entry = Entry.objects.get()
    assert (entry.chain, entry.verb, entry.actor_name, entry.role) == (
        str(TRIAL),
        "refusal.state",
        "Someone",
        "coordinator",
    )
    assert entry.facts == {"door": "coordinators:randomize", "codes": ["allocation.first_session"]}
    assert (entry.subject_table, entry.subject_id, entry.subject_label, entry.reason) == ("", "", "", "")
    assert not Change.objects.exists()
    assert chain.verify(str(TRIAL)) is None


def test_the_same_refusal_is_noted_once_an_hour(monday: None) -> None:
    for _press in range(3):
        note(["allocation.twice"])
    assert Entry.objects.count() == 1
    clock.advance(timedelta(minutes=59))
    note(["allocation.twice"])
    assert Entry.objects.count() == 1
    clock.advance(timedelta(minutes=1))
    note(["allocation.twice"])
    assert Entry.objects.count() == 2


def test_another_reason_door_person_or_trial_is_another_refusal(monday: None) -> None:
    note(["allocation.twice"])
    note(["allocation.forms"])
    note(["allocation.twice"], door="api:allocation")
    somebody = Actor(ActorKind.PERSON, "else", "Somebody Else", Origin.WEB)
    note(["allocation.twice"], grant=Grant(somebody, "coordinator", TRIAL))
    note(["allocation.twice"], grant=Grant(GRANT.actor, "coordinator", UUID(int=7)))
    assert Entry.objects.count() == 5
