"""Emergency unblinding: one participant, for good, told to colleagues without the arm; the code after the lock."""

import pytest
from django.core import mail
from django.db import DatabaseError
from django.test import override_settings

from accounts.roles import Role
from audit.classes import FieldClass
from audit.models import Entry
from audit.queries import Audience, entries_for
from core.problems import Conflict, NotFound, Problem, Refused
from exports.unblinded.code import break_code
from participants.blindness import EMERGENCY_NOTED, counts_of_unblindings, is_blind
from participants.models import Participant, Task
from randomization.actions.unblindings import unblind
from randomization.models import CodeBreak, EmergencyUnblinding
from randomization.queries import allocation_of
from tests.trail import content, contents
from tests.unit.exports.world import files_of, rows_of
from tests.unit.randomization_db.world import World
from trials.actions import memberships

WHY = {"reason": "care", "explanation": "The emergency ward of the general hospital asks."}
PURPOSE = "Analysis by the plan of 3 March"
BLIND = Audience(frozenset({Role.THERAPIST, Role.STATISTICIAN, Role.SAFETY_PHYSICIAN, Role.UNBLINDED_COORDINATOR}))


@pytest.fixture
def participant(active: World) -> Participant:
    return active.allocate()


def arm_of(world: World, participant: Participant) -> str:
    with world.opened():
        fact = allocation_of(participant)
    assert fact is not None
    return fact.arm


@pytest.mark.parametrize("who", ["leila", "helen"])
def test_it_opens_one_arm_to_who_may_and_stays_on_record(active: World, participant: Participant, who: str) -> None:
    by = getattr(active, who)
    opened = unblind(participant=participant, by=by, **WHY)
    assert opened.arm == arm_of(active, participant)
    with active.opened():
        held = EmergencyUnblinding.objects.get()
        assert (held.participant_id, held.reason, held.by) == (participant.pk, "care", by.id)
    assert not is_blind(participant, by.id)
    assert counts_of_unblindings([active.site]) == {("emergency", ""): 1}
    assert Task.objects.get(kind=EMERGENCY_NOTED).participant_id == participant.pk


def test_each_opening_stands_in_the_trail_and_reaches_no_blinded_reader(
    active: World, participant: Participant
) -> None:
    for _time in range(2):
        unblind(participant=participant, by=active.helen, **WHY)
    assert [each.reason for each in contents(verb="blind.open_emergency")] == [WHY["explanation"]] * 2
    assert Entry.objects.filter(verb="emergency.unblind").count() == 2
    assert set(Entry.objects.filter(verb="emergency.unblind").values_list("secrecy", flat=True)) == {
        FieldClass.UNBLINDING
    }
    verbs = set(entries_for(BLIND, active.trial.pk).values_list("verb", flat=True))
    assert not verbs & {"blind.open_emergency", "emergency.unblind", "notice.send"}


def test_colleagues_are_told_that_it_was_and_not_the_arm(active: World, participant: Participant) -> None:
    mail.outbox.clear()
    opened = unblind(participant=participant, by=active.leila, **WHY)
    told = {address for each in mail.outbox for address in each.to}
    assert told == {f"{key}@example.org" for key in ("elise", "helen", "samuel", "ruth")}
    assert {each.name for each in opened.told if each.reached} == {
        "Élise Tremblay",
        "Dr. Helen Park",
        "Samuel Osei",
        "Ruth Levi",
    }
    for each in mail.outbox:
        assert participant.number in each.subject
        text = (each.subject + each.body).replace(participant.number, "")  # of random letters, RT among them
        assert not any(word in text for word in ("MC+ILEX", "RT", "Targeted", WHY["explanation"]))


def test_a_colleague_who_assesses_as_well_is_not_told(active: World, participant: Participant) -> None:
    memberships.grant(user=active.cast.elise, trial=active.trial, role=Role.ASSESSOR, by=active.noor)
    mail.outbox.clear()
    unblind(participant=participant, by=active.leila, **WHY)
    assert {address for each in mail.outbox for address in each.to} == {
        f"{key}@example.org" for key in ("helen", "samuel", "ruth")
    }


@override_settings(EMAIL_BACKEND="tests.unit.randomization_db.test_unblindings.Broken")
def test_who_was_not_reached_by_mail_is_named(active: World, participant: Participant) -> None:
    opened = unblind(participant=participant, by=active.leila, **WHY)
    assert opened.arm
    assert not any(each.reached for each in opened.told)
    assert content(verb="notice.send").facts == {"told": 0, "not_reached": 4}


class Broken:
    """A mail server that is down."""

    def __init__(self, *_args: object, **_options: object) -> None:
        pass

    def open(self) -> None:
        raise OSError("down")


def test_without_a_reason_nothing_opens(active: World, participant: Participant) -> None:
    for wrong in ({"reason": "curious"}, {"explanation": "hm"}):
        with pytest.raises(Problem):
            unblind(participant=participant, by=active.leila, **{**WHY, **wrong})
    assert not Entry.objects.filter(verb="blind.open_emergency").exists()


@pytest.mark.parametrize("who", ["elise", "amelie", "marc", "samuel", "tomas", "noor"])
def test_others_are_refused(active: World, participant: Participant, who: str) -> None:
    with pytest.raises((Refused, NotFound)):
        unblind(participant=participant, by=getattr(active, who), **WHY)


def test_before_randomization_there_is_nothing_to_open(active: World) -> None:
    waiting = active.ready()
    with pytest.raises(Conflict, match="not randomized yet"):
        unblind(participant=waiting, by=active.leila, **WHY)


def test_an_emergency_does_not_wait_for_a_lock_to_be_lifted(active: World, participant: Participant) -> None:
    active.lock()
    assert unblind(participant=participant, by=active.leila, **WHY).arm


def test_the_record_is_sealed_from_blind_code(active: World, participant: Participant) -> None:
    unblind(participant=participant, by=active.leila, **WHY)
    with pytest.raises(DatabaseError):
        list(EmergencyUnblinding.objects.all())


def test_the_code_is_broken_after_the_lock_only(active: World, participant: Participant) -> None:
    with pytest.raises(Conflict, match="after the lock only"):
        break_code(trial=active.trial, purpose=PURPOSE, by=active.samuel)
    active.lock()
    with pytest.raises(Problem, match="what the data by arm are needed for"):
        break_code(trial=active.trial, purpose="", by=active.samuel)
    files = files_of(break_code(trial=active.trial, purpose=PURPOSE, by=active.samuel))
    (row,) = rows_of(files, "allocations")
    assert (row["number"], row["arm"]) == (participant.number, arm_of(active, participant))
    assert CodeBreak.objects.values_list("trial_id", flat=True).get() == active.trial.pk
    assert content(verb="blind.open_code").reason == PURPOSE


def test_nobody_blinded_breaks_the_code(active: World) -> None:
    active.lock()
    for who in (active.noor, active.helen, active.elise, active.leila):
        with pytest.raises(Refused):
            break_code(trial=active.trial, purpose=PURPOSE, by=who)
