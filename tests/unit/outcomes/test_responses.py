"""Submitting: checked, scored, once, and told from whom."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from audit.actors import Actor, Origin
from audit.acts import act
from audit.classes import FieldClass
from audit.models import Change, Entry
from core import clock
from core.problems import Conflict, Invalid, NotFound, Problem, Refused
from outcomes.actions import drafts, responses
from outcomes.models import Draft, Form, Response
from participants.actions import unblinding, withdrawal
from participants.models import Participant, Task
from review.actions.locks import lock_trial
from tests import cast
from tests.unit.outcomes.world import World, answered, days, form_of, other_site, participant_actor, without
from trials.actions import protocols


@pytest.fixture
def odi(participant: Participant) -> Form:
    return form_of(participant, "baseline", "odi")


def submit_own(form: Form, **more: object) -> Response:
    known = {"answers": answered(form.instrument), **more}
    return responses.submit(form=form, by=participant_actor(form.participant), **known)  # type: ignore[arg-type]


def test_a_form_is_scored_and_complete(odi: Form) -> None:
    response = submit_own(odi, answers=answered("odi", odi_1=5, odi_2=3))
    odi.refresh_from_db()
    assert (odi.state, odi.completed_at) == (Form.State.COMPLETE, clock.now())
    assert response.scores["score_pct"] == 16
    assert (response.n_answered, response.n_required, response.rule_version) == (10, 10, "odi-1")
    assert (response.originator, response.language, response.instrument_version) == ("participant", "en", "2.1a")
    assert not response.late
    assert Entry.objects.filter(verb="response.submit", actor_kind="participant").count() == 1


def test_what_was_saved_item_by_item_is_submitted_and_the_draft_goes(odi: Form) -> None:
    by = participant_actor(odi.participant)
    for item, value in answered("odi").items():
        drafts.save_item(form=odi, item=item, value=value, by=by)
    started = clock.now()
    clock.advance(days(1))
    response = responses.submit(form=odi, by=by)
    assert response.answers == answered("odi")
    assert (response.started_at, response.submitted_at) == (started, clock.now())
    assert not Draft.objects.exists()


def test_every_wrong_item_is_named_at_once_and_nothing_is_stored(odi: Form) -> None:
    with pytest.raises(Invalid) as caught:
        submit_own(odi, answers=without(answered("odi", odi_1=9, odi_77=1), "odi_2"))
    assert {(each.field, each.code) for each in caught.value.problems} == {
        ("odi_77", "answers.unknown_item"),
        ("odi_1", "answers.option"),
        ("odi_2", "answers.unanswered"),
    }
    odi.refresh_from_db()
    assert odi.state == Form.State.OPEN
    assert not Response.objects.exists()


def test_an_unlikely_value_needs_confirming_and_the_confirmation_is_kept(
    world: World, participant: Participant
) -> None:
    form = form_of(participant, "baseline", "medx_strength")
    answers = answered("medx_strength", done=1, flexion_limit_deg=20)
    with pytest.raises(Invalid) as caught:
        responses.submit(form=form, answers=answers, by=world.assessor)
    assert {(each.field, each.code) for each in caught.value.problems} == {("flexion_limit_deg", "answers.unlikely")}
    response = responses.submit(form=form, answers=answers, confirmed=["flexion_limit_deg", "done"], by=world.assessor)
    assert response.confirmed == ["flexion_limit_deg"]
    assert response.originator == "assessor"


def test_an_impossible_value_cannot_be_confirmed(world: World, participant: Participant) -> None:
    form = form_of(participant, "baseline", "medx_strength")
    answers = answered("medx_strength", done=1, flexion_limit_deg=400)
    with pytest.raises(Invalid) as caught:
        responses.submit(form=form, answers=answers, confirmed=["flexion_limit_deg"], by=world.assessor)
    assert caught.value.problems[0].code == "answers.range"


def test_the_second_submit_is_told_and_the_first_stands(odi: Form) -> None:
    first = submit_own(odi)
    with pytest.raises(Conflict) as caught:
        submit_own(odi, answers=answered("odi", odi_1=5))
    assert "submitted already" in caught.value.sentence
    assert Response.objects.get().answers == first.answers


def test_the_database_itself_holds_one_response_for_a_form(world: World, odi: Form) -> None:
    first = submit_own(odi)
    twin = Response(**{f.attname: getattr(first, f.attname) for f in Response._meta.concrete_fields if f.name != "id"})
    with pytest.raises(IntegrityError), transaction.atomic(), act("twin", grant=world.grant()) as a:
        a.create(twin)


def test_a_submit_that_loses_the_race_is_a_conflict(odi: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    submit_own(odi)
    monkeypatch.setattr(responses, "check_fillable", lambda form, by: None)
    with pytest.raises(Conflict) as caught:
        submit_own(odi)
    assert "by somebody else" in caught.value.sentence


def test_a_page_that_was_open_too_long_is_told(world: World, participant: Participant) -> None:
    form = form_of(participant, "baseline", "hip_rom")
    drafts.save_item(form=form, item=next(iter(answered("hip_rom"))), value=None, missing="not_done", by=world.assessor)
    with pytest.raises(Conflict) as caught:
        responses.submit(form=form, answers=answered("hip_rom"), by=world.assessor, revision=form.revision)
    assert caught.value.code == "record.changed"


def test_before_the_window_opens_nothing_is_taken(world: World, participant: Participant) -> None:
    world.reach(participant, "randomized", date(2026, 5, 4))
    with pytest.raises(Problem) as caught:
        submit_own(form_of(participant, "week16", "odi"))
    assert caught.value.sentence == "This form opens on 17 August 2026. Come back then."


def test_after_the_window_a_response_is_late_and_keeps_its_real_moment(odi: Form) -> None:
    clock.advance(days(30))
    response = submit_own(odi)
    assert response.late
    assert response.submitted_at == clock.now()


def test_long_after_the_window_only_staff_can_still_enter(world: World, odi: Form) -> None:
    clock.advance(days(40))
    with pytest.raises(Problem) as caught:
        submit_own(odi)
    assert caught.value.code == "form.closed"
    response = responses.submit(
        form=odi, answers=answered("odi"), by=world.coordinator, mode="paper", reason="Sent by mail, arrived today"
    )
    assert (response.late, response.originator) == (True, "staff_on_behalf")


def test_a_weekly_rating_is_not_taken_from_the_participant_after_its_window(
    world: World, participant: Participant
) -> None:
    world.reach(participant, "randomized", date(2026, 5, 4))
    clock.advance(days(11))
    with pytest.raises(Problem) as caught:
        submit_own(form_of(participant, "weekly_pain", "nprs", 1))
    assert caught.value.code == "form.closed"


def test_staff_who_enter_for_a_participant_say_why(world: World, odi: Form) -> None:
    told: dict[str, Any] = {"form": odi, "answers": answered("odi"), "by": world.coordinator}
    for given, code in (
        ({"mode": "telephone"}, "form.on_behalf"),
        ({"reason": "No internet"}, "form.mode"),
        ({"reason": "No internet", "mode": "own_device"}, "form.mode"),
    ):
        with pytest.raises(Problem) as caught:
            responses.submit(**told, **given)
        assert caught.value.code == code
    response = responses.submit(**told, mode="telephone", reason="No internet")
    assert (response.on_behalf_reason, response.mode) == ("No internet", "telephone")
    assert response.submitted_by == world.coordinator.id


def test_from_whom_a_form_is_concealed_enters_it_for_nobody(world: World, participant: Participant) -> None:
    lsiq = form_of(participant, "baseline", "lsiq")
    plan = "{instrument: lsiq, filled_by: participant, minutes: 3}"
    text = cast.STRONG_BACK.read_text(encoding="utf-8")
    hidden = text.replace(plan, plan.replace("minutes: 3", "minutes: 3, hidden_from: [coordinator]"))
    protocols.load(text=hidden, by=cast.actor(world.cast.noor))
    told: dict[str, Any] = {"mode": "paper", "reason": "By mail", "by": world.coordinator}
    with pytest.raises(Refused):
        responses.submit(form=lsiq, answers=answered("lsiq"), **told)
    assert (
        responses.submit(form=form_of(participant, "baseline", "odi"), answers=answered("odi"), **told).mode == "paper"
    )


def test_how_participants_answer_themselves_is_known(odi: Form) -> None:
    assert submit_own(odi).mode == "own_device"


def test_who_may_know_the_group_puts_no_question_but_enters_what_is_on_paper(
    world: World, participant: Participant, odi: Form
) -> None:
    world.reach(participant, "randomized", date(2026, 5, 4))
    unblinding.record(participant=participant, how="participant", by=world.coordinator)
    told: dict[str, Any] = {"form": odi, "answers": answered("odi"), "by": world.coordinator, "reason": "Late"}
    with pytest.raises(Conflict) as caught:
        responses.submit(**told, mode="telephone")
    assert caught.value.code == "blind.lost"
    assert responses.submit(**told, mode="paper").mode == "paper"


def test_each_form_is_for_those_the_protocol_names(world: World, participant: Participant) -> None:
    strength, mri = form_of(participant, "baseline", "medx_strength"), form_of(participant, "baseline", "mri")
    with pytest.raises(Refused):
        responses.submit(form=strength, answers=answered("medx_strength"), by=world.coordinator)
    with pytest.raises(Refused):
        responses.submit(form=mri, answers=answered("mri"), by=world.assessor)
    with pytest.raises(NotFound):
        responses.submit(form=strength, answers=answered("medx_strength"), by=participant_actor(participant))
    imported: Actor = replace(world.coordinator, origin=Origin.IMPORT)
    assert responses.submit(form=mri, answers=answered("mri"), by=imported).originator == "import"


def test_another_participants_or_sites_form_is_not_there(world: World, odi: Form) -> None:
    stranger, elsewhere = world.consented(), other_site(world)
    with pytest.raises(NotFound):
        responses.submit(form=odi, answers=answered("odi"), by=participant_actor(stranger))
    far = world.another(Role.ASSESSOR, "far", elsewhere)
    with pytest.raises(NotFound):
        responses.submit(
            form=form_of(odi.participant, "baseline", "medx_strength"), answers=answered("medx_strength"), by=far
        )


def test_nothing_more_is_collected_after_withdrawal_from_follow_up(world: World, odi: Form) -> None:
    withdrawal.withdraw(
        participant=odi.participant,
        scopes=["follow_up"],
        reason_code="time",
        day=date(2026, 5, 4),
        by=world.coordinator,
    )
    with pytest.raises(Conflict) as caught:
        submit_own(odi)
    assert caught.value.code == "form.withdrawn"


def test_who_leaves_the_sessions_still_answers(world: World, odi: Form) -> None:
    withdrawal.withdraw(
        participant=odi.participant,
        scopes=["intervention"],
        reason_code="time",
        day=date(2026, 5, 4),
        by=world.coordinator,
    )
    assert submit_own(odi).pk


def test_a_locked_trial_takes_no_answers(world: World, odi: Form) -> None:
    lock_trial(trial=world.trial, reason="End of data entry", by=world.manager)
    with pytest.raises(Conflict) as caught:
        submit_own(odi)
    assert caught.value.code == "trial.locked"


@pytest.mark.parametrize(("instrument", "item"), [("lsiq", "lsiq_4"), ("odi", "odi_8")])
def test_an_incomplete_stratum_or_primary_outcome_raises_a_task_the_same_day(
    participant: Participant, instrument: str, item: str
) -> None:
    response = submit_own(
        form_of(participant, "baseline", instrument),
        answers=without(answered(instrument), item),
        missing={item: "skipped"},
    )
    assert response.missing == {item: "skipped"}
    task = Task.objects.get()
    assert (task.kind, task.due_on, task.role) == ("incomplete_form", date(2026, 5, 4), "coordinator")
    assert task.about == f"baseline {instrument}"


def test_a_whole_form_and_an_incomplete_secondary_one_raise_none(participant: Participant) -> None:
    submit_own(form_of(participant, "baseline", "lsiq"))
    answers = answered("sri")
    item = next(iter(answers))
    submit_own(
        form_of(participant, "baseline", "sri"), answers=without(answers, item), missing={item: "prefers_not_to_say"}
    )
    assert not Task.objects.exists()


def test_an_incomplete_lsiq_has_no_total(participant: Participant) -> None:
    form = form_of(participant, "baseline", "lsiq")
    response = submit_own(form, answers=without(answered("lsiq"), "lsiq_1"), missing={"lsiq_1": "does_not_know"})
    assert response.scores["total"] is None
    assert not response.is_whole


def test_concealed_answers_stand_in_the_trail_as_ciphertext(participant: Participant) -> None:
    response = submit_own(form_of(participant, "baseline", "lsiq"))
    assert response.field_class("answers") is FieldClass.CONCEALED
    rows = Change.objects.filter(record_id=str(response.pk), field__startswith="answers.")
    assert {row.field_class for row in rows} == {"concealed"}
    assert all(str(row.new).startswith("sealed:") for row in rows)
    assert Entry.objects.get(verb="response.submit").secrecy == "concealed"
