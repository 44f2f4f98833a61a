"""Only assigned or covering therapists, qualified for the arm, see a participant."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from audit.actors import Actor
from audit.classes import FieldClass
from audit.models import Entry
from core import clock
from core.problems import Conflict, NotFound, Problem, Refused
from participants.actions import withdrawal
from participants.models import Participant
from randomization.blindfold import Purpose, unblinded
from tests import cast as people
from tests.unit.randomization_db.world import World
from tests.unit.therapy.conftest import InArm, arm_in_the_list
from therapy import queries
from therapy.actions import assignments
from therapy.actions.first_session import randomize_at_first_session
from trials.access import authorize
from trials.actions import memberships
from trials.models import Membership


def therapist(world: World, name: str, qualification: str = "athletic_therapist") -> User:
    user = User.objects.create_user(f"{name}@example.org", name)
    memberships.grant(
        user=user, trial=world.trial, role=Role.THERAPIST, site=world.site, qualification=qualification, by=world.noor
    )
    return user


def numbers(found: list[queries.Treated]) -> list[str]:
    return [each.participant.number for each in found]


def may_see(participant: Participant, by: Actor) -> bool:
    try:
        queries.grid_of(participant, by)
    except NotFound:
        return False
    return True


def test_the_randomizing_therapist_treats_if_qualified(world: World, in_arm: InArm) -> None:
    participant = world.ready()
    told = randomize_at_first_session(participant=participant, by=world.marc)
    assert told.arm == arm_in_the_list(world, participant)
    assert told.assigned == (told.arm == "MC+ILEX")
    assert told.receipt.study_number == participant.number
    assert not told.already
    again = randomize_at_first_session(participant=participant, by=world.marc)
    assert (again.receipt, again.arm, again.assigned, again.already) == (told.receipt, told.arm, told.assigned, True)


def test_asking_again_does_not_tell_the_arm_of_whom_another_treats(world: World, waiting: Participant) -> None:
    assert randomize_at_first_session(participant=waiting, by=world.marc).arm == "RT"
    assignments.take(participant=waiting, by=world.priya)
    again = randomize_at_first_session(participant=waiting, by=world.marc)
    assert (again.already, again.assigned, again.arm) == (True, False, None)
    with pytest.raises(NotFound):
        queries.randomized_by(waiting, world.priya)


def test_an_unqualified_therapist_no_longer_sees_whom_they_randomized(world: World, waiting: Participant) -> None:
    assert not may_see(waiting, world.marc)
    assert waiting.number not in numbers(queries.participants_of(world.marc, world.trial))
    with pytest.raises(NotFound):
        assignments.take(participant=waiting, by=world.marc)


def test_those_waiting_are_shown_to_the_qualified_only(world: World, waiting: Participant) -> None:
    assert waiting.number in numbers(queries.waiting_for_therapist(world.priya, world.trial))
    assert waiting.number not in numbers(queries.waiting_for_therapist(world.marc, world.trial))
    assignments.take(participant=waiting, by=world.priya)
    assert waiting.number not in numbers(queries.waiting_for_therapist(world.priya, world.trial))
    (treated,) = queries.participants_of(world.priya, world.trial)
    assert (treated.participant, treated.arm, treated.recorded, treated.covering) == (waiting, "RT", 0, False)


def test_nobody_who_left_the_sessions_waits(world: World, waiting: Participant) -> None:
    day = clock.now().date()
    withdrawal.withdraw(participant=waiting, scopes=["intervention"], reason_code="time", day=day, by=world.elise)
    assert waiting.number not in numbers(queries.waiting_for_therapist(world.priya, world.trial))


def test_taking_twice_changes_nothing(world: World, marcs: Participant) -> None:
    first = assignments.take(participant=marcs, by=world.marc)
    assert assignments.take(participant=marcs, by=world.marc) == first


def test_whom_a_colleague_treats_is_not_there_whatever_the_arm(
    world: World, marcs: Participant, waiting: Participant
) -> None:
    assignments.take(participant=waiting, by=world.priya)
    for qualification in ("athletic_therapist", "kinesiologist"):
        by = people.actor(therapist(world, qualification, qualification))
        told = set()
        for participant in (marcs, waiting, world.ready()):
            with pytest.raises(NotFound) as caught:
                assignments.take(participant=participant, by=by)
            told.add((caught.value.code, caught.value.sentence))
            assert not may_see(participant, by)
        assert len(told) == 1


def test_of_two_who_take_the_same_person_the_second_finds_nobody(world: World, waiting: Participant) -> None:
    """The second looked before the first had taken, and writes afterwards."""
    kim, trial = people.actor(therapist(world, "kim", "kinesiologist")), world.trial
    grant = authorize(world.priya, Permission.LOG_SESSION, trial=trial, site=world.site)
    assignments.take(participant=waiting, by=kim)
    opened = unblinded(by=world.priya, trial=trial, purpose=Purpose.TREAT, participant=waiting)
    with pytest.raises(NotFound), opened:
        assignments.assign(waiting, grant)
    assert (may_see(waiting, kim), may_see(waiting, world.priya)) == (True, False)


def test_before_randomization_there_is_nobody_to_take(world: World) -> None:
    participant = world.ready()
    with pytest.raises(NotFound):
        assignments.take(participant=participant, by=world.marc)
    assert not may_see(participant, world.marc)


def test_booked_first_sessions_are_shown_to_every_therapist_alike(world: World, marcs: Participant) -> None:
    participant = world.ready()
    for by in (world.marc, world.priya):
        assert [each.participant for each in queries.first_sessions(by, world.trial)] == [participant]


def test_others_are_refused_for_every_number_alike(world: World, marcs: Participant) -> None:
    somebody = world.ready()
    for by in (world.elise, world.amelie, world.helen, world.tomas, world.noor, world.samuel):
        sentences = set()
        for participant in (marcs, somebody):
            for read in (queries.grid_of, queries.next_session):
                with pytest.raises(Refused) as caught:
                    read(participant, by)
                sentences.add(caught.value.sentence)
            with pytest.raises(Refused):
                assignments.take(participant=participant, by=by)
        assert len(sentences) == 1


def test_handing_over_moves_the_participant(world: World, marcs: Participant) -> None:
    anna = therapist(world, "anna")
    with pytest.raises(Problem):
        assignments.hand_over(participant=marcs, to=anna, reason=" ", by=world.marc)
    with pytest.raises(Problem) as caught:
        assignments.hand_over(participant=marcs, to=world.cast.priya, reason="Leaving", by=world.marc)
    assert caught.value.code == "assignment.unqualified"
    assignments.hand_over(participant=marcs, to=anna, reason="Leaving", by=world.marc)
    assert (may_see(marcs, people.actor(anna)), may_see(marcs, world.marc)) == (True, False)
    with pytest.raises(NotFound):
        assignments.hand_over(participant=marcs, to=world.cast.marc, reason="Back", by=world.marc)


def test_a_cover_sees_the_participant_on_its_days_only(world: World, marcs: Participant) -> None:
    anna = therapist(world, "anna")
    by, first = people.actor(anna), date(2026, 3, 4)
    assignments.cover(participant=marcs, therapist=anna, starts_on=first, ends_on=date(2026, 3, 5), by=world.marc)
    seen = []
    for _day in range(5):
        listed = marcs.number in numbers(queries.participants_of(by, world.trial))
        assert listed == may_see(marcs, by)
        seen.append((clock.today("America/Toronto").day, listed))
        clock.advance(timedelta(days=1))
    assert seen == [(2, False), (3, False), (4, True), (5, True), (6, False)]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "code"),
    [
        (date(2026, 3, 9), date(2026, 3, 8), "cover.days"),
        (date(2026, 2, 1), date(2026, 3, 1), "cover.past"),
        (date(2026, 3, 9), date(2026, 7, 9), "cover.long"),
    ],
)
def test_impossible_covers_are_refused(
    world: World, marcs: Participant, starts_on: date, ends_on: date, code: str
) -> None:
    with pytest.raises(Problem) as caught:
        assignments.cover(
            participant=marcs, therapist=world.cast.marc, starts_on=starts_on, ends_on=ends_on, by=world.marc
        )
    assert caught.value.code == code


def test_covers_do_not_overlap_and_need_another_qualified_person(world: World, marcs: Participant) -> None:
    days = {"starts_on": date(2026, 3, 9), "ends_on": date(2026, 3, 13)}
    for user, code in ((world.cast.marc, "assignment.self"), (world.cast.priya, "assignment.unqualified")):
        with pytest.raises(Problem) as caught:
            assignments.cover(participant=marcs, therapist=user, by=world.marc, **days)
        assert caught.value.code == code
    anna = therapist(world, "anna")
    assignments.cover(participant=marcs, therapist=anna, by=world.marc, **days)
    with pytest.raises(Conflict):
        assignments.cover(participant=marcs, therapist=anna, by=world.marc, **days)


def test_whoever_leaves_the_trial_leaves_their_participants_waiting(world: World, marcs: Participant) -> None:
    membership = Membership.objects.get(user=world.cast.marc, trial=world.trial)
    anna = people.actor(therapist(world, "anna"))
    memberships.end(membership=membership, reason="Moved", by=world.noor)
    assert numbers(queries.waiting_for_therapist(anna, world.trial)) == [marcs.number]
    assignments.take(participant=marcs, by=anna)
    assert may_see(marcs, anna)


def test_every_entry_of_therapy_is_sealed(world: World, marcs: Participant) -> None:
    anna = therapist(world, "anna")
    assignments.hand_over(participant=marcs, to=anna, reason="Leaving", by=world.marc)
    entries = Entry.objects.filter(verb__startswith="assignment.")
    assert entries.count() >= 2
    assert {entry.secrecy for entry in entries} == {FieldClass.UNBLINDING}


def test_lists_cost_the_same_number_of_queries_however_long(
    world: World, marcs: Participant, waiting: Participant
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.participants_of(world.marc, world.trial)
            queries.waiting_for_therapist(world.priya, world.trial)
        return len(captured)

    cost()
    before = cost()
    for _each in range(4):
        randomize_at_first_session(participant=world.ready(), by=world.marc)
    assert cost() == before


def test_unblinded_people_read_the_log_without_treating(world: World, marcs: Participant) -> None:
    user = User.objects.create_user("sam@example.org", "Sam")
    role = Role.UNBLINDED_COORDINATOR
    memberships.grant(user=user, trial=world.trial, role=role, site=world.site, by=world.noor)
    by = people.actor(user)
    log = queries.log_of(marcs, by)
    assert (log.arm, log.therapist, len(log.cells)) == ("MC+ILEX", "Marc Roy", 48)
    with pytest.raises(NotFound):
        queries.log_of(world.ready(), by)
    for blind in (world.elise, world.amelie, world.tomas, world.helen):
        with pytest.raises(Refused):
            queries.log_of(marcs, blind)
