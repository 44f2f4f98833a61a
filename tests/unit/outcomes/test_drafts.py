"""Saving while typing: nothing lost, two devices converge, nothing impossible is kept."""

from datetime import timedelta

import pytest

from core import clock
from core.problems import Conflict, NotFound, Problem, Refused
from outcomes.actions import drafts, responses
from outcomes.models import Draft, Form
from outcomes.queries import draft_of
from participants.models import Participant
from tests.unit.outcomes.world import World, answered, days, form_of, participant_actor


@pytest.fixture
def odi(participant: Participant) -> Form:
    return form_of(participant, "baseline", "odi")


def save(form: Form, item: str, value: object = None, **more: object) -> drafts.Saved:
    return drafts.save_item(form=form, item=item, value=value, by=participant_actor(form.participant), **more)  # type: ignore[arg-type]


def test_the_first_save_starts_the_form(odi: Form) -> None:
    assert save(odi, "odi_1", 2).is_newest
    odi.refresh_from_db()
    assert (odi.state, odi.started_at) == (Form.State.STARTED, clock.now())
    assert draft_of(odi, participant_actor(odi.participant)).entry.answers == {"odi_1": 2}


def test_an_answer_can_be_changed_skipped_and_cleared(odi: Form) -> None:
    by = participant_actor(odi.participant)
    save(odi, "odi_1", 2)
    save(odi, "odi_1", missing="skipped")
    assert draft_of(odi, by).entry.missing == {"odi_1": "skipped"}
    save(odi, "odi_1")
    typed = draft_of(odi, by)
    assert (typed.entry.answers, typed.entry.missing) == ({}, {})


@pytest.mark.parametrize(
    ("item", "value", "missing", "code"),
    [
        ("odi_1", 6, "", "answers.option"),
        ("odi_1", True, "", "answers.option"),
        ("odi_99", 1, "", "answers.unknown_item"),
        ("x" * 5000, 1, "", "answers.unknown_item"),
        ("odi_1", "x" * 10_000_000, "", "answers.option"),
        ("odi_1", None, "because", "answers.reason"),
        ("odi_1", 1, "skipped", "draft.both"),
    ],
)
def test_what_an_item_cannot_hold_is_refused(odi: Form, item: str, value: object, missing: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        save(odi, item, value, missing=missing)
    assert caught.value.code == code
    assert not Draft.objects.exists()


def test_the_answer_typed_last_wins_whichever_device_sends_first(odi: Form) -> None:
    earlier, later = clock.now() - timedelta(minutes=5), clock.now() - timedelta(minutes=1)
    save(odi, "odi_1", 4, typed_at=later)
    second = save(odi, "odi_1", 1, typed_at=earlier)
    assert not second.is_newest
    assert second.draft.value == 4
    save(odi, "odi_2", 3, typed_at=earlier)
    assert draft_of(odi, participant_actor(odi.participant)).entry.answers == {"odi_1": 4, "odi_2": 3}


def test_a_device_whose_clock_is_ahead_does_not_win_for_ever(odi: Form) -> None:
    save(odi, "odi_1", 4, typed_at=clock.now() + days(3))
    clock.advance(timedelta(seconds=1))
    save(odi, "odi_1", 2)
    assert draft_of(odi, participant_actor(odi.participant)).entry.answers == {"odi_1": 2}


def test_the_second_of_two_people_typing_one_item_is_told(world: World, participant: Participant) -> None:
    form = form_of(participant, "baseline", "medx_strength")
    drafts.save_item(form=form, item="done", value=1, by=world.assessor, revision=0)
    with pytest.raises(Conflict) as caught:
        drafts.save_item(form=form, item="done", value=0, by=world.assessor, revision=0)
    assert caught.value.code == "record.changed"
    drafts.save_item(form=form, item="done", value=0, by=world.assessor, revision=1)


def test_an_unlikely_value_is_saved_and_asked_about(world: World, participant: Participant) -> None:
    form = form_of(participant, "baseline", "medx_strength")
    drafts.save_item(form=form, item="done", value=1, by=world.assessor)
    unlikely = {"form": form, "item": "flexion_limit_deg", "value": 10, "by": world.assessor}
    warned = drafts.save_item(**unlikely).warning  # type: ignore[arg-type]
    assert warned is not None
    assert warned.code == "answers.unlikely"
    assert drafts.save_item(**unlikely, confirmed=True).warning is None  # type: ignore[arg-type]


def test_answers_that_no_longer_apply_are_kept_aside_not_submitted(world: World, participant: Participant) -> None:
    form = form_of(participant, "baseline", "medx_strength")
    drafts.save_item(form=form, item="done", value=1, by=world.assessor)
    drafts.save_item(form=form, item="flexion_limit_deg", value=60, by=world.assessor)
    drafts.save_item(form=form, item="done", value=0, by=world.assessor)
    assert "flexion_limit_deg" not in draft_of(form, world.assessor).entry.answers
    drafts.save_item(form=form, item="done", value=1, by=world.assessor)
    assert draft_of(form, world.assessor).entry.answers["flexion_limit_deg"] == 60


def test_a_late_save_of_a_submitted_form_is_refused(odi: Form) -> None:
    by = participant_actor(odi.participant)
    responses.submit(form=odi, answers=answered("odi"), by=by)
    with pytest.raises(Conflict) as caught:
        save(odi, "odi_1", 1)
    assert caught.value.code == "form.submitted"


def test_only_those_who_fill_a_form_read_its_draft(world: World, odi: Form) -> None:
    save(odi, "odi_1", 2)
    stranger = world.consented()
    with pytest.raises(Refused):
        draft_of(odi, world.assessor)
    with pytest.raises(NotFound):
        draft_of(odi, participant_actor(stranger))
