"""The sequence room: two people, a signature, and a commitment that proves the list."""

import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.roles import Role
from audit.classes import FieldClass
from audit.models import Change, Entry
from audit.records import writing
from core import clock
from core.problems import Conflict, Invalid, Problem, Refused
from participants.models import Participant
from randomization import door, lists, queries
from randomization.actions import allocation, records, sequences
from randomization.blindfold import Purpose, unblinded
from randomization.models import Sequence, Slot, Stratum
from randomization.policies import check_design, design_warnings
from tests import cast as people
from tests.unit.randomization_db.world import DESIGN, World
from therapy.actions.first_session import randomize_at_first_session


def opened(world: World):  # type: ignore[no-untyped-def]
    return unblinded(by=world.samuel, trial=world.trial, purpose=Purpose.SEQUENCE)


def prepare(world: World, **changes: object) -> Sequence:
    return sequences.prepare(trial=world.trial, design={**DESIGN, **changes}, by=world.samuel)


def test_a_list_for_every_stratum_covers_the_target(world: World) -> None:
    sequence = world.activate()
    with opened(world):
        assert [(each.stratum, each.slots) for each in queries.stock_of(sequence)] == [
            ("lsiq=high", 106),
            ("lsiq=low", 106),
        ]
        design = lists.design_of(sequence)
        assert (design.arms, design.ratio) == (("MC+ILEX", "RT"), (1, 1))
        assert len(lists.slots_of(sequence, design)) == 212


def test_what_is_stored_says_nothing_of_arms_or_sizes(world: World) -> None:
    first = world.activate()
    with opened(world):
        assert {len(bytes(each)) for each in Slot.objects.values_list("sealed_arm", flat=True)} == {30}
        stored = Sequence.objects.values("sealed_design", "sealed_seed", "sealed_salt").get(pk=first.pk)
        assert len(bytes(stored["sealed_design"])) == 4096 + 28
        seed = lists.seed_of(first)
        assert seed not in b"".join(bytes(each) for each in stored.values())


def test_another_person_activates(world: World) -> None:
    world.sign_strata()
    draft = prepare(world)
    with pytest.raises(Problem) as caught:
        sequences.activate(sequence=draft, by=world.samuel)
    assert caught.value.sentence == "You prepared this list. Another person has to activate it."
    assert queries.commitments_of(world.trial) == []
    sequences.activate(sequence=draft, by=world.ruth)
    (published,) = queries.commitments_of(world.trial)
    assert (published.algorithm, len(published.sha256)) == ("armslength-1", 64)


def test_the_investigator_signs_first(world: World) -> None:
    with pytest.raises(Problem) as caught:
        prepare(world)
    assert caught.value.code == "sequence.strata_unsigned"
    with opened(world):
        assert not Sequence.objects.exists()


def test_enrolling_people_can_do_neither(world: World) -> None:
    world.sign_strata()
    people.hold_as_well(world.cast.marc, world.trial, Role.STATISTICIAN)
    for by in (world.marc, world.elise, world.helen):
        with pytest.raises(Refused):
            sequences.prepare(trial=world.trial, design=DESIGN, by=by)
        with pytest.raises(Refused):
            sequences.activate(sequence=prepare_once(world), by=by)


def end_roles(user: User) -> None:
    with writing():
        user.memberships.update(ended_at=clock.now(), ended_by="")


def test_whoever_could_ever_enrol_reads_nothing_of_the_list(world: World) -> None:
    world.activate()
    end_roles(world.cast.marc)
    people.hold_as_well(world.cast.marc, world.trial, Role.STATISTICIAN)
    for purpose in (Purpose.SEQUENCE, Purpose.REVEAL):
        with pytest.raises(Refused), unblinded(by=world.marc, trial=world.trial, purpose=purpose):
            pytest.fail("the list is open")
    with pytest.raises(Refused):
        records.check(trial=world.trial, by=world.marc)


@pytest.mark.parametrize("role", [Role.STATISTICIAN, Role.UNBLINDED_COORDINATOR, Role.SAFETY_PHYSICIAN])
def test_whoever_could_ever_read_list_or_arms_randomizes_nobody(world: World, role: Role) -> None:
    world.activate()
    participant = world.ready()
    user = User.objects.create_user("both@example.org", "Both")
    people.hold_as_well(user, world.trial, role)
    end_roles(user)
    people.hold_as_well(user, world.trial, Role.THERAPIST, world.site, qualification="athletic_therapist")
    by = people.actor(user)
    with pytest.raises(Refused):
        allocation.allocate(participant=participant, by=by)
    with pytest.raises(Refused):
        randomize_at_first_session(participant=participant, by=by)
    participant.refresh_from_db()
    assert participant.state == Participant.State.CONSENTED
    door.allocate(participant=participant, by=world.marc)


def prepare_once(world: World) -> Sequence:
    with opened(world):
        held = Sequence.objects.filter(trial=world.trial).first()
    return held or prepare(world)


def test_one_list_at_a_time(world: World) -> None:
    world.sign_strata()
    draft = prepare(world)
    with pytest.raises(Conflict) as caught:
        prepare(world)
    assert caught.value.code == "sequence.draft"
    with pytest.raises(Problem):
        sequences.withdraw_draft(sequence=draft, reason=" ", by=world.samuel)
    sequences.withdraw_draft(sequence=draft, reason="Sizes", by=world.samuel)
    sequences.activate(sequence=prepare(world), by=world.ruth)
    with pytest.raises(Conflict) as caught:
        prepare(world)
    assert caught.value.code == "sequence.active"
    with pytest.raises(Conflict):
        sequences.withdraw_draft(sequence=draft, reason="Again", by=world.samuel)


def test_under_a_lock_no_list_is_prepared_activated_or_withdrawn(world: World) -> None:
    world.sign_strata()
    draft = prepare(world)
    world.lock()
    for attempt in (
        lambda: prepare(world),
        lambda: sequences.activate(sequence=draft, by=world.ruth),
        lambda: sequences.withdraw_draft(sequence=draft, reason="Sizes", by=world.samuel),
    ):
        with pytest.raises(Conflict) as caught:
            attempt()
        assert caught.value.code == "trial.locked"
    with opened(world):
        assert Sequence.by_id(draft.pk).state == Sequence.State.DRAFT


def test_of_two_who_prepare_at_once_the_second_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both looked before either wrote; the database lets one in."""
    world.sign_strata()
    prepare(world)
    monkeypatch.setattr("randomization.policies.check_no_other_list", lambda _trial: None)
    with pytest.raises(Conflict) as caught:
        prepare(world)
    assert caught.value.code == "sequence.draft"


def test_a_draft_that_crossed_with_an_activation_is_not_activated(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.activate()
    monkeypatch.setattr("randomization.policies.check_no_other_list", lambda _trial: None)
    with pytest.raises(Conflict) as caught:
        sequences.activate(sequence=prepare(world), by=world.ruth)
    assert caught.value.code == "sequence.active"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ratio": {"MC+ILEX": 2, "RT": 1}, "block_sizes": [3, 6]}, "design.ratio"),
        ({"ratio": {"A": 1, "B": 1}}, "design.ratio"),
        ({"strata": ["all"]}, "design.strata"),
        ({"slots_per_stratum": 105}, "design.slots"),
        ({"block_sizes": [3]}, "design.block_sizes"),
        ({"method": "guess"}, "design.method"),
        ({"seed": "00"}, "design.seed"),
    ],
)
def test_a_design_that_does_not_fit_is_refused(world: World, changes: dict[str, object], code: str) -> None:
    world.sign_strata()
    with pytest.raises(Invalid) as caught:
        prepare(world, **changes)
    assert code in [problem.code for problem in caught.value.problems]


def test_predictable_designs_are_warned_of(world: World) -> None:
    design = check_design(world.trial, {"method": "permuted_blocks", "block_sizes": [2]})
    assert any("block of 2" in sentence for sentence in design_warnings(world.trial, design))


def test_the_trail_seals_the_preparation_and_shows_the_activation(world: World) -> None:
    world.activate()
    prepared, activated = Entry.objects.get(verb="sequence.prepare"), Entry.objects.get(verb="sequence.activate")
    assert prepared.secrecy == FieldClass.UNBLINDING
    assert activated.secrecy == FieldClass.TECHNICAL
    shown = set(Change.objects.filter(entry_id=activated.pk).values_list("field", flat=True))
    assert shown == {"state", "commitment", "activated_at", "activated_by", "drawn_from"}


def test_preview_draws_the_same_for_a_seed_and_reads_no_list(tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "design.yaml"
    file.write_text("method: permuted_blocks\nratio: {A: 1, B: 1}\nblock_sizes: [4]\nstrata: [x, y]\n")
    drawn = []
    for _each in range(2):
        call_command("randomization", "preview", design=file, slots=4, seed="ab" * 32)
        drawn.append([json.loads(line) for line in capsys.readouterr().out.splitlines()])
    assert drawn[0] == drawn[1]
    assert [(row["stratum"], row["position"], row["block"]) for row in drawn[0]] == [
        (stratum, position, 1) for stratum in "xy" for position in range(1, 5)
    ]
    assert sorted(row["arm"] for row in drawn[0][:4]) == ["A", "A", "B", "B"]


@pytest.mark.parametrize("seed", ["zz", "ab"])
def test_preview_refuses_a_bad_seed(tmp_path, seed: str) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "design.yaml"
    file.write_text("method: simple\nratio: {A: 1, B: 1}\n")
    with pytest.raises(CommandError):
        call_command("randomization", "preview", design=file, slots=4, seed=seed)


def test_there_is_one_stratum_for_each_level(world: World) -> None:
    world.activate()
    with opened(world):
        assert set(Stratum.objects.values_list("key", flat=True)) == {"lsiq=high", "lsiq=low"}
