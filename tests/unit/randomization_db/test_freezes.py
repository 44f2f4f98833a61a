"""Allocation stops after an incident and goes on when it is resolved; the blind learn that it stopped, not why."""

import json

import pytest

from audit.classes import FieldClass
from audit.models import Change, Entry
from core.problems import Conflict, Invalid, Problem, Refused
from participants.models import Milestone, Participant
from randomization import door, preconditions, queries
from randomization.actions import freezes
from tests.trail import content, values
from tests.unit.randomization_db.world import World

INCIDENT = "The sealed key was copied to a laptop that is lost."
RESOLUTION = "The key was never used; the copy is destroyed."


def test_nobody_is_allocated_while_it_is_frozen(active: World, ready: Participant) -> None:
    door.freeze(trial=active.trial, incident=INCIDENT, by=active.noor)
    unmet = [each for each in door.preconditions(ready, by=active.marc) if not each.met]
    assert [each.code for each in unmet] == ["not_frozen"]
    assert unmet[0].sentence == "Randomization is stopped for now. Nothing was changed. Ask the data manager."
    with pytest.raises(Invalid) as caught:
        door.allocate(participant=ready, by=active.marc)
    assert [problem.code for problem in caught.value.problems] == ["allocation.not_frozen"]
    assert not Milestone.objects.filter(participant=ready, kind="randomized").exists()

    door.unfreeze(trial=active.trial, resolution=RESOLUTION, by=active.samuel)
    assert door.frozen_since(active.trial) is None
    door.allocate(participant=ready, by=active.marc)


def test_a_freeze_between_check_and_claim_is_seen(
    active: World, ready: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    freezes.freeze(trial=active.trial, incident=INCIDENT, by=active.samuel)
    monkeypatch.setattr(preconditions, "check_ready", lambda _ready: None)
    with pytest.raises(Conflict) as caught:
        door.allocate(participant=ready, by=active.marc)
    assert caught.value.code == "allocation.frozen"
    with active.opened():
        assert {each.used for each in queries.stock(active.trial)} == {0}
        assert queries.allocation_of(ready) is None


def test_the_incident_is_kept_and_sealed_from_the_blind(active: World) -> None:
    freezes.freeze(trial=active.trial, incident=INCIDENT, by=active.samuel)
    freezes.unfreeze(trial=active.trial, resolution=RESOLUTION, by=active.noor)
    with active.opened():
        (held,) = queries.freezes_of(active.trial)
        assert (held.incident, held.resolution) == (INCIDENT, RESOLUTION)
        assert (held.frozen_by, held.lifted_by) == (active.samuel.id, active.noor.id)
        assert held.frozen_at <= held.lifted_at
    for verb in ("allocation.freeze", "allocation.unfreeze"):
        assert Entry.objects.get(verb=verb).secrecy == FieldClass.TECHNICAL
    sealed = (("freeze.record", "incident", INCIDENT), ("freeze.resolve", "resolution", RESOLUTION))
    for verb, field, text in sealed:
        entry = Entry.objects.get(verb=verb)
        assert entry.secrecy == FieldClass.UNBLINDING
        assert not Change.objects.filter(entry_id=entry.pk).exists()
        assert values(content(verb=verb))[field] == json.dumps(text)


def test_who_may_stop_it(active: World) -> None:
    for by in (active.marc, active.elise, active.amelie, active.tomas, active.helen):
        with pytest.raises(Refused):
            door.freeze(trial=active.trial, incident=INCIDENT, by=by)
        with pytest.raises(Refused):
            door.unfreeze(trial=active.trial, resolution=RESOLUTION, by=by)
    assert door.frozen_since(active.trial) is None


def test_once_at_a_time_and_with_words(active: World) -> None:
    for text, code in (("", "freeze.incident"), ("Lost.", "freeze.incident")):
        with pytest.raises(Problem) as caught:
            freezes.freeze(trial=active.trial, incident=text, by=active.noor)
        assert caught.value.code == code
    with pytest.raises(Conflict) as caught:
        freezes.unfreeze(trial=active.trial, resolution=RESOLUTION, by=active.noor)
    assert caught.value.code == "freeze.none"
    freezes.freeze(trial=active.trial, incident=INCIDENT, by=active.noor)
    with pytest.raises(Conflict) as caught:
        freezes.freeze(trial=active.trial, incident=INCIDENT, by=active.samuel)
    assert caught.value.code == "freeze.twice"
    with pytest.raises(Problem):
        freezes.unfreeze(trial=active.trial, resolution=" ", by=active.noor)
    freezes.unfreeze(trial=active.trial, resolution=RESOLUTION, by=active.noor)
    freezes.freeze(trial=active.trial, incident=INCIDENT, by=active.noor)
    with active.opened():
        assert len(queries.freezes_of(active.trial)) == 2


def test_nothing_is_frozen_in_a_locked_trial(active: World) -> None:
    active.lock()
    with pytest.raises(Conflict) as caught:
        freezes.freeze(trial=active.trial, incident=INCIDENT, by=active.noor)
    assert caught.value.code == "trial.locked"
