"""Every method is prepared, activated by another person, allocated from and verified; minimization draws as it goes."""

import pytest
from django.db import DatabaseError, transaction

from audit.classes import FieldClass
from audit.models import Change, Entry
from audit.records import writing
from core import clock
from core.problems import Conflict, Invalid, Problem
from randomization import door, lists, proof, queries
from randomization.actions import sequences
from randomization.commitment import commit_dynamic
from randomization.design import Minimization
from randomization.minimization import Minimizer
from randomization.models import Allocation, Slot, Stratum
from tests.cast import MONDAY
from tests.unit.randomization_db.world import MINIMIZATION, World, build, two_factors, uploaded

METHODS = [
    {"method": "permuted_blocks", "block_sizes": [4, 6]},
    {"method": "big_stick", "limit": 3},
    {"method": "simple"},
    MINIMIZATION,
    "uploaded",
]


@pytest.mark.parametrize("design", METHODS, ids=lambda each: each if isinstance(each, str) else each["method"])
def test_every_method_allocates_and_holds(world: World, design: object) -> None:
    world.activate(uploaded() if design == "uploaded" else design)
    participants = [world.allocate(unstable=unstable) for unstable in (True, True, False)]
    with world.opened():
        facts = list(queries.allocations(world.trial))
        assert [fact.participant_id for fact in facts] == [each.pk for each in participants]
        assert {fact.arm for fact in facts} <= {"MC+ILEX", "RT"}
        assert [fact.strata["lsiq"] for fact in facts] == ["high", "high", "low"]
        assert proof.verify(world.trial) is None


def test_a_minimization_has_no_list_ahead_and_one_run_of_places(world: World) -> None:
    world.activate(MINIMIZATION)
    with world.opened():
        assert not Slot.objects.exists()
        assert [(each.stratum, each.slots, each.used) for each in queries.stock(world.trial)] == [("all", 106, 0)]
    for unstable in (True, False, True):
        world.allocate(unstable=unstable)
    with world.opened():
        assert list(Allocation.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3]
        assert [(each.left) for each in queries.stock(world.trial)] == [103]


def test_each_arm_of_a_minimization_follows_from_seed_and_history(world: World) -> None:
    sequence = world.activate(MINIMIZATION)
    for unstable in (True, True, False, True):
        world.allocate(unstable=unstable)
    with world.opened():
        design = lists.design_of(sequence)
        assert isinstance(design, Minimization)
        minimizer = Minimizer(design, lists.seed_of(sequence))
        for slot, fact in zip(Slot.objects.order_by("position"), queries.allocations(world.trial), strict=True):
            decision = minimizer.decide(fact.strata)
            assert decision.arm == fact.arm
            assert lists.draw_of(slot) == decision.document()
            minimizer.record(fact.strata, fact.arm)


def test_the_commitment_of_a_minimization_is_to_design_and_seed(world: World) -> None:
    sequence = world.activate(MINIMIZATION)
    with world.opened():
        design, seed, salt = lists.design_of(sequence), lists.seed_of(sequence), lists.salt_of(sequence)
    assert isinstance(design, Minimization)
    (published,) = queries.commitments_of(world.trial)
    assert published.sha256 == commit_dynamic("armslength-1", design, seed, salt)


def test_what_is_stored_of_a_draw_says_nothing(world: World) -> None:
    world.activate(MINIMIZATION)
    for unstable in (True, False):
        world.allocate(unstable=unstable)
    with world.opened():
        assert {len(bytes(slot.sealed_draw)) for slot in Slot.objects.all()} == {1024 + 28}
        assert {len(bytes(slot.sealed_arm)) for slot in Slot.objects.all()} == {30}
    for entry in Entry.objects.filter(verb="allocation.take_slot"):
        assert entry.secrecy == FieldClass.UNBLINDING
        assert not Change.objects.filter(entry_id=entry.pk).exists()


def test_a_drawn_slot_is_never_changed(world: World) -> None:
    world.activate(MINIMIZATION)
    world.allocate()
    with world.opened(), pytest.raises(DatabaseError), writing(), transaction.atomic():
        Slot.objects.update(sealed_draw=b"")


def test_an_allocation_is_not_made_when_earlier_ones_are_missing(world: World) -> None:
    world.activate(MINIMIZATION)
    ready = world.ready()
    with world.opened(), writing():
        Stratum.objects.update(used=5)
    with pytest.raises(Problem) as caught:
        door.allocate(participant=ready, by=world.marc)
    assert caught.value.code == "allocation.history"
    with world.opened():
        assert not Allocation.objects.exists()
        assert not Slot.objects.exists()
        finding = proof.verify(world.trial)
        assert finding is not None
        assert finding.code == "verify.counter"


def test_the_places_of_a_minimization_have_an_end(world: World) -> None:
    world.activate(MINIMIZATION)
    ready = world.ready()
    with world.opened(), writing():
        Stratum.objects.update(used=106)
    with pytest.raises(Conflict) as caught:
        door.allocate(participant=ready, by=world.marc)
    assert caught.value.code == "allocation.place"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"factors": [{"code": "sex", "levels": ["f", "m"]}]}, "design.factors"),
        ({"factors": [{"code": "lsiq", "levels": ["high"]}]}, "design.factors"),
        ({"factors": {"sex": 2}}, "design.factors"),
        ({"probability": "1/2"}, "design.probability"),
        ({"strata": ["lsiq=high", "lsiq=low"]}, "design.strata"),
        ({"slots_per_stratum": 50}, "design.slots"),
    ],
)
def test_a_minimization_that_does_not_fit_is_refused(world: World, changes: dict[str, object], code: str) -> None:
    world.sign_strata()
    with pytest.raises(Invalid) as caught:
        sequences.prepare(trial=world.trial, design={**MINIMIZATION, **changes}, by=world.samuel)
    assert code in [problem.code for problem in caught.value.problems]


def test_a_table_that_is_too_short_is_refused(world: World) -> None:
    world.sign_strata()
    with pytest.raises(Invalid) as caught:
        sequences.prepare(trial=world.trial, design=uploaded("AB" * 50), by=world.samuel)
    assert [problem.code for problem in caught.value.problems] == ["design.slots"]


@pytest.mark.parametrize("design", [METHODS[0], {**MINIMIZATION, "factors": {"age": 3}}], ids=["list", "minimization"])
def test_several_strata_keep_the_order_of_the_protocol(db: None, design: dict[str, object]) -> None:
    """A database may return the levels in another order; the record has them as the protocol has."""
    with clock.moved_to(MONDAY):
        world = build(two_factors())
        world.activate(design)
        for unstable in (True, False):
            world.allocate(unstable=unstable)
        with world.opened():
            record = proof.record_of(world.trial)
            assert [list(each["levels"]) for each in record["allocations"]] == [["lsiq", "age"]] * 2
            assert proof.verify(world.trial) is None
