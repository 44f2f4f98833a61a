"""What is due, the record, and what each audience may read."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Permission
from audit.actors import Actor, ActorKind, Origin
from core import clock
from core.problems import NotFound, Problem, Refused
from outcomes import queries
from outcomes.actions import drafts, forms, responses, visits
from outcomes.models import Form
from outcomes.queries import Bucket, CellState
from participants.actions import withdrawal
from participants.models import Participant
from tests.unit.outcomes.world import World, answered, days, form_of, other_site, participant_actor, without
from trials.access import authorize, system_grant

MAY = date(2026, 5, 1)
SWEEP = Actor(ActorKind.SYSTEM, "sweep", "Sweep", Origin.TASK)


def due(world: World, role: str, today: date, **more: Any) -> queries.Worklist:
    return queries.forms_due([world.site], {role}, today, **more)


def test_a_worklist_holds_what_the_role_brings_in_by_urgency(world: World, participant: Participant) -> None:
    world.reach(participant, "randomized", date(2026, 5, 4))
    assessor = due(world, "assessor", date(2026, 5, 4))
    assert {row.form.instrument for row in assessor.rows} == {"medx_strength", "dynamometry", "hip_rom"}
    assert assessor.counts == {Bucket.OVERDUE: 0, Bucket.CLOSING: 0, Bucket.TODAY: 3, Bucket.COMING: 0}
    assert assessor.rows[0].window == "closes 1 June, 28 days left"
    coordinator = due(world, "coordinator", date(2026, 5, 4))
    assert {row.form.filled_by for row in coordinator.rows} == {"participant", "imported"}
    # Seven nights and the first weekly rating open within seven days.
    assert coordinator.counts[Bucket.COMING] == 8
    assert due(world, "monitor", date(2026, 5, 4)).total == 0


@pytest.mark.parametrize(
    ("today", "bucket"),
    [
        (date(2026, 5, 28), Bucket.TODAY),
        (date(2026, 5, 29), Bucket.CLOSING),
        (date(2026, 6, 1), Bucket.CLOSING),
        (date(2026, 6, 2), Bucket.OVERDUE),
        (date(2026, 7, 1), Bucket.OVERDUE),
        (date(2026, 7, 2), None),
    ],
)
def test_a_form_grows_more_urgent_and_then_leaves(
    world: World, participant: Participant, today: date, bucket: Bucket | None
) -> None:
    assert {row.bucket for row in due(world, "assessor", today).rows} == ({bucket} if bucket else set())


def test_a_missed_form_stays_overdue_until_somebody_says_why(world: World, participant: Participant) -> None:
    clock.advance(days(30))
    visits.close_overdue(trial=world.trial, now=clock.now(), grant=system_grant(world.trial, SWEEP))
    today = date(2026, 6, 3)
    assert due(world, "assessor", today).counts[Bucket.OVERDUE] == 3
    form = form_of(participant, "baseline", "hip_rom")
    forms.mark_not_done(form=form, reason_code="unwell", by=world.assessor)
    assert due(world, "assessor", today).counts[Bucket.OVERDUE] == 2


def test_a_worklist_leaves_out_complete_forms_withdrawn_people_and_other_sites(
    world: World, participant: Participant
) -> None:
    today = date(2026, 5, 4)
    responses.submit(form=form_of(participant, "baseline", "hip_rom"), answers=answered("hip_rom"), by=world.assessor)
    assert due(world, "assessor", today).total == 2
    assert queries.forms_due([other_site(world)], {"assessor"}, today).total == 0
    withdrawal.withdraw(
        participant=participant, scopes=["intervention"], reason_code="time", day=today, by=world.coordinator
    )
    assert due(world, "assessor", today).total == 2
    withdrawal.withdraw(participant=participant, scopes=["data"], reason_code="time", day=today, by=world.coordinator)
    assert due(world, "assessor", today).total == 0


def test_pages_and_buckets_cut_the_same_list(world: World, participant: Participant) -> None:
    today = date(2026, 5, 4)
    whole = due(world, "coordinator", today)
    assert whole.pages == 1
    cut = [due(world, "coordinator", today, page=number, per_page=4) for number in (1, 2, 3)]
    assert [r.form.pk for page in cut for r in page.rows] == [r.form.pk for r in whole.rows][:12]
    assert cut[0].counts == whole.counts
    assert due(world, "coordinator", today, page=99, per_page=4).page == cut[0].pages
    only = due(world, "coordinator", today, bucket=Bucket.COMING)
    assert {row.bucket for row in only.rows} == {Bucket.COMING}


def test_the_cost_of_a_worklist_does_not_grow_with_participants(world: World, participant: Participant) -> None:
    sites = [world.site]

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            for row in queries.forms_due(sites, {"coordinator"}, date(2026, 5, 4)).rows:
                assert row.form.participant.number
                assert row.form.visit.code
        return len(captured)

    first = cost()
    for _ in range(3):
        world.consented()
    assert cost() == first == 2


def test_the_record_shows_five_states(world: World, participant: Participant) -> None:
    world.reach(participant, "randomized", date(2026, 5, 4))
    by = participant_actor(participant)
    drafts.save_item(form=form_of(participant, "baseline", "odi"), item="odi_1", value=1, by=by)
    responses.submit(form=form_of(participant, "baseline", "nprs"), answers=answered("nprs"), by=by)
    forms.mark_not_done(form=form_of(participant, "baseline", "mri"), reason_code="technical", by=world.coordinator)
    matrix = queries.matrix_of(participant, {"coordinator"})
    baseline, week16 = (next(r for r in matrix.rows if r.visit.code == code) for code in ("baseline", "week16"))
    states = {code: cell.state for code, cell in baseline.cells.items()}
    assert states["odi"] == CellState.STARTED
    assert states["nprs"] == CellState.COMPLETE
    assert states["mri"] == CellState.MISSED
    assert states["sri"] == CellState.DUE
    assert week16.cells["odi"].state == CellState.NOT_DUE
    assert str(baseline.cells["mri"].note) == "Technical failure"
    assert matrix.instruments[0] == "sociodemographic"


def test_a_window_that_closed_is_missed_before_any_sweep(participant: Participant) -> None:
    matrix = queries.matrix_of(participant, {"coordinator"}, date(2026, 7, 1))
    assert {cell.state for row in matrix.rows for cell in row.cells.values()} == {CellState.MISSED}


def test_a_late_response_is_marked(participant: Participant) -> None:
    clock.advance(days(30))
    form = form_of(participant, "baseline", "odi")
    responses.submit(form=form, answers=answered("odi"), by=participant_actor(participant))
    row = next(r for r in queries.matrix_of(participant, {"coordinator"}).rows if r.visit.code == "baseline")
    assert row.cells["odi"].late
    assert not row.cells["nprs"].late


def test_the_record_costs_the_same_for_any_number_of_forms(world: World, participant: Participant) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.matrix_of(participant, {"coordinator"})
        return len(captured)

    cost()
    first = cost()
    world.reach(participant, "randomized", date(2026, 5, 4))
    assert cost() == first


def test_blinded_roles_do_not_see_that_an_interview_exists(world: World, participant: Participant) -> None:
    world.reach(participant, "last_session", date(2026, 5, 4))
    form = form_of(participant, "interview_after", "interview_record")
    for role in ("assessor", "coordinator", "monitor", "participant"):
        assert all(row.visit.code != "interview_after" for row in queries.matrix_of(participant, {role}).rows)
        assert ("interview_after", "interview_record") not in queries.completeness([world.site], {role}, MAY + days(9))
        with pytest.raises(NotFound):
            queries.form_at([world.site], form.pk, {role})
        with pytest.raises(Refused):
            queries.response_of(form, {role})
    assert queries.form_at([world.site], form.pk, {"interviewer"}) == form


@pytest.mark.parametrize(
    ("audience", "reads"),
    [
        ({"coordinator"}, True),
        ({"investigator"}, True),
        ({"therapist"}, False),
        ({"participant"}, False),
        ({"therapist", "statistician"}, False),
        (set(), False),
    ],
)
def test_a_concealed_form_is_read_only_by_those_the_protocol_lets(
    participant: Participant, audience: set[str], reads: bool
) -> None:
    form = form_of(participant, "baseline", "lsiq")
    responses.submit(form=form, answers=answered("lsiq"), by=participant_actor(participant))
    if reads:
        response = queries.response_of(form, audience)
        assert response is not None
        assert "total" in response.scores
    else:
        with pytest.raises(Refused):
            queries.response_of(form, audience)
    assert bool(queries.scores_of(participant, "lsiq", audience)) == reads


def test_a_refusal_does_not_tell_whether_there_is_an_answer(participant: Participant) -> None:
    form = form_of(participant, "baseline", "lsiq")
    with pytest.raises(Refused):
        queries.response_of(form, {"therapist"})
    assert queries.response_of(form, {"coordinator"}) is None


def test_scores_come_in_the_order_of_visits(world: World, participant: Participant) -> None:
    world.reach(participant, "randomized", date(2026, 5, 4))
    by = participant_actor(participant)
    responses.submit(form=form_of(participant, "baseline", "nprs"), answers=answered("nprs"), by=by)
    clock.advance(days(7))
    responses.submit(form=form_of(participant, "weekly_pain", "nprs", 1), answers=answered("nprs"), by=by)
    found = queries.scores_of(participant, "nprs", {"therapist"})
    assert [(each.visit, each.number) for each in found] == [("baseline", 1), ("weekly_pain", 1)]


def test_what_randomization_waits_for(world: World, participant: Participant) -> None:
    by = participant_actor(participant)
    grant = authorize(world.therapist, Permission.RANDOMIZE, trial=world.trial, site=world.site)
    assert not queries.is_complete(participant, "baseline", "lsiq")
    with pytest.raises(Problem) as caught:
        queries.concealed_value(participant, "lsiq", grant)
    assert "lsiq" not in caught.value.sentence.lower()
    responses.submit(form=form_of(participant, "baseline", "lsiq"), answers=answered("lsiq", lsiq_1=1), by=by)
    assert queries.is_complete(participant, "baseline", "lsiq")
    assert queries.submitted_at(participant, "baseline", "lsiq") == clock.now()
    total = sum(1 if code == "lsiq_1" else value for code, value in answered("lsiq").items())
    assert queries.concealed_value(participant, "lsiq", grant) == total


def test_an_incomplete_stratum_has_no_value_and_others_may_not_ask(world: World, participant: Participant) -> None:
    responses.submit(
        form=form_of(participant, "baseline", "lsiq"),
        answers=without(answered("lsiq"), "lsiq_1"),
        missing={"lsiq_1": "skipped"},
        by=participant_actor(participant),
    )
    grant = authorize(world.therapist, Permission.RANDOMIZE, trial=world.trial, site=world.site)
    with pytest.raises(Problem) as caught:
        queries.concealed_value(participant, "lsiq", grant)
    assert caught.value.code == "randomization.baseline_incomplete"
    assessing = authorize(world.assessor, Permission.ASSESS, trial=world.trial, site=world.site)
    with pytest.raises(Refused):
        queries.concealed_value(participant, "lsiq", assessing)


def test_a_form_of_another_site_is_not_there(world: World, participant: Participant) -> None:
    form = form_of(participant, "baseline", "odi")
    with pytest.raises(NotFound):
        queries.form_at([other_site(world)], form.pk, {"coordinator"})


def test_completeness_counts_only_what_has_opened(world: World, participant: Participant) -> None:
    world.reach(participant, "randomized", date(2026, 5, 4))
    counts = queries.completeness([world.site], {"coordinator"}, date(2026, 5, 4))
    assert counts["baseline", "odi"] == {Form.State.OPEN: 1}
    assert ("week16", "odi") not in counts
