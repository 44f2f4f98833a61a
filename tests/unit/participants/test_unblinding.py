"""An accidental unblinding: who may know is kept apart from what they know, and measures no more."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from accounts.roles import Role
from audit.models import Change, Entry
from audit.queries import Audience, entries_for
from core import clock
from core.problems import Conflict, Problem, Refused
from outcomes.actions import corrections, responses
from outcomes.models import Response
from outcomes.queries import forms_due
from participants.actions import appointments, unblinding
from participants.blindness import ASSESSOR_NEEDED, counts_of_unblindings, is_blind
from participants.models import LearnedArm, Participant, Task, Unblinding
from review.actions.locks import lock_trial
from tests import cast as people
from tests import sealed
from tests.trail import content, values
from tests.unit.outcomes.world import START, World, answered, build, form_of

NOBODY_BEHIND = Audience(frozenset())


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.moved_to(START):
        yield build()


@pytest.fixture
def participant(world: World) -> Participant:
    """Randomized, with the assessor's baseline forms still to fill."""
    consented = world.consented()
    people.hand_down_randomized(consented)
    return consented


def due(world: World, key: str) -> set[object]:
    found = forms_due([world.site], {"assessor"}, clock.today(world.trial.time_zone), blind=key)
    return {row.form.participant_id for row in found.rows}


def test_it_is_recorded_for_good_without_what_was_learned(world: World, participant: Participant) -> None:
    made = unblinding.record(participant=participant, how="participant", arm="RT", by=world.assessor)
    assert (made.kind, made.how, made.learner) == ("accidental", "participant", world.assessor.id)
    assert made.learned_on == clock.today(world.trial.time_zone)
    assert sealed.only(LearnedArm).arm == "RT"
    assert not is_blind(participant, world.assessor.id)
    assert counts_of_unblindings([world.site]) == {("accidental", "participant"): 1}
    with pytest.raises(RuntimeError):
        made.save()


def test_the_trail_tells_blinded_readers_that_it_was_and_never_what(world: World, participant: Participant) -> None:
    unblinding.record(participant=participant, how="colleague", arm="RT", by=world.assessor)
    verbs = set(entries_for(NOBODY_BEHIND, world.trial.pk).values_list("verb", flat=True))
    assert "unblinding.record" in verbs
    assert "unblinding.learn" not in verbs
    hidden = Entry.objects.get(verb="unblinding.learn")
    assert not Change.objects.filter(entry_id=hidden.pk).exists()
    assert values(content(verb="unblinding.learn"))["arm"] == '"RT"'


def test_not_saying_what_was_learned_is_fine(world: World, participant: Participant) -> None:
    unblinding.record(participant=participant, how="effects", by=world.assessor)
    assert sealed.rows(LearnedArm) == []
    assert not Entry.objects.filter(verb="unblinding.learn").exists()


def test_the_learner_measures_no_more_and_another_assessor_goes_on(world: World, participant: Participant) -> None:
    other = world.another(Role.ASSESSOR, "ondine", world.site)
    somebody = world.consented()
    unblinding.record(participant=participant, how="participant", by=world.assessor)
    assert due(world, world.assessor.id) == {somebody.pk}
    assert due(world, other.id) == {participant.pk, somebody.pk}
    form = form_of(participant, "baseline", "medx_strength")
    with pytest.raises(Conflict, match="Somebody who does not know it has to do this"):
        responses.submit(form=form, answers=answered("medx_strength", done=1), by=world.assessor)
    assert responses.submit(form=form, answers=answered("medx_strength", done=1), by=other)
    assert not Task.objects.filter(kind=ASSESSOR_NEEDED).exists()


def test_what_was_measured_is_corrected_by_somebody_blind(world: World, participant: Participant) -> None:
    form = form_of(participant, "baseline", "medx_strength")
    held = responses.submit(form=form, answers=answered("medx_strength", done=1), by=world.assessor)
    unblinding.record(participant=participant, how="participant", by=world.assessor)
    with pytest.raises(Conflict) as refusal:
        corrections.correct(response=held, answers={"torque_72_1": 81.0}, reason="Misread", by=world.assessor)
    assert refusal.value.code == "blind.lost"
    corrections.correct(response=held, answers={"torque_72_1": 81.0}, reason="Misread", by=world.coordinator)
    assert Response.objects.get(pk=held.pk).corrections == 1


def test_the_only_assessor_of_a_site_leaves_a_task_once(world: World, participant: Participant) -> None:
    for how in ("participant", "document"):
        unblinding.record(participant=participant, how=how, by=world.assessor)
    task = Task.objects.get(kind=ASSESSOR_NEEDED)
    assert (task.participant, task.role, task.about) == (participant, Role.COORDINATOR, "")


def test_of_a_colleague_by_anybody_and_a_coordinator_leaves_no_task(world: World, participant: Participant) -> None:
    made = unblinding.record(participant=participant, how="document", learner=world.cast.elise, by=world.assessor)
    assert (made.learner, made.by) == (world.coordinator.id, world.assessor.id)
    assert is_blind(participant, world.assessor.id)
    assert not Task.objects.filter(kind=ASSESSOR_NEEDED).exists()


def test_nobody_who_may_know_is_booked_to_measure(world: World, participant: Participant) -> None:
    unblinding.record(participant=participant, how="participant", by=world.assessor)
    with pytest.raises(Problem) as refusal:
        appointments.book(
            participant=participant,
            purpose="assessment",
            starts_at=clock.now() + timedelta(days=3),
            place="reception",
            person=world.cast.amelie,
            by=world.coordinator,
        )
    assert refusal.value.code == "appointment.not_blind"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"how": "telepathy"}, "unblinding.how"),
        ({"arm": "PLACEBO"}, "unblinding.arm"),
        ({"learned_on": START.date() + timedelta(days=1)}, "unblinding.day"),
    ],
)
def test_what_cannot_be_is_refused(world: World, participant: Participant, wrong: dict[str, object], code: str) -> None:
    with pytest.raises(Problem) as refusal:
        unblinding.record(**{"participant": participant, "how": "participant", "by": world.assessor, **wrong})
    assert refusal.value.code == code
    assert not Unblinding.objects.exists()


def test_of_somebody_whose_role_knows_arms_there_is_nothing_to_record(world: World, participant: Participant) -> None:
    with pytest.raises(Problem, match="may know the groups anyhow"):
        unblinding.record(participant=participant, how="participant", learner=world.cast.marc, by=world.assessor)
    with pytest.raises(Refused):
        unblinding.record(participant=participant, how="participant", by=world.therapist)


def test_before_randomization_there_is_nothing_to_learn(world: World) -> None:
    with pytest.raises(Conflict, match="not randomized yet"):
        unblinding.record(participant=world.consented(), how="participant", by=world.assessor)


def test_a_locked_trial_takes_none(world: World, participant: Participant) -> None:
    lock_trial(trial=world.trial, reason="The end", by=world.manager)
    with pytest.raises(Conflict, match="locked"):
        unblinding.record(participant=participant, how="participant", by=world.assessor)
