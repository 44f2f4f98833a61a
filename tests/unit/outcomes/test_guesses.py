"""Guesses: asked once, after the outcomes and never before, and read by nobody blind."""

import pytest
from django.db import DatabaseError, transaction

from accounts.roles import Role
from audit.models import Entry
from audit.queries import Audience, entries_for
from core.problems import Conflict, NotFound, Problem, Refused
from outcomes.actions import corrections, forms, guesses, queries, responses
from outcomes.models import Form, Guess, Response, Visit
from outcomes.queries import due_forms_of, guess_waits, guesses_waiting
from participants.actions import unblinding
from participants.models import Participant
from review.actions.locks import lock_trial
from tests import cast as people
from tests import sealed
from tests.unit.outcomes.world import World, answered, ask_for_guesses, form_of, participant_actor, sign
from trials.queries import protocol_of

MEASURED = ("medx_strength", "dynamometry", "hip_rom")


@pytest.fixture
def visit(world: World, participant: Participant) -> Visit:
    ask_for_guesses(world.trial, "assessor")
    return Visit.objects.select_related("trial", "participant__site").get(participant=participant, code="baseline")


def measure(world: World, participant: Participant, *instruments: str) -> Response:
    for instrument in instruments:
        form = form_of(participant, "baseline", instrument)
        given = {} if instrument == "dynamometry" else {"done": 1}
        done = responses.submit(form=form, answers=answered(instrument, **given), by=world.assessor)
    return done


def measure_all(world: World, participant: Participant, visit: Visit) -> Response:
    """All of the visit, signed."""
    done = measure(world, participant, *MEASURED)
    sign(visit, world.assessor)
    return done


def test_it_waits_for_the_last_form_of_the_visit_and_for_the_signature(
    world: World, participant: Participant, visit: Visit
) -> None:
    assert not guess_waits(visit, world.assessor)
    measure(world, participant, *MEASURED[:2])
    assert not guess_waits(visit, world.assessor)
    with pytest.raises(Conflict, match="asked once, after the last form"):
        guesses.give(visit=visit, arm="RT", certainty="strongly", by=world.assessor)
    measure(world, participant, MEASURED[2])
    assert not guess_waits(visit, world.assessor)
    assert guesses_waiting([world.site], world.assessor, protocol_of(world.trial)) == []
    with pytest.raises(Conflict, match="is signed"):
        guesses.give(visit=visit, arm="RT", certainty="strongly", by=world.assessor)
    sign(visit, world.assessor)
    assert guess_waits(visit, world.assessor)
    assert guesses_waiting([world.site], world.assessor, protocol_of(world.trial)) == [visit]


def test_a_form_that_was_not_done_is_not_waited_for(world: World, participant: Participant, visit: Visit) -> None:
    measure(world, participant, *MEASURED[:2])
    form = form_of(participant, "baseline", MEASURED[2])
    forms.mark_not_done(form=form, reason_code="equipment", by=world.assessor)
    sign(visit, world.assessor)
    assert guess_waits(visit, world.assessor)


def test_only_who_measured_is_asked(world: World, participant: Participant, visit: Visit) -> None:
    measure_all(world, participant, visit)
    other = world.another(Role.ASSESSOR, "ondine", world.site)
    assert not guess_waits(visit, other)
    assert guesses_waiting([world.site], other, protocol_of(world.trial)) == []


def test_a_guess_is_given_once(world: World, participant: Participant, visit: Visit) -> None:
    measure_all(world, participant, visit)
    guess = guesses.give(visit=visit, arm="MC+ILEX", certainty="somewhat", by=world.assessor)
    assert (guess.guesser, guess.arm, guess.certainty, guess.by) == (
        "assessor",
        "MC+ILEX",
        "somewhat",
        world.assessor.id,
    )
    assert guesses_waiting([world.site], world.assessor, protocol_of(world.trial)) == []
    with pytest.raises(Conflict):
        guesses.give(visit=visit, arm="RT", certainty="strongly", by=world.assessor)
    assert len(sealed.rows(Guess)) == 1


def test_what_was_guessed_is_sealed_from_the_connection_that_wrote_it(
    world: World, participant: Participant, visit: Visit
) -> None:
    measure_all(world, participant, visit)
    guess = guesses.give(visit=visit, arm="MC+ILEX", certainty="somewhat", by=world.assessor)
    assert list(Guess.objects.filter(visit=visit).values_list("pk", "by")) == [(guess.pk, world.assessor.id)]
    for betraying in ("arm", "certainty", "skipped"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Guess.objects.filter(**{betraying: "RT"}).exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        guess.refresh_from_db()
    assert sealed.only(Guess).arm == "MC+ILEX"


def test_not_knowing_has_no_certainty_and_skipping_has_a_reason(
    world: World, participant: Participant, visit: Visit
) -> None:
    measure_all(world, participant, visit)
    with pytest.raises(Problem, match="how sure"):
        guesses.give(visit=visit, arm="RT", by=world.assessor)
    with pytest.raises(Problem, match="Choose one of the groups"):
        guesses.give(visit=visit, arm="PLACEBO", certainty="strongly", by=world.assessor)
    with pytest.raises(Problem, match="why you do not guess"):
        guesses.skip(visit=visit, why="", by=world.assessor)
    skipped = guesses.skip(visit=visit, why="prefers_not", by=world.assessor)
    assert (skipped.arm, skipped.certainty, skipped.skipped) == ("", "", "prefers_not")


def test_dont_know_is_an_answer(world: World, participant: Participant, visit: Visit) -> None:
    measure_all(world, participant, visit)
    guess = guesses.give(visit=visit, arm=guesses.DONT_KNOW, certainty="strongly", by=world.assessor)
    assert (guess.arm, guess.certainty, guess.skipped) == ("", "", "")


def test_no_blinded_reader_of_the_trail_meets_a_guess(world: World, participant: Participant, visit: Visit) -> None:
    measure_all(world, participant, visit)
    guesses.give(visit=visit, arm="RT", certainty="strongly", by=world.assessor)
    assert Entry.objects.filter(verb="guess.give").count() == 1
    assert not entries_for(Audience(frozenset()), world.trial.pk).filter(verb="guess.give").exists()


def test_a_correction_before_the_guess_needs_no_query(world: World, participant: Participant, visit: Visit) -> None:
    measured = measure_all(world, participant, visit)
    corrections.correct(response=measured, answers={"flexion_left_1": 91.0}, reason="Misread", by=world.assessor)
    assert not Response.objects.get(pk=measured.pk).corrected_after_guess
    assert not guess_waits(visit, world.assessor)
    sign(visit, world.assessor)
    assert guess_waits(visit, world.assessor)


def test_a_correction_after_the_guess_needs_a_query_and_is_flagged_for_good(
    world: World, participant: Participant, visit: Visit
) -> None:
    measured = measure_all(world, participant, visit)
    guesses.give(visit=visit, arm="RT", certainty="strongly", by=world.assessor)
    change = {"response": measured, "answers": {"flexion_left_1": 91.0}, "by": world.assessor}
    with pytest.raises(Problem, match="needs an open query"):
        corrections.correct(**change, reason="Misread")
    assert Response.objects.get(pk=measured.pk).corrections == 0
    asked = queries.raise_about(form=measured.form, kind="unlikely", text="91, and not 19?", by=world.monitor)
    with pytest.raises(Problem, match="Say why"):
        corrections.correct(**change, reason="")
    held = corrections.correct(**change, reason="Misread")
    assert held.corrected_after_guess
    entry = Entry.objects.filter(verb="response.correct").order_by("-number")[0]
    assert (entry.facts["after_guess"], entry.facts["query"]) == (True, "unlikely")
    asked.refresh_from_db()
    last = asked.steps.last()
    assert last is not None
    assert (asked.state, last.text, last.corrected, last.by) == ("answered", "Misread", True, world.assessor.id)
    with pytest.raises(Problem, match="needs an open query"):
        corrections.correct(response=held, answers={"flexion_left_1": 92.0}, reason="No, 92", by=world.assessor)
    queries.reopen(query=asked, text="Still unlikely.", by=world.monitor)
    corrections.correct(response=held, answers={"flexion_left_1": 92.0}, reason="No, 92", by=world.assessor)
    assert held.corrected_after_guess


def test_nobody_corrects_by_a_query_of_their_own(world: World, participant: Participant, visit: Visit) -> None:
    measured = measure_all(world, participant, visit)
    guesses.skip(visit=visit, why="prefers_not", by=world.assessor)
    queries.raise_about(form=measured.form, kind="source", text="The sheet says 91.", by=world.coordinator)
    change = {"response": measured, "answers": {"flexion_left_1": 91.0}, "reason": "Copied wrong"}
    with pytest.raises(Problem, match="of somebody else"):
        corrections.correct(**change, by=world.coordinator)
    assert corrections.correct(**change, by=world.assessor).corrected_after_guess


def test_a_query_about_another_form_does_not_count(world: World, participant: Participant, visit: Visit) -> None:
    measured = measure_all(world, participant, visit)
    guesses.skip(visit=visit, why="prefers_not", by=world.assessor)
    other = form_of(participant, "baseline", "medx_strength")
    queries.raise_about(form=other, kind="source", text="Which day was it?", by=world.monitor)
    with pytest.raises(Problem, match="needs an open query"):
        corrections.correct(response=measured, answers={"flexion_left_1": 91.0}, reason="x", by=world.assessor)


def test_what_participants_ask_for_after_their_guess_needs_a_query_too(world: World, participant: Participant) -> None:
    ask_for_guesses(world.trial, "participant")
    visit = Visit.objects.select_related("trial", "participant__site").get(participant=participant, code="baseline")
    by = participant_actor(participant)
    for form in due_forms_of(participant, visit):
        responses.submit(form=form, answers=answered(form.instrument), by=by)
    guesses.give(visit=visit, arm="RT", certainty="somewhat", by=by)
    response = Response.objects.select_related("form").get(form=form_of(participant, "baseline", "odi"))
    asked = corrections.request(response=response, item="odi_3", value=5, why="misread", by=by)
    with pytest.raises(Problem, match="needs an open query"):
        corrections.accept(request=asked, by=world.coordinator)
    queries.raise_about(form=response.form, kind="inconsistent", text="Compare with item 2.", by=world.monitor)
    asked.refresh_from_db()
    assert corrections.accept(request=asked, by=world.coordinator).corrected_after_guess


def test_who_may_know_the_arm_is_not_asked(world: World, participant: Participant, visit: Visit) -> None:
    measure_all(world, participant, visit)
    people.hand_down_randomized(participant)
    unblinding.record(participant=participant, how="participant", by=world.assessor)
    assert not guess_waits(visit, world.assessor)
    assert guesses_waiting([world.site], world.assessor, protocol_of(world.trial)) == []


def test_a_locked_trial_asks_nobody(world: World, participant: Participant, visit: Visit) -> None:
    measure_all(world, participant, visit)
    lock_trial(trial=world.trial, reason="The end", by=world.manager)
    assert not guess_waits(visit, world.assessor)
    with pytest.raises(Conflict, match="locked"):
        guesses.give(visit=visit, arm="RT", certainty="strongly", by=world.assessor)


def test_others_are_refused(world: World, participant: Participant, visit: Visit) -> None:
    measure_all(world, participant, visit)
    with pytest.raises(Refused):
        guesses.give(visit=visit, arm="RT", certainty="strongly", by=world.coordinator)
    with pytest.raises(NotFound):
        guesses.give(visit=visit, arm="RT", certainty="strongly", by=participant_actor(world.consented()))


def test_participants_are_asked_only_where_the_protocol_says_so(world: World, participant: Participant) -> None:
    planned = Visit.objects.select_related("trial", "participant__site").get(participant=participant, code="baseline")
    by = participant_actor(participant)
    for form in due_forms_of(participant, planned):
        responses.submit(form=form, answers=answered(form.instrument), by=by)
    assert not Form.objects.filter(visit=planned, filled_by="participant").exclude(state="complete").exists()
    assert not guess_waits(planned, by)
    ask_for_guesses(world.trial, "assessor", "participant")
    planned = Visit.objects.select_related("trial", "participant__site").get(pk=planned.pk)
    assert guess_waits(planned, by)
    guess = guesses.give(visit=planned, arm="RT", certainty="somewhat", by=by)
    assert (guess.guesser, guess.by) == ("participant", str(participant.pk))
    assert not guess_waits(planned, by)
