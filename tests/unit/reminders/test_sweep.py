"""Sweeping: what is due is planned once, for those who should hear."""

from datetime import date, datetime

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from audit.acts import act
from core import clock
from outcomes.models import Form
from participants.actions import appointments, withdrawal
from participants.models import Appointment
from reminders.actions import sweep as sweeping
from reminders.appointment_links import signed
from reminders.candidates import Candidate
from reminders.models import Message
from tests import cast
from tests.unit.reminders.steps import book, go_to, only_plan, outbox_of, run, weekly
from tests.unit.reminders.world import ZONE, World
from trials.models import Trial

State = Message.State
Reason = Message.Reason


def test_who_consented_is_written_to_once_however_often_it_sweeps(trial_world: World) -> None:
    trial_world.person()
    assert run().planned == 1
    assert run().planned == 0
    (letter,) = mail.outbox
    assert letter.to == ["anna@example.org"]
    (message,) = Message.objects.all()
    assert (message.state, message.rule, message.number, message.tries) == (State.SENT, "baseline_forms", 1, 1)
    assert message.sent_at == clock.now()


def test_an_appointment_is_recalled_two_days_before_with_its_time_and_place(trial_world: World) -> None:
    book(trial_world, trial_world.person(), "2026-05-14T15:30")
    go_to("2026-05-12T08:59")
    run()
    assert not outbox_of("appointment")
    go_to("2026-05-12T09:00")
    run()
    run()
    (letter,) = [each for each in mail.outbox if "appointment" in each.subject]
    assert letter.subject == "Your appointment on Thursday 14 May"
    assert "Thursday 14 May 2026" in letter.body
    assert "3:30 p.m." in letter.body
    assert "Main reception" in letter.body
    booked = Appointment.objects.get()
    assert f"/calendar/appointments/{signed(booked)}.ics" in letter.body
    assert booked.participant.number not in letter.body


def test_a_moved_appointment_is_recalled_anew_and_a_cancelled_one_not(trial_world: World) -> None:
    booked = book(trial_world, trial_world.person(), "2026-05-14T15:30")
    go_to("2026-05-12T09:00")
    only_plan()
    appointments.move(
        appointment=booked,
        starts_at=datetime(2026, 5, 20, 9, tzinfo=ZONE),
        reason_code="participant",
        by=trial_world.by,
        revision=booked.revision,
    )
    run()
    (old,) = outbox_of("appointment")
    assert (old.state, old.reason) == (State.STOPPED, Reason.MOVED)
    go_to("2026-05-18T09:00")
    only_plan()
    booked.refresh_from_db()
    appointments.cancel(appointment=booked, reason_code="staff", by=trial_world.by)
    run()
    assert [each.state for each in outbox_of("appointment")] == [State.STOPPED, State.STOPPED]


def test_who_leaves_only_the_sessions_is_still_reminded_of_follow_up(trial_world: World) -> None:
    visit = weekly(trial_world)
    withdrawal.withdraw(
        participant=visit.participant,
        scopes=["intervention"],
        reason_code="time",
        day=date(2026, 5, 4),
        by=trial_world.by,
    )
    run()
    assert [each.state for each in outbox_of("weekly_pain")] == [State.SENT]


def test_two_sweeps_at_once_plan_a_message_once(trial_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    trial_world.person()
    original = Candidate.key

    def while_the_other_sweeps(self: Candidate, number: int) -> str:
        if number:
            monkeypatch.setattr(Candidate, "key", original)
            assert only_plan().planned == 1
        return original(self, number)

    monkeypatch.setattr(Candidate, "key", while_the_other_sweeps)
    assert run().planned == 0
    assert len(mail.outbox) == 1


def test_the_database_refuses_a_second_message_of_one_key(trial_world: World) -> None:
    trial_world.person()
    only_plan()
    message = Message.objects.get()
    fields = {f.attname: getattr(message, f.attname) for f in Message._meta.concrete_fields if f.name != "id"}
    with pytest.raises(IntegrityError), act("message.plan", grant=trial_world.system()) as a:
        a.create(Message(**fields))


def test_what_was_not_answered_in_its_window_is_missed(trial_world: World) -> None:
    visit = weekly(trial_world)
    go_to("2026-05-08T00:30")
    assert run().closed > 0
    assert Form.objects.get(visit=visit).state == Form.State.MISSED


def test_a_sweep_costs_as_many_queries_for_many_as_for_few(trial_world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    trial_world.person("one")
    run()
    with CaptureQueriesContext(connection) as few:
        run()
    for name in ("two", "three", "four"):
        trial_world.person(name)
    run()
    with django_assert_num_queries(len(few)):
        run()


def test_a_trial_that_fails_does_not_keep_the_others_waiting(
    trial_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    text = cast.STRONG_BACK.read_text(encoding="utf-8").replace("code: STRONG-BACK", "code: A-BROKEN-ONE")
    cast.make_trial(text)
    trial_world.person()
    original = sweeping.protocol_of

    def protocol_of_all_but_one(trial: Trial):  # type: ignore[no-untyped-def]
        if trial.code == "A-BROKEN-ONE":
            raise RuntimeError
        return original(trial)

    monkeypatch.setattr(sweeping, "protocol_of", protocol_of_all_but_one)
    run()
    assert len(mail.outbox) == 1
    assert "A-BROKEN-ONE" in caplog.text
