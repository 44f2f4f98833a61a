"""Somebody who did all that is asked is completed by the sweep, whatever their sessions."""

from datetime import timedelta

from core import clock
from outcomes.actions import visits
from outcomes.actions.completion import complete_finished
from participants.models import Participant
from tests.unit.outcomes.test_queries import SWEEP
from tests.unit.outcomes.world import World
from trials.access import system_grant


def sweep(world: World) -> int:
    grant = system_grant(world.trial, SWEEP)
    visits.close_overdue(trial=world.trial, now=clock.now(), grant=grant)
    return complete_finished(trial=world.trial, grant=grant)


def test_completed_once_the_last_window_has_closed(world: World) -> None:
    participant = world.consented()
    world.reach(participant, "randomized", clock.now().date())
    clock.advance(timedelta(days=100))
    assert sweep(world) == 0
    clock.advance(timedelta(days=100))
    assert sweep(world) == 1
    participant.refresh_from_db()
    assert participant.state == Participant.State.COMPLETED
    assert sweep(world) == 0


def test_nobody_completes_before_randomization(world: World, participant: Participant) -> None:
    clock.advance(timedelta(days=200))
    assert sweep(world) == 0
