"""Extensions: more places of the same list, by two people, each with a commitment of its own."""

import pytest

from audit.records import writing
from core.problems import Conflict, Invalid, Problem, Refused
from participants.models import Participant
from randomization import door, lists, proof, queries
from randomization.actions import sequences
from randomization.design import ListDesign
from randomization.models import Allocation, Slot, Stratum
from randomization.sequence import generate, in_order
from tests.unit.randomization_db.world import MINIMIZATION, World, uploaded


def use_up(world: World, used: int) -> None:
    """As if so many had been randomized in each stratum."""
    with world.opened(), writing():
        Stratum.objects.filter(sequence__number=1).update(used=used)


def place_of(world: World, participant: Participant) -> tuple[int, int]:
    with world.opened():
        fact = queries.allocation_of(participant)
        assert fact is not None
        return fact.segment, fact.position


def test_positions_go_on_where_they_ended_with_the_same_seed(world: World) -> None:
    first = world.activate()
    second = world.extend(120)
    with world.opened():
        design = lists.design_of(second)
        assert lists.seed_of(second) == lists.seed_of(first)
        assert lists.salt_of(second) != lists.salt_of(first)
        assert isinstance(design, ListDesign)
        whole = in_order(generate(design, lists.seed_of(first)))
        held = [*lists.slots_of(first, lists.design_of(first)), *lists.slots_of(second, design)]
        assert sorted(held) == sorted(whole)
        assert [(each.stratum, each.slots, each.used) for each in queries.stock(world.trial)] == [
            ("lsiq=high", 120, 0),
            ("lsiq=low", 120, 0),
        ]
    published = queries.commitments_of(world.trial)
    assert [each.segment for each in published] == [1, 2]
    assert len({each.sha256 for each in published}) == 2


def test_the_extension_is_taken_once_the_first_segment_is_full(world: World) -> None:
    world.activate()
    use_up(world, 105)
    draft = sequences.extend(trial=world.trial, slots=112, by=world.samuel)
    assert place_of(world, world.allocate()) == (1, 106)
    ready = world.ready()
    with pytest.raises(Conflict) as caught:
        door.allocate(participant=ready, by=world.marc)
    assert caught.value.code == "allocation.place"
    sequences.activate(sequence=draft, by=world.ruth)
    door.allocate(participant=ready, by=world.marc)
    assert place_of(world, ready) == (2, 107)
    assert place_of(world, world.allocate()) == (2, 108)
    assert place_of(world, world.allocate(unstable=False)) == (1, 106)


def test_a_minimization_goes_on_over_segments(world: World) -> None:
    world.activate(MINIMIZATION)
    earlier = [world.allocate(unstable=unstable) for unstable in (True, False)]
    world.extend(130)
    # What was not used of the first segment comes first.
    assert [place_of(world, each) for each in (*earlier, world.allocate())] == [(1, 1), (1, 2), (1, 3)]
    with world.opened():
        assert [each.slots for each in queries.stock(world.trial)] == [130]
        assert proof.verify(world.trial) is None


def test_a_minimization_draws_in_the_next_segment_from_the_whole_history(world: World) -> None:
    sequence = world.activate(MINIMIZATION)
    for unstable in (True, False):
        world.allocate(unstable=unstable)
    with world.opened(), writing():
        Stratum.objects.filter(sequence=sequence).update(slots=2)
    world.extend(130)
    with world.opened(), writing():
        Stratum.objects.filter(sequence__number=2).update(after=2, used=2)
    participant = world.allocate()
    assert place_of(world, participant) == (2, 3)
    with world.opened():
        slot = Slot.objects.get(position=3)
        drawn = lists.draw_of(slot)
        assert drawn is not None
        assert drawn["number"] == 3


def test_a_table_is_extended_by_new_rows(world: World) -> None:
    world.activate(uploaded())
    world.extend(table=uploaded("BABA"))
    use_up(world, 112)
    assert place_of(world, world.allocate()) == (2, 113)
    with world.opened():
        (fact,) = queries.allocations(world.trial)
        assert fact.arm == "RT"
        assert {each.slots for each in queries.stock(world.trial)} == {116}


def test_extensions_verify_with_their_allocations(world: World) -> None:
    world.activate()
    for unstable in (True, False, True):
        world.allocate(unstable=unstable)
    world.extend(110)
    world.extend(115)
    world.allocate()
    with world.opened():
        assert proof.verify(world.trial) is None
        assert len(proof.record_of(world.trial)["segments"]) == 3
        assert len(list(queries.allocations(world.trial))) == 4


def test_another_person_activates_and_nobody_who_enrols(world: World) -> None:
    world.activate()
    with pytest.raises(Refused):
        sequences.extend(trial=world.trial, slots=120, by=world.marc)
    draft = sequences.extend(trial=world.trial, slots=120, by=world.ruth)
    with pytest.raises(Problem) as caught:
        sequences.activate(sequence=draft, by=world.ruth)
    assert caught.value.code == "sequence.same_person"
    assert len(queries.commitments_of(world.trial)) == 1
    sequences.activate(sequence=draft, by=world.samuel)


def test_a_withdrawn_draft_leaves_room_for_another(world: World) -> None:
    world.activate()
    draft = sequences.extend(trial=world.trial, slots=120, by=world.samuel)
    with pytest.raises(Conflict) as caught:
        sequences.extend(trial=world.trial, slots=130, by=world.samuel)
    assert caught.value.code == "sequence.draft"
    sequences.withdraw_draft(sequence=draft, reason="Too few", by=world.samuel)
    world.extend(130)
    use_up(world, 106)
    assert place_of(world, world.allocate()) == (2, 107)
    with world.opened():
        assert {each.slots for each in queries.stock(world.trial)} == {130}
        assert Allocation.objects.count() == 1


def test_there_is_something_to_extend(world: World) -> None:
    with pytest.raises(Conflict) as caught:
        sequences.extend(trial=world.trial, slots=120, by=world.samuel)
    assert caught.value.code == "sequence.none"
    world.activate()
    for slots in (106, 50):
        with pytest.raises(Invalid) as refused:
            sequences.extend(trial=world.trial, slots=slots, by=world.samuel)
        assert [problem.code for problem in refused.value.problems] == ["segment.length"]
    for wrong in ({"table": uploaded()}, {}):
        with pytest.raises(Problem) as caught_kind:
            sequences.extend(trial=world.trial, by=world.samuel, **wrong)
        assert caught_kind.value.code == "segment.kind"
