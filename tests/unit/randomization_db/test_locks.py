"""A lock under which arms were handed out stays; any other can be lifted."""

from datetime import timedelta

import pytest

from audit.models import Entry
from core import clock
from core.problems import Conflict, Problem, Refused
from exports import unblinded
from exports.unblinded.code import break_code
from randomization import door
from randomization.actions import records
from review.actions import locks
from review.policies import is_locked
from tests.unit.randomization_db.world import World

WHY = "Analysis by the plan of 3 March"
LIFT = "A form was missing"


@pytest.fixture
def ended(active: World) -> World:
    """A trial with somebody randomized, locked."""
    active.allocate()
    active.lock()
    return active


def lift(world: World) -> None:
    door.lift_lock(trial=world.trial, reason=LIFT, by=world.noor)


def check_it_stays(world: World) -> None:
    assert door.stays_locked(world.trial)
    with pytest.raises(Conflict) as caught:
        lift(world)
    assert caught.value.code == "trial.locked_for_good"
    assert is_locked(world.trial)
    assert not Entry.objects.filter(verb="trial.unlock").exists()


def test_it_is_lifted_while_nobody_has_the_arms(ended: World) -> None:
    assert not door.stays_locked(ended.trial)
    lift(ended)
    assert not is_locked(ended.trial)
    assert Entry.objects.get(verb="trial.unlock").reason == LIFT


def test_it_stays_once_the_code_was_broken(ended: World) -> None:
    break_code(trial=ended.trial, purpose=WHY, by=ended.samuel).file.close()
    check_it_stays(ended)


def test_it_stays_once_the_list_was_revealed(ended: World) -> None:
    records.reveal(trial=ended.trial, purpose=WHY, by=ended.samuel)
    check_it_stays(ended)


def test_it_stays_once_the_dataset_by_arm_was_exported_under_it(ended: World) -> None:
    unblinded.export(trial=ended.trial, by=ended.samuel, purpose=WHY).file.close()
    check_it_stays(ended)


def test_an_export_by_arm_before_the_lock_does_not_hold_it(active: World) -> None:
    active.allocate()
    unblinded.export(trial=active.trial, by=active.samuel, purpose=WHY).file.close()
    with clock.moved_to(clock.now() + timedelta(hours=1)):
        active.lock()
        lift(active)
    assert not is_locked(active.trial)


def test_a_wrong_role_learns_nothing_of_it(ended: World) -> None:
    break_code(trial=ended.trial, purpose=WHY, by=ended.samuel).file.close()
    for by in (ended.elise, ended.helen, ended.samuel):
        with pytest.raises(Refused):
            door.lift_lock(trial=ended.trial, reason=LIFT, by=by)


def test_a_reason_is_needed_and_a_lock(ended: World) -> None:
    with pytest.raises(Problem, match="Say why"):
        door.lift_lock(trial=ended.trial, reason=" ", by=ended.noor)
    lift(ended)
    with pytest.raises(Conflict, match="not locked"):
        lift(ended)


def test_of_two_who_lock_at_once_the_second_is_told(ended: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.actions.locks.check_not_locked", lambda _trial: None)
    with pytest.raises(Conflict) as caught:
        ended.lock()
    assert caught.value.code == "trial.locked"
    assert ended.trial.locks.count() == 1


def test_neither_code_nor_list_is_opened_when_the_lock_was_lifted_a_moment_ago(
    ended: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both asked before the lock was lifted, and ask again once they hold it."""
    locks.unlock_trial(trial=ended.trial, reason=LIFT, by=ended.noor)
    monkeypatch.setattr("exports.unblinded.code.is_locked", lambda _trial: True)
    monkeypatch.setattr("randomization.actions.records.is_locked", lambda _trial: True)
    with pytest.raises(Conflict) as broken:
        break_code(trial=ended.trial, purpose=WHY, by=ended.samuel)
    with pytest.raises(Conflict) as revealed:
        records.reveal(trial=ended.trial, purpose=WHY, by=ended.samuel)
    assert (broken.value.code, revealed.value.code) == ("code.before_lock", "reveal.not_locked")
    assert not door.stays_locked(ended.trial)
