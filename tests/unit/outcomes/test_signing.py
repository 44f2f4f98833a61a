"""Signing what was measured: once all is in, by whoever measured, for these very values."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from audit.models import Entry
from audit.queries import Audience, entries_for
from core import clock
from core.problems import Conflict, NotFound, Refused
from outcomes.actions import corrections, forms, guesses, responses, signing
from outcomes.models import Response, Visit
from outcomes.queries import guess_waits, signature_waits, signatures_waiting, signings_of
from outcomes.queries.signing import content_of, own_responses
from participants.actions import unblinding
from participants.models import Participant
from review.actions.locks import lock_trial
from review.models import Signature
from tests import cast as people
from tests.unit.outcomes.test_guesses import MEASURED, measure
from tests.unit.outcomes.world import World, answered, ask_for_guesses, form_of, other_site, sign

NOBODY = Audience(frozenset())


@pytest.fixture
def visit(world: World, participant: Participant) -> Visit:
    return Visit.objects.select_related("trial", "participant__site").get(participant=participant, code="baseline")


def waiting(world: World, by: object = None) -> list[Visit]:
    return signatures_waiting([world.site], by or world.assessor, most=9)  # type: ignore[arg-type]


def test_it_waits_for_the_last_form_of_the_visit(world: World, participant: Participant, visit: Visit) -> None:
    measure(world, participant, *MEASURED[:2])
    assert not signature_waits(visit, world.assessor)
    assert waiting(world) == []
    with pytest.raises(Conflict, match="not in yet"):
        sign(visit, world.assessor)
    measure(world, participant, MEASURED[2])
    assert signature_waits(visit, world.assessor)
    assert waiting(world) == [visit]


def test_it_is_signed_once_with_who_what_and_when(world: World, participant: Participant, visit: Visit) -> None:
    measure(world, participant, *MEASURED)
    signature = sign(visit, world.assessor)
    assert (signature.kind, signature.subject_id) == ("assessment", str(visit.pk))
    assert (signature.signed_by, signature.signed_name) == (world.assessor.id, "Amélie Gagnon")
    assert "I measured these outcomes" in signature.meaning
    (part,) = signings_of([visit.pk])[visit.pk]
    assert (part.name, part.signed_at, part.holds, part.is_changed) == ("Amélie Gagnon", clock.now(), True, False)
    assert not signature_waits(visit, world.assessor)
    assert waiting(world) == []
    with pytest.raises(Conflict, match="signed already"):
        sign(visit, world.assessor)
    assert Signature.objects.filter(kind="assessment").count() == 1


def test_it_is_in_the_trail_of_the_participant(world: World, participant: Participant, visit: Visit) -> None:
    measure(world, participant, *MEASURED)
    sign(visit, world.assessor)
    entry = Entry.objects.get(verb="assessment.sign")
    assert entry.facts == {"visit": "baseline", "forms": list(MEASURED)}
    assert entries_for(NOBODY, world.trial.pk, subject_id=participant.pk).filter(verb="assessment.sign").exists()


def test_a_form_that_was_not_done_is_not_waited_for(world: World, participant: Participant, visit: Visit) -> None:
    measure(world, participant, *MEASURED[:2])
    form = form_of(participant, "baseline", MEASURED[2])
    forms.mark_not_done(form=form, reason_code="equipment", by=world.assessor)
    sign(visit, world.assessor)
    responses.submit(form=form, answers=answered(MEASURED[2], done=1), by=world.assessor)
    (part,) = signings_of([visit.pk])[visit.pk]
    assert part.is_changed, "what came after all is signed as well"
    assert waiting(world) == [visit]


def test_of_two_who_measure_each_signs_their_own(world: World, participant: Participant, visit: Visit) -> None:
    other = world.another(Role.ASSESSOR, "ondine", world.site)
    measure(world, participant, *MEASURED[:2])
    with pytest.raises(Conflict, match="You submitted no measurement"):
        sign(visit, other)
    form = form_of(participant, "baseline", MEASURED[2])
    responses.submit(form=form, answers=answered(MEASURED[2], done=1), by=other)
    assert waiting(world) == waiting(world, other) == [visit]
    sign(visit, other)
    assert [part.holds for part in signings_of([visit.pk])[visit.pk]] == [False, True]
    assert (waiting(world), waiting(world, other)) == ([visit], [])
    own = Response.objects.get(form=form_of(participant, "baseline", MEASURED[0]))
    corrections.correct(response=own, answers={"torque_72_1": 81.0}, reason="Misread", by=world.assessor)
    assert signings_of([visit.pk])[visit.pk][1].holds, "what the other measured is as it was signed"


def test_a_correction_by_anybody_needs_a_new_signature_of_who_measured(
    world: World, participant: Participant, visit: Visit
) -> None:
    ask_for_guesses(world.trial, "assessor")
    visit = Visit.objects.select_related("trial", "participant__site").get(pk=visit.pk)
    measure(world, participant, *MEASURED)
    sign(visit, world.assessor)
    held = Response.objects.get(form=form_of(participant, "baseline", MEASURED[0]))
    clock.advance(timedelta(minutes=5))
    corrections.correct(response=held, answers={"torque_72_1": 81.0}, reason="Misread", by=world.coordinator)
    (part,) = signings_of([visit.pk])[visit.pk]
    assert part.is_changed
    assert (part.person, waiting(world)) == (world.assessor.id, [visit])
    assert not guess_waits(visit, world.assessor)
    clock.advance(timedelta(minutes=5))
    sign(visit, world.assessor)
    assert signings_of([visit.pk])[visit.pk][0].signed_at == clock.now()
    assert Signature.objects.filter(kind="assessment", voided_at=None).count() == 2
    guesses.give(visit=visit, arm="RT", certainty="somewhat", by=world.assessor)
    assert not guess_waits(visit, world.assessor)


def test_what_was_changed_while_it_was_read_is_read_again(world: World, participant: Participant, visit: Visit) -> None:
    done = measure(world, participant, *MEASURED)
    seen = content_of(own_responses(visit, world.assessor.id))
    corrections.correct(response=done, answers={"flexion_left_1": 91.0}, reason="Misread", by=world.coordinator)
    with pytest.raises(Conflict, match="changed meanwhile"):
        signing.sign(visit=visit, seen=seen, by=world.assessor)


def test_who_may_know_the_arm_does_not_sign(world: World, participant: Participant, visit: Visit) -> None:
    measure(world, participant, *MEASURED)
    people.hand_down_randomized(participant)
    unblinding.record(participant=participant, how="participant", by=world.assessor)
    assert not signature_waits(visit, world.assessor)
    assert waiting(world) == []
    with pytest.raises(Conflict, match="you may know"):
        sign(visit, world.assessor)


def test_a_locked_trial_is_not_signed(world: World, participant: Participant, visit: Visit) -> None:
    measure(world, participant, *MEASURED)
    lock_trial(trial=world.trial, reason="The end", by=world.manager)
    assert not signature_waits(visit, world.assessor)
    with pytest.raises(Conflict, match="locked"):
        sign(visit, world.assessor)


def test_others_are_refused(world: World, participant: Participant, visit: Visit) -> None:
    measure(world, participant, *MEASURED)
    for other in (world.coordinator, world.therapist, world.manager):
        with pytest.raises(Refused):
            sign(visit, other)
    with pytest.raises(NotFound):
        sign(visit, world.another(Role.ASSESSOR, "abroad", other_site(world)))


def test_what_is_corrected_back_to_what_was_signed_is_signed(
    world: World, participant: Participant, visit: Visit
) -> None:
    measured = measure(world, participant, *MEASURED)
    sign(visit, world.assessor)
    read = measured.answers["flexion_left_1"]
    for value in (91.0, read):
        corrections.correct(response=measured, answers={"flexion_left_1": value}, reason="Misread", by=world.assessor)
        measured.refresh_from_db()
        assert waiting(world) == ([visit] if value == 91.0 else [])
        assert signature_waits(visit, world.assessor) == (value == 91.0)
