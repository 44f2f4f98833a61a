"""Randomizing: the next slot, once, for good, and nothing of it for the blind."""

from dataclasses import fields
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from accounts.roles import Role
from audit.classes import FieldClass
from audit.models import Change, Entry
from audit.records import writing
from core import clock
from core.problems import Conflict, Invalid, NotFound, Problem, Refused
from outcomes.models import Form
from participants.actions import contacts, withdrawal
from participants.models import Milestone, Participant
from randomization import door, lists
from randomization.actions import allocation
from randomization.blindfold import Purpose, unblinded
from randomization.models import Allocation, Slot, Stratum
from randomization.proof import verify
from randomization.queries import allocation_of, arm_of, stock
from review.actions import locks
from tests import cast as people
from tests.trail import content, values
from tests.unit.outcomes import world as outcomes_world
from tests.unit.randomization_db.world import World
from therapy.queries import waiting_for_therapist
from trials.actions import memberships


def fact(world: World, participant: Participant):  # type: ignore[no-untyped-def]
    with unblinded(by=world.samuel, trial=world.trial, purpose=Purpose.SEQUENCE):
        return allocation_of(participant)


def test_the_receipt_tells_number_time_and_who_and_nothing_else(active: World, ready: Participant) -> None:
    receipt = door.allocate(participant=ready, by=active.marc)
    assert [field.name for field in fields(receipt)] == ["study_number", "at", "by"]
    assert (receipt.study_number, receipt.at, receipt.by) == (ready.number, clock.now(), "Marc Roy")


def test_slots_are_taken_in_order_within_each_stratum(active: World) -> None:
    three = [active.ready(unstable=unstable) for unstable in (True, False, True)]
    for participant in three:
        door.allocate(participant=participant, by=active.marc)
    first, second, third = (fact(active, participant) for participant in three)
    assert (first.stratum, first.position, first.strata) == ("lsiq=high", 1, {"lsiq": "high"})
    assert (second.stratum, second.position, second.strata) == ("lsiq=low", 1, {"lsiq": "low"})
    assert (third.stratum, third.position) == ("lsiq=high", 2)
    with unblinded(by=active.samuel, trial=active.trial, purpose=Purpose.SEQUENCE):
        assert [(each.used, each.left) for each in stock(active.trial)] == [(2, 104), (1, 105)]
        assert verify(active.trial) is None


def test_the_day_is_handed_down_and_follow_up_is_laid_out(active: World, ready: Participant) -> None:
    door.allocate(participant=ready, by=active.marc)
    ready.refresh_from_db()
    assert ready.state == Participant.State.RANDOMIZED
    milestone = Milestone.objects.get(participant=ready, kind="randomized")
    assert milestone.day == clock.today("America/Toronto")
    assert Form.objects.filter(participant=ready, visit__code="week16", instrument="odi").exists()


def test_the_trail_shows_the_fact_to_the_blind_and_seals_the_rest(active: World, ready: Participant) -> None:
    door.allocate(participant=ready, by=active.marc)
    seen = Entry.objects.get(verb="participant.randomize")
    sealed = Entry.objects.get(verb="allocation.take_slot")
    assert seen.secrecy in (FieldClass.TECHNICAL, FieldClass.EXPORTABLE)
    assert sealed.secrecy == FieldClass.UNBLINDING
    assert not Change.objects.filter(entry_id=seen.pk, table__startswith="randomization").exists()
    assert not Change.objects.filter(entry_id=sealed.pk).exists()
    assert {"stratum", "position", "strata.lsiq"} <= set(values(content(verb="allocation.take_slot")))


def test_the_same_person_asking_again_gets_the_same_receipt(active: World, ready: Participant) -> None:
    first = allocation.allocate(participant=ready, by=active.marc, seen=ready.revision)
    clock.advance(timedelta(minutes=5))
    again = allocation.allocate(participant=ready, by=active.marc, seen=ready.revision)
    assert (first.already, again.already) == (False, True)
    assert again.receipt == first.receipt
    assert Entry.objects.filter(verb="participant.randomize").count() == 1


def test_somebody_else_randomizing_again_is_told_without_a_name(active: World, ready: Participant) -> None:
    door.allocate(participant=ready, by=active.marc)
    with pytest.raises(Conflict) as caught:
        door.allocate(participant=ready, by=active.priya)
    assert caught.value.sentence == "This participant is randomized already. Nothing was changed."


def test_somebody_who_changed_meanwhile_is_read_back_again(active: World, ready: Participant) -> None:
    with pytest.raises(Conflict) as caught:
        door.allocate(participant=ready, by=active.marc, seen=ready.revision + 1)
    assert caught.value.code == "record.changed"
    assert not Milestone.objects.filter(participant=ready, kind="randomized").exists()


def test_only_roles_of_the_protocol_randomize(active: World, ready: Participant) -> None:
    for by in (active.elise, active.amelie, active.samuel, active.helen):
        with pytest.raises(Refused):
            door.allocate(participant=ready, by=by)
        with pytest.raises(Refused):
            allocation.allocate(participant=ready, by=by)


def test_an_allocation_cannot_be_changed_or_removed(active: World, ready: Participant) -> None:
    door.allocate(participant=ready, by=active.marc)
    for sql in ("UPDATE randomization_allocation SET position = 9", "DELETE FROM randomization_allocation"):
        refused = pytest.raises(DatabaseError)
        opened = unblinded(by=active.samuel, trial=active.trial, purpose=Purpose.SEQUENCE)
        with refused, transaction.atomic(), opened:
            _execute(sql)
    assert fact(active, ready).position == 1


def test_a_list_at_its_end_stops(active: World, ready: Participant) -> None:
    with unblinded(by=active.samuel, trial=active.trial, purpose=Purpose.SEQUENCE), writing():
        Stratum.objects.filter(key="lsiq=high").update(used=106)
    other = active.ready(unstable=False)
    # Before the claim nothing tells in which stratum the list has come to its end.
    shown = [door.preconditions(participant=each, by=active.marc) for each in (ready, other)]
    assert shown[0] == shown[1]
    assert all(check.met for check in shown[0])
    with pytest.raises(Conflict) as caught:
        door.allocate(participant=ready, by=active.marc)
    assert caught.value.code == "allocation.place"
    assert not any(word in caught.value.sentence.lower() for word in ("high", "stratum", "lsiq"))
    ready.refresh_from_db()
    assert ready.state == Participant.State.CONSENTED
    door.allocate(participant=other, by=active.marc)


def test_an_altered_list_stops(active: World, ready: Participant) -> None:
    """Somebody with the database file exchanged two slots: the seal does not open at another place."""
    with unblinded(by=active.samuel, trial=active.trial, purpose=Purpose.SEQUENCE):
        second = Slot.objects.get(stratum__key="lsiq=high", position=2)
        with pytest.raises(Problem, match="cannot be opened"):
            lists.open_arm(lists.design_of(second.stratum.sequence), second.stratum, 1, bytes(second.sealed_arm))


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def codes(world: World, participant: Participant) -> set[str]:
    """The preconditions not met."""
    return {each.code for each in door.preconditions(participant, by=world.marc) if not each.met}


def test_all_preconditions_are_met_when_everything_is_done(active: World, ready: Participant) -> None:
    assert codes(active, ready) == set()


def test_each_precondition_has_its_own_sentence(world: World) -> None:
    participant = people.screen_eligible(world.trial, world.cast)
    unmet = [each for each in door.preconditions(participant, by=world.marc) if not each.met]
    assert {each.code for each in unmet} == {"consent", "eligible", "forms", "first_session", "list"}
    assert len({each.sentence for each in unmet}) == len(unmet)
    shown = " ".join(each.sentence for each in unmet).lower()
    assert not any(word in shown for word in ("stratum", "lsiq=", "score", "level"))


@pytest.mark.parametrize("missing", ["name", "date_of_birth"])
def test_nobody_is_randomized_before_the_same_person_was_looked_for(
    active: World, ready: Participant, missing: str
) -> None:
    contacts.save(participant=ready, contact={missing: None}, by=active.elise)
    assert codes(active, ready) == {"contact"}
    with pytest.raises(Invalid) as caught:
        door.allocate(participant=ready, by=active.marc)
    assert "Name and date of birth are not recorded" in caught.value.sentence
    contacts.save(participant=ready, contact={missing: people.person(0)[missing]}, by=active.elise)
    door.allocate(participant=ready, by=active.marc)


def test_the_same_person_is_noticed_before_a_second_allocation(active: World, ready: Participant) -> None:
    door.allocate(participant=ready, by=active.marc)
    again = active.ready()
    contacts.save(
        participant=again, contact=dict.fromkeys(("name", "email", "phone", "date_of_birth")), by=active.elise
    )
    assert codes(active, again) == {"contact"}
    with pytest.raises(Conflict) as caught:
        contacts.save(participant=again, contact=people.person(0), by=active.elise)
    assert (caught.value.code, ready.number in caught.value.sentence) == ("participant.duplicate", True)
    assert codes(active, again) == {"contact"}


def test_the_first_session_is_waited_for(active: World) -> None:
    participant = active.baseline()
    assert codes(active, participant) == {"first_session"}
    active.book(participant, days=3)
    assert codes(active, participant) == {"first_session"}
    with pytest.raises(Invalid) as caught:
        door.allocate(participant=participant, by=active.marc)
    assert "Randomize on that day, not before." in caught.value.sentence
    clock.advance(timedelta(days=3))
    assert codes(active, participant) == set()


def test_the_day_is_that_of_the_site(active: World) -> None:
    """At one in the morning UTC it is still the day before in Montreal."""
    participant = active.baseline()
    active.book(participant, days=1, hours=0)
    clock.advance(timedelta(hours=13))
    assert codes(active, participant) == {"first_session"}
    clock.advance(timedelta(hours=4))
    assert codes(active, participant) == set()


def test_an_old_baseline_is_repeated(active: World, ready: Participant) -> None:
    clock.advance(timedelta(days=42))
    assert codes(active, ready) == set()
    clock.advance(timedelta(days=1))
    assert codes(active, ready) == {"recent"}


def test_nobody_who_withdrew_is_randomized(active: World, ready: Participant) -> None:
    withdrawal.withdraw(
        participant=ready, scopes=["intervention"], reason_code="time", day=clock.now().date(), by=active.elise
    )
    assert "taking_part" in codes(active, ready)


def test_nobody_is_randomized_in_a_locked_trial(active: World, ready: Participant) -> None:
    locks.lock_trial(trial=active.trial, reason="The end", by=active.noor)
    assert "recruiting" in codes(active, ready)
    with pytest.raises(Invalid):
        door.allocate(participant=ready, by=active.marc)


def test_an_incomplete_baseline_is_named_without_its_score(active: World) -> None:
    participant = active.baseline(skipped=True)
    active.book(participant)
    unmet = {each.code: each.sentence for each in door.preconditions(participant, by=active.marc) if not each.met}
    assert unmet == {
        "forms": "The forms do not give all that the list needs. Ask the coordinator to complete them.",
    }


def test_another_sites_therapist_is_told_there_is_nobody(active: World, ready: Participant) -> None:
    user = User.objects.create_user("far@example.org", "Far")
    site = outcomes_world.other_site(outcomes_world.World(active.trial, active.cast))
    memberships.grant(user=user, trial=active.trial, role=Role.THERAPIST, site=site, by=active.noor)
    with pytest.raises(NotFound):
        door.allocate(participant=ready, by=people.actor(user))


def test_arm_is_none_before(active: World, ready: Participant) -> None:
    with unblinded(by=active.samuel, trial=active.trial, purpose=Purpose.SEQUENCE):
        assert arm_of(ready) is None
        assert not Allocation.objects.exists()


def test_where_the_protocol_says_so_the_coordinator_randomizes_and_learns_no_arm(db: None) -> None:
    text = people.STRONG_BACK.read_text(encoding="utf-8").replace("roles: [therapist]", "roles: [coordinator]")
    with clock.moved_to(people.MONDAY):
        trial = people.make_trial(text)
        world = World(trial, people.cast_of(trial))
        world.activate()
        participant = world.ready()
        with pytest.raises(Refused):
            door.allocate(participant=participant, by=world.marc)
        receipt = door.allocate(participant=participant, by=world.elise)
        assert (receipt.study_number, receipt.by) == (participant.number, "Élise Tremblay")
        # What they write through the door tells them nothing; there is no other opening for them.
        for purpose in set(Purpose) - {Purpose.ALLOCATE, Purpose.ERROR}:
            with (
                pytest.raises(Refused),
                unblinded(by=world.elise, trial=trial, purpose=purpose, participant=participant, reason="Curious"),
            ):
                pytest.fail("the coordinator opened the blind")
        waiting = [*waiting_for_therapist(world.marc, trial), *waiting_for_therapist(world.priya, trial)]
        assert [each.participant for each in waiting] == [participant]
