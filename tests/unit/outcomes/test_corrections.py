"""Corrections: attributed, reasoned, scored anew, and never silent."""

from typing import Any

import pytest

from accounts.roles import Role
from audit.models import Change, Entry
from core.problems import Conflict, Invalid, Problem, Refused
from outcomes.actions import corrections, responses
from outcomes.models import CorrectionRequest, Response
from outcomes.queries import open_requests
from participants.models import Participant, Task
from review.actions.locks import lock_trial
from tests.unit.outcomes.world import World, answered, form_of, participant_actor, without


@pytest.fixture
def strength(world: World, participant: Participant) -> Response:
    form = form_of(participant, "baseline", "medx_strength")
    return responses.submit(form=form, answers=answered("medx_strength", done=1), by=world.assessor)


@pytest.fixture
def odi(participant: Participant) -> Response:
    form = form_of(participant, "baseline", "odi")
    return responses.submit(form=form, answers=answered("odi"), by=participant_actor(participant))


def ask(response: Response, **more: Any) -> CorrectionRequest:
    known = {"item": "odi_1", "value": 3, "why": "pressed_wrong", **more}
    known.setdefault("by", participant_actor(response.participant))
    return corrections.request(response=response, **known)


def test_staff_correct_staff_entries_with_a_reason_and_the_old_value_stays(world: World, strength: Response) -> None:
    corrected = corrections.correct(
        response=strength, answers={"torque_72_1": 81.0}, reason="Misread the display", by=world.assessor
    )
    assert (corrected.answers["torque_72_1"], corrected.corrections) == (81.0, 1)
    assert corrected.answers["flexion_limit_deg"] == strength.answers["flexion_limit_deg"]
    assert corrected.scores != strength.scores
    entry = Entry.objects.get(verb="response.correct")
    assert entry.reason == "Misread the display"
    row = Change.objects.get(entry_id=entry.pk, field="answers.torque_72_1")
    assert (row.old, row.new) == ("20.0", "81.0")


def test_a_correction_without_a_reason_or_a_change_is_refused(world: World, strength: Response) -> None:
    for answers, reason, code in (
        ({"torque_72_1": 81.0}, " ", "correction.reason"),
        ({"torque_72_1": strength.answers["torque_72_1"]}, "Checked", "correction.nothing"),
    ):
        with pytest.raises(Problem) as caught:
            corrections.correct(response=strength, answers=answers, reason=reason, by=world.assessor)
        assert caught.value.code == code


def test_a_correction_is_checked_like_any_entry(world: World, strength: Response) -> None:
    with pytest.raises(Invalid):
        corrections.correct(response=strength, answers={"torque_72_1": 5000.0}, reason="Typo", by=world.assessor)
    strength.refresh_from_db()
    assert strength.corrections == 0


def test_an_answer_that_hides_others_takes_them_along(world: World, strength: Response) -> None:
    answers = without(answered("medx_strength", done=0), *strength.answers)
    corrected = corrections.correct(
        response=strength, answers={**answers, "done": 0}, reason="Wrong participant", by=world.assessor
    )
    assert "torque_72_1" not in corrected.answers


def test_the_second_of_two_people_correcting_is_told(world: World, strength: Response) -> None:
    seen = strength.revision
    corrections.correct(
        response=strength, answers={"torque_72_1": 81.0}, reason="Misread", by=world.assessor, revision=seen
    )
    with pytest.raises(Conflict):
        corrections.correct(
            response=strength, answers={"torque_72_1": 80.0}, reason="Misread", by=world.assessor, revision=seen
        )


def test_nobody_edits_a_participants_answers_directly(world: World, odi: Response) -> None:
    with pytest.raises(Problem) as caught:
        corrections.correct(response=odi, answers={"odi_1": 3}, reason="Looks wrong", by=world.coordinator)
    assert caught.value.code == "correction.participants"
    with pytest.raises(Refused):
        corrections.correct(response=odi, answers={"odi_1": 3}, reason="Mine", by=participant_actor(odi.participant))


def test_a_participants_request_is_applied_once_somebody_accepts_it(world: World, odi: Response) -> None:
    request = ask(odi)
    odi.refresh_from_db()
    assert odi.answers["odi_1"] == 0
    corrected = corrections.accept(request=request, by=world.coordinator)
    assert (corrected.answers["odi_1"], corrected.scores["score_pct"]) == (3, 6)
    assert Entry.objects.get(verb="response.correct").reason == "Pressed the wrong answer"
    request.refresh_from_db()
    assert (request.state, request.decided_by) == ("accepted", world.coordinator.id)


def test_staff_record_a_request_but_another_person_decides(world: World, odi: Response) -> None:
    request = ask(odi, by=world.coordinator, why="remembered")
    with pytest.raises(Problem) as caught:
        corrections.accept(request=request, by=world.coordinator)
    assert caught.value.code == "correction.second_person"
    second = world.another(Role.COORDINATOR, "second")
    assert corrections.accept(request=request, by=second).answers["odi_1"] == 3
    with pytest.raises(Conflict):
        corrections.accept(request=request, by=second)


def test_a_refused_request_changes_nothing_and_is_kept(world: World, odi: Response) -> None:
    request = corrections.refuse(request=ask(odi), reason="Asked about another form", by=world.coordinator)
    odi.refresh_from_db()
    assert (odi.answers["odi_1"], odi.corrections) == (0, 0)
    assert (request.state, request.decision_reason) == ("refused", "Asked about another form")
    assert ask(odi).state == "open"


def test_a_request_that_was_overtaken_is_not_applied(world: World, participant: Participant) -> None:
    form = form_of(participant, "baseline", "ipaq_sf")
    answers = answered("ipaq_sf", vig_days=3, vig_hours=1, vig_mins=0)
    active = responses.submit(form=form, answers=answers, by=participant_actor(participant))
    hours, none_at_all = ask(active, item="vig_hours", value=2), ask(active, item="vig_days", value=0)
    corrections.accept(request=none_at_all, by=world.coordinator)
    with pytest.raises(Conflict) as caught:
        corrections.accept(request=hours, by=world.coordinator)
    assert caught.value.code == "correction.moved"
    assert "vig_hours" not in Response.objects.get(pk=active.pk).answers


def test_a_request_is_not_applied_once_the_reason_for_no_answer_is_another(
    world: World, participant: Participant
) -> None:
    form, by = form_of(participant, "baseline", "ipaq_sf"), participant_actor(participant)
    answers = without(answered("ipaq_sf", vig_days=3, vig_hours=1), "vig_mins")
    active = responses.submit(form=form, answers=answers, missing={"vig_mins": "skipped"}, by=by)
    minutes = ask(active, item="vig_mins", value=30)
    for days in (0, 3):
        corrections.accept(
            request=ask(Response.objects.get(pk=active.pk), item="vig_days", value=days), by=world.coordinator
        )
    assert Response.objects.get(pk=active.pk).missing["vig_mins"] == "not_presented"
    with pytest.raises(Conflict) as caught:
        corrections.accept(request=minutes, by=world.coordinator)
    assert caught.value.code == "correction.moved"
    assert "vig_mins" not in Response.objects.get(pk=active.pk).answers


def test_a_request_for_a_skipped_item_is_applied_though_another_answer_changed(
    world: World, participant: Participant
) -> None:
    form, by = form_of(participant, "baseline", "odi"), participant_actor(participant)
    answers = without(answered("odi"), "odi_1")
    part = responses.submit(form=form, answers=answers, missing={"odi_1": "skipped"}, by=by)
    skipped, other = ask(part, value=3), ask(part, item="odi_2", value=1)
    corrections.accept(request=other, by=world.coordinator)
    assert corrections.accept(request=skipped, by=world.coordinator).answers["odi_1"] == 3


def test_a_request_that_opens_further_questions_leaves_them_not_presented(
    world: World, participant: Participant
) -> None:
    form = form_of(participant, "baseline", "ipaq_sf")
    idle = responses.submit(form=form, answers=answered("ipaq_sf", vig_days=0), by=participant_actor(participant))
    corrected = corrections.accept(request=ask(idle, item="vig_days", value=2), by=world.coordinator)
    assert corrected.missing["vig_mins"] == "not_presented"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"value": 9}, "answers.option"),
        ({"value": None}, "correction.value"),
        ({"value": 1, "missing": "skipped"}, "correction.value"),
        ({"value": None, "missing": "because"}, "correction.missing"),
        ({"item": "odi_77"}, "correction.item"),
        ({"why": ""}, "correction.why"),
        ({"why": "My therapist at the machine says it is less"}, "correction.why"),
    ],
)
def test_a_request_that_could_not_be_applied_is_refused(odi: Response, more: dict[str, Any], code: str) -> None:
    with pytest.raises(Problem) as caught:
        ask(odi, **more)
    assert caught.value.code == code


def test_one_item_has_one_open_request(odi: Response) -> None:
    ask(odi)
    with pytest.raises(Conflict) as caught:
        ask(odi, value=4)
    assert caught.value.code == "correction.open"


def test_of_two_who_ask_at_once_the_second_is_told(odi: Response, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both looked before either wrote; the database lets one in."""
    ask(odi)
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda _found: False)
    with pytest.raises(Conflict) as caught:
        ask(odi, value=4)
    assert caught.value.code == "correction.open"


def test_staff_entries_are_not_for_requests(world: World, strength: Response) -> None:
    with pytest.raises(Problem) as caught:
        corrections.request(response=strength, item="torque_72_1", value=80.0, why="other", by=world.assessor)
    assert caught.value.code == "correction.staff"


def test_completing_an_incomplete_form_closes_its_task(world: World, participant: Participant) -> None:
    form = form_of(participant, "baseline", "lsiq")
    by = participant_actor(participant)
    answers = without(answered("lsiq"), "lsiq_1")
    response = responses.submit(form=form, answers=answers, missing={"lsiq_1": "skipped"}, by=by)
    assert Task.objects.filter(done_at=None).count() == 1
    request = corrections.request(response=response, item="lsiq_1", value=1, why="remembered", by=by)
    corrections.accept(request=request, by=world.coordinator)
    assert not Task.objects.filter(done_at=None).exists()


def test_a_request_about_a_concealed_form_is_concealed(world: World, participant: Participant) -> None:
    by = participant_actor(participant)
    response = responses.submit(form=form_of(participant, "baseline", "lsiq"), answers=answered("lsiq"), by=by)
    corrections.request(response=response, item="lsiq_1", value=0, why="misread", by=by)
    assert [each.item for each in open_requests([world.site], {"coordinator"})] == ["lsiq_1"]
    assert open_requests([world.site], {"therapist"}) == []


def test_a_locked_trial_takes_no_correction(world: World, odi: Response, strength: Response) -> None:
    request = ask(odi)
    lock_trial(trial=world.trial, reason="Analysis", by=world.manager)
    for attempt in (
        lambda: corrections.accept(request=request, by=world.coordinator),
        lambda: corrections.refuse(request=request, reason="Checked", by=world.coordinator),
        lambda: corrections.correct(
            response=strength, answers={"torque_72_1": 80.0}, reason="Misread", by=world.assessor
        ),
        lambda: ask(odi, item="odi_2", value=1),
    ):
        with pytest.raises(Conflict) as caught:
            attempt()
        assert caught.value.code == "trial.locked"
    odi.refresh_from_db()
    assert odi.corrections == 0
