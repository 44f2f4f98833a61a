"""A programme not delivered as the protocol says: kept behind the wall, reviewed by a safety physician."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from audit.queries import Audience, entries_for
from core import clock
from core.problems import Conflict, NotFound, Problem, Refused
from participants.models import Participant
from randomization.blindfold import Purpose, unblinded
from tests.unit.randomization_db.world import World
from therapy.actions import deviations
from therapy.deviations import counts_of_kinds, delivery_deviations
from therapy.models import DeliveryDeviation

DAY = date(2026, 3, 2)
KNOWN: dict[str, Any] = {"kind": "unqualified", "importance": "important", "happened_on": DAY, "remedy": "none"}


def test_it_is_recorded_by_who_treats_and_by_other_unblinded_roles(world: World, marcs: Participant) -> None:
    made = deviations.record(participant=marcs, text="A student led it.", by=world.marc, **KNOWN)
    assert made.due_at == clock.now() + timedelta(days=7)
    assert deviations.record(participant=marcs, by=world.leila, **{**KNOWN, "importance": "minor"}).due_at is None
    with unblinded(by=world.leila, trial=world.trial, purpose=Purpose.VIEW):
        found = list(delivery_deviations([marcs.site]))
        assert [each.importance for each in found] == ["important", "minor"]
        assert counts_of_kinds([marcs.pk]) == {(marcs.pk, "unqualified"): 2}


def test_blinded_roles_record_nothing_and_read_nothing(world: World, marcs: Participant) -> None:
    for by in (world.elise, world.helen, world.noor):
        with pytest.raises(Refused):
            deviations.record(participant=marcs, by=by, **KNOWN)
    deviations.record(participant=marcs, text="A student led it.", by=world.marc, **KNOWN)
    assert "delivery.record" not in set(
        entries_for(Audience(frozenset()), world.trial.pk).values_list("verb", flat=True)
    )
    with pytest.raises(DatabaseError):
        list(DeliveryDeviation.objects.values_list("kind"))


@pytest.mark.parametrize("change", [{"happened_on": date(2027, 3, 3)}, {"kind": "late"}, {"session": 7}])
def test_what_cannot_be_is_refused(world: World, marcs: Participant, change: dict[str, Any]) -> None:
    with pytest.raises(Problem):
        deviations.record(participant=marcs, by=world.marc, **{**KNOWN, **change})


def test_a_safety_physician_reviews_once(world: World, marcs: Participant) -> None:
    made = deviations.record(participant=marcs, by=world.marc, **KNOWN)
    with pytest.raises((Refused, NotFound)):
        deviations.review(deviation=made, participant=marcs, by=world.marc)
    deviations.review(deviation=made, participant=marcs, by=world.leila)
    with pytest.raises(Conflict, match="reviewed already"):
        deviations.review(deviation=made, participant=marcs, by=world.leila)
