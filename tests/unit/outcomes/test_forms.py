"""Closing a form that was not done."""

import pytest

from core.problems import Conflict, Problem, Refused
from outcomes.actions import forms, responses
from outcomes.models import Form
from participants.models import Participant
from tests.unit.outcomes.world import World, answered, form_of, participant_actor


@pytest.fixture
def mri(participant: Participant) -> Form:
    return form_of(participant, "baseline", "mri")


def test_the_protocols_own_reasons_come_first_in_the_language_asked_for(mri: Form) -> None:
    reasons = forms.not_done_reasons(mri, "fr")
    assert reasons[0] == ("technical", "Défaillance technique")
    assert "unreachable" in dict(reasons)


def test_a_form_is_closed_with_a_coded_reason_and_can_still_be_done(world: World, mri: Form) -> None:
    closed = forms.mark_not_done(form=mri, reason_code="technical", by=world.coordinator)
    assert (closed.state, closed.not_done_code) == (Form.State.MISSED, "technical")
    with pytest.raises(Conflict):
        forms.mark_not_done(form=mri, reason_code="stopped", by=world.coordinator)
    responses.submit(form=mri, answers=answered("mri"), by=world.coordinator)
    mri.refresh_from_db()
    assert (mri.state, mri.not_done_code) == (Form.State.COMPLETE, "")


@pytest.mark.parametrize(
    ("code", "words", "problem"),
    [("lazy", "", "form.not_done_reason"), ("other", " ", "form.not_done_words")],
)
def test_the_reason_is_of_the_list_and_other_needs_words(
    world: World, mri: Form, code: str, words: str, problem: str
) -> None:
    with pytest.raises(Problem) as caught:
        forms.mark_not_done(form=mri, reason_code=code, reason=words, by=world.coordinator)
    assert caught.value.code == problem


def test_a_complete_form_was_done(world: World, mri: Form) -> None:
    responses.submit(form=mri, answers=answered("mri"), by=world.coordinator)
    with pytest.raises(Conflict):
        forms.mark_not_done(form=mri, reason_code="technical", by=world.coordinator)


def test_participants_and_wrong_roles_close_nothing(world: World, mri: Form) -> None:
    for by in (participant_actor(mri.participant), world.assessor):
        with pytest.raises(Refused):
            forms.mark_not_done(form=mri, reason_code="technical", by=by)
