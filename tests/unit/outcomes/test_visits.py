"""Laying out what is due, and closing what was not done."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audit.actors import Actor, ActorKind, Origin
from audit.models import Change, Entry
from core import clock
from outcomes.actions import enrolment, responses, visits
from outcomes.models import PENDING, Form, Visit
from participants.actions import withdrawal
from participants.models import Consent, Participant
from review.actions.locks import lock_trial
from tests.cast import STRONG_BACK
from tests.unit.outcomes.world import START, World, answered, days, form_of, participant_actor, visit_of
from trials.access import system_grant
from trials.actions import protocols

SWEEP = Actor(ActorKind.SYSTEM, "sweep", "Sweep", Origin.TASK)


def close(world: World) -> int:
    return visits.close_overdue(trial=world.trial, now=clock.now(), grant=system_grant(world.trial, SWEEP))


def test_consent_lays_out_the_baseline(participant: Participant) -> None:
    baseline = visit_of(participant, "baseline")
    assert (baseline.opens_on, baseline.target_on, baseline.closes_on) == (
        date(2026, 5, 4),
        date(2026, 5, 11),
        date(2026, 6, 1),
    )
    assert baseline.forms.count() == 13
    assert form_of(participant, "baseline", "lsiq").secrecy == Form.Secrecy.CONCEALED
    assert Visit.objects.filter(participant=participant, code="baseline_nights").count() == 7


def test_laying_out_twice_changes_nothing_and_leaves_no_entry(world: World, participant: Participant) -> None:
    entries, rows = Entry.objects.count(), Form.objects.count()
    visits.lay_out(participant=participant, grant=world.grant())
    assert (Entry.objects.count(), Form.objects.count()) == (entries, rows)


def test_randomization_brings_sixteen_weekly_ratings_and_week_sixteen(world: World, participant: Participant) -> None:
    world.reach(participant, "randomized", date(2026, 6, 1))
    assert Form.objects.filter(participant=participant, visit__code="weekly_pain", instrument="nprs").count() == 16
    assert visit_of(participant, "week16").target_on == date(2026, 6, 1) + timedelta(days=112)
    world.reach(participant, "last_session", date(2026, 12, 1))
    assert visit_of(participant, "week16").target_on == date(2026, 6, 1) + timedelta(days=112)


def test_an_anchor_that_moves_takes_unfinished_forms_along_and_says_so(world: World, participant: Participant) -> None:
    world.reach(participant, "first_session_booked", date(2026, 6, 1))
    world.reach(participant, "first_session_booked", date(2026, 6, 8))
    form = form_of(participant, "interview_before", "interview_record")
    assert (form.opens_on, form.closes_on) == (date(2026, 6, 3), date(2026, 6, 8))
    moved = Change.objects.get(record_id=str(form.pk), field="closes_on", old='"2026-06-01"')
    assert moved.new == '"2026-06-08"'


def test_finished_forms_keep_their_days(world: World, participant: Participant) -> None:
    done = form_of(participant, "baseline", "odi")
    responses.submit(form=done, answers=answered("odi"), by=participant_actor(participant))
    world.reach(participant, "consent", date(2026, 5, 6))
    done.refresh_from_db()
    assert done.closes_on == date(2026, 6, 1)
    assert form_of(participant, "baseline", "nprs").closes_on == date(2026, 6, 3)


def test_a_cancelled_anchor_cancels_its_forms_until_it_returns(world: World, participant: Participant) -> None:
    world.reach(participant, "first_session_booked", date(2026, 6, 1))
    world.reach(participant, "first_session_booked", None)
    form = form_of(participant, "interview_before", "interview_record")
    assert (form.state, form.not_done_code) == (Form.State.CANCELLED, "not_due_any_more")
    world.reach(participant, "first_session_booked", date(2026, 6, 1))
    form.refresh_from_db()
    assert (form.state, form.not_done_code) == (Form.State.OPEN, "")


def test_a_missed_form_opens_again_when_its_window_moves_on(world: World, participant: Participant) -> None:
    world.reach(participant, "first_session_booked", date(2026, 5, 5))
    clock.advance(days(3))
    close(world)
    assert form_of(participant, "interview_before", "interview_record").state == Form.State.MISSED
    world.reach(participant, "first_session_booked", date(2026, 5, 20))
    assert form_of(participant, "interview_before", "interview_record").state == Form.State.OPEN


def test_one_of_two_alternatives_suffices(world: World, participant: Participant) -> None:
    world.reach(participant, "first_session_booked", date(2026, 5, 6))
    world.reach(participant, "last_session", date(2026, 5, 5))
    before = form_of(participant, "interview_before", "interview_record")
    after = form_of(participant, "interview_after", "interview_record")
    answers = answered("interview_record")
    responses.submit(form=before, answers=answers, by=world.interviewer)
    after.refresh_from_db()
    assert (after.state, after.not_done_code) == (Form.State.CANCELLED, "alternative_done")


def test_an_alternative_that_comes_later_is_not_asked_for(world: World, participant: Participant) -> None:
    world.reach(participant, "first_session_booked", date(2026, 5, 6))
    before = form_of(participant, "interview_before", "interview_record")
    responses.submit(form=before, answers=answered("interview_record"), by=world.interviewer)
    world.reach(participant, "last_session", date(2026, 5, 5))
    assert not Visit.objects.filter(participant=participant, code="interview_after").exists()


def test_who_refused_the_interview_is_not_asked_for_it(world: World) -> None:
    refuser = world.consented(interview=False)
    world.reach(refuser, "last_session", date(2026, 5, 5))
    assert not Form.objects.filter(participant=refuser, instrument="interview_record").exists()


def test_a_clause_taken_back_cancels_its_forms_and_keeps_the_others(world: World, participant: Participant) -> None:
    world.reach(participant, "last_session", date(2026, 5, 4))
    clock.advance(days(1))
    world.consent_again(participant, interview=False)
    form = form_of(participant, "interview_after", "interview_record")
    assert (form.state, form.not_done_code) == (Form.State.CANCELLED, "not_asked_any_more")
    assert form_of(participant, "baseline", "odi").state == Form.State.OPEN
    clock.advance(days(1))
    world.consent_again(participant)
    form.refresh_from_db()
    assert form.state == Form.State.OPEN


def test_a_form_that_an_amendment_drops_is_cancelled_and_a_new_one_added(
    world: World, participant: Participant
) -> None:
    text = STRONG_BACK.read_text().replace("- {instrument: sri, filled_by: participant, minutes: 5}", "", 1)
    protocols.load(text=text, by=world.manager)
    visits.lay_out(participant=participant, grant=world.grant())
    dropped = form_of(participant, "baseline", "sri")
    assert (dropped.state, dropped.not_done_code) == (Form.State.CANCELLED, "not_asked_any_more")
    assert form_of(participant, "baseline", "odi").state == Form.State.OPEN
    protocols.load(text=STRONG_BACK.read_text(), by=world.manager)
    visits.lay_out(participant=participant, grant=world.grant())
    dropped.refresh_from_db()
    assert (dropped.state, dropped.not_done_code) == (Form.State.OPEN, "")


def test_closing_marks_missed_what_nobody_did_the_day_after(world: World, participant: Participant) -> None:
    first_night = form_of(participant, "baseline_nights", "sleep_diary")
    with clock.moved_to(START + days(1)):
        assert close(world) == 0
    # Still the first night's day in Montreal, though the next one in UTC.
    with clock.moved_to(START.replace(hour=2) + days(2)):
        assert close(world) == 0
    with clock.moved_to(START + days(2)):
        assert close(world) == 1
        assert close(world) == 0
    first_night.refresh_from_db()
    assert first_night.state == Form.State.MISSED
    assert Entry.objects.filter(verb="forms.close", subject_id=str(participant.pk)).count() == 1


@pytest.mark.parametrize(
    ("last_day", "still_open", "over"),
    [
        # The night on which clocks go forward in Montreal (8 March 2026) begins at 05:00 and ends at 04:00 UTC.
        (date(2026, 3, 8), datetime(2026, 3, 9, 3, 59, tzinfo=UTC), datetime(2026, 3, 9, 4, 0, tzinfo=UTC)),
        # The one on which they go back (1 November 2026) begins at 04:00 and ends at 05:00 UTC.
        (date(2026, 11, 1), datetime(2026, 11, 2, 4, 59, tzinfo=UTC), datetime(2026, 11, 2, 5, 0, tzinfo=UTC)),
    ],
)
def test_a_window_ends_at_midnight_of_the_site_on_days_of_23_and_25_hours(
    world: World, participant: Participant, last_day: date, still_open: datetime, over: datetime
) -> None:
    world.reach(participant, "randomized", last_day - timedelta(days=10))
    rating = form_of(participant, "weekly_pain", "nprs", 1)
    assert rating.closes_on - rating.target_on == timedelta(days=3)
    assert rating.closes_on == last_day
    with clock.moved_to(still_open):
        close(world)
        rating.refresh_from_db()
        assert rating.state == Form.State.OPEN
    with clock.moved_to(over):
        close(world)
    rating.refresh_from_db()
    assert rating.state == Form.State.MISSED


def test_closing_cancels_what_a_withdrawn_participant_did_not_do(world: World, participant: Participant) -> None:
    withdrawal.withdraw(
        participant=participant,
        scopes=["follow_up"],
        reason_code="time",
        day=date(2026, 5, 4),
        by=world.coordinator,
    )
    clock.advance(days(60))
    close(world)
    states = set(Form.objects.filter(participant=participant).values_list("state", "not_done_code"))
    assert states == {(Form.State.CANCELLED, "withdrawn")}


def test_closing_leaves_nothing_due_of_a_withdrawn_participant_even_later(
    world: World, participant: Participant
) -> None:
    world.reach(participant, "randomized", clock.today(world.site.time_zone))
    withdrawal.withdraw(
        participant=participant,
        scopes=["follow_up"],
        reason_code="time",
        day=clock.today(world.site.time_zone),
        by=world.coordinator,
    )
    later = form_of(participant, "week16", "odi")
    assert later.opens_on > clock.today(world.site.time_zone)
    close(world)
    later.refresh_from_db()
    assert (later.state, later.not_done_code) == (Form.State.CANCELLED, "withdrawn")
    assert not Form.objects.filter(participant=participant, state__in=PENDING).exists()


def test_a_withdrawn_participant_gets_no_new_visits(world: World, participant: Participant) -> None:
    withdrawal.withdraw(
        participant=participant,
        scopes=["follow_up"],
        reason_code="time",
        day=date(2026, 5, 4),
        by=world.coordinator,
    )
    world.reach(participant, "first_session_booked", date(2026, 6, 1))
    assert not Visit.objects.filter(participant=participant, code="interview_before").exists()


def test_nothing_closes_in_a_locked_trial(world: World, participant: Participant) -> None:
    lock_trial(trial=world.trial, reason="End of data entry", by=world.manager)
    clock.advance(days(60))
    assert close(world) == 0


def test_booking_and_moving_the_first_session_lays_out_the_interview(world: World, participant: Participant) -> None:
    at = START + days(20)
    booked = enrolment.book_appointment(
        participant=participant, purpose="session", starts_at=at, place="reception", by=world.coordinator
    )
    assert visit_of(participant, "interview_before").target_on == date(2026, 5, 19)
    enrolment.move_appointment(
        appointment=booked, reason_code="participant", starts_at=at + days(2), by=world.coordinator
    )
    assert visit_of(participant, "interview_before").target_on == date(2026, 5, 21)
    enrolment.cancel_appointment(appointment=booked, reason_code="illness", by=world.coordinator)
    assert form_of(participant, "interview_before", "interview_record").state == Form.State.CANCELLED


def test_a_consent_whose_visits_cannot_be_laid_out_is_not_recorded(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(enrolment, "lay_out", fail)
    with pytest.raises(RuntimeError):
        world.consented()
    assert not Consent.objects.exists()
    assert Participant.objects.get().state == Participant.State.ELIGIBLE
