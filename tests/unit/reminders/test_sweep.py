"""Sweeping and sending: once, only to those who should hear, in their language, and never silently lost."""

import re
import smtplib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from audit.acts import act
from audit.models import Change, Entry
from core import clock
from outcomes.actions import links
from outcomes.models import Form, Visit
from participants.actions import appointments, tasks, withdrawal
from participants.models import Participant, Task
from reminders import queries
from reminders.actions import sending
from reminders.actions import sweep as sweeping
from reminders.actions.sweep import REMINDERS, Swept, sweep
from reminders.candidates import Candidate
from reminders.models import Message
from tests import cast
from tests.unit.reminders.world import ZONE, World
from trials.models import Trial
from trials.queries import protocol_of

State = Message.State
Reason = Message.Reason


def run() -> Swept:
    """One sweep, with a worker that sends at once."""
    return sweep(by=REMINDERS, hand_over=send)


def send(key: UUID) -> Message | None:
    return sending.send(message_id=key, by=REMINDERS)


def only_plan() -> Swept:
    return sweep(by=REMINDERS, hand_over=lambda key: None)


def go_to(text: str) -> None:
    clock.advance(datetime.fromisoformat(text).replace(tzinfo=ZONE) - clock.now())


def outbox_of(rule: str) -> list[Message]:
    return list(Message.objects.filter(rule=rule).order_by("planned_for", "number"))


def weekly(trial_world: World, name: str = "anna") -> Visit:
    """Somebody randomized a week ago: the first weekly rating opens today."""
    anna = trial_world.person(name)
    trial_world.randomize(anna, date(2026, 4, 27))
    return Visit.objects.get(participant=anna, code="weekly_pain", number=1)


def token_in(body: str) -> str:
    found = re.search(r"/q/([\w-]+)/", body)
    assert found
    return found[1]


def test_who_consented_is_written_to_once_however_often_it_sweeps(trial_world: World) -> None:
    trial_world.person()
    assert run().planned == 1
    assert run().planned == 0
    (letter,) = mail.outbox
    assert letter.to == ["anna@example.org"]
    (message,) = Message.objects.all()
    assert (message.state, message.rule, message.number, message.tries) == (State.SENT, "baseline_forms", 1, 1)
    assert message.sent_at == clock.now()


def test_the_link_in_the_message_opens_the_questions_of_its_visit(trial_world: World) -> None:
    anna = trial_world.person()
    run()
    link = links.open(token_in(mail.outbox[0].body))
    assert (link.participant, link.visit.code) == (anna, "baseline")


def test_everybody_is_written_to_in_their_language(trial_world: World) -> None:
    trial_world.person("anna", "en")
    trial_world.person("berthe", "fr")
    run()
    languages = dict(Message.objects.values_list("participant__language", "language"))
    assert languages == {"en": "en", "fr": "fr"}
    bodies = {letter.to[0]: letter.body for letter in mail.outbox}
    assert "June 1, 2026" in bodies["anna@example.org"]
    assert "1 juin 2026" in bodies["berthe@example.org"]


def test_no_message_says_what_the_trial_is_about(trial_world: World) -> None:
    visit = weekly(trial_world)
    book(trial_world, visit.participant, "2026-05-06T15:30")
    run()
    assert len(mail.outbox) == 3
    words = re.compile(r"pain|back|strong|health|disab|therap|exercis|mri|imaging|trial|arm\b|NeuroMT", re.IGNORECASE)
    for letter in mail.outbox:
        assert not words.search(letter.subject + letter.body.replace("takes you back", "")), letter.body


def test_neither_the_row_nor_the_trail_knows_the_address_or_the_link(trial_world: World) -> None:
    trial_world.person()
    run()
    token = token_in(mail.outbox[0].body)
    row = Message.objects.values().get()
    entries = [*Change.objects.values_list("new", flat=True), *map(str, Entry.objects.values_list("facts", flat=True))]
    told = " ".join(str(each) for each in [*row.values(), *entries])
    assert token not in told
    assert "anna@" not in told


def book(trial_world: World, participant: Participant, local: str, purpose: str = "assessment"):  # type: ignore[no-untyped-def]
    starts_at = datetime.fromisoformat(local).replace(tzinfo=ZONE)
    return appointments.book(
        participant=participant, purpose=purpose, starts_at=starts_at, place="reception", by=trial_world.by
    )


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


def test_a_moved_appointment_is_recalled_anew_and_a_cancelled_one_not(trial_world: World) -> None:
    booked = book(trial_world, trial_world.person(), "2026-05-14T15:30")
    go_to("2026-05-12T09:00")
    only_plan()
    appointments.move(
        appointment=booked, starts_at=datetime(2026, 5, 20, 9, tzinfo=ZONE), by=trial_world.by, revision=booked.revision
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


def answer(trial_world: World, visit: Visit) -> None:
    trial_world.rate(visit)


def withdraw(trial_world: World, visit: Visit) -> None:
    withdrawal.withdraw(
        participant=visit.participant,
        scopes=["follow_up"],
        reason_code="no_reason",
        day=date(2026, 5, 4),
        by=trial_world.by,
    )


def refuse_contact(trial_world: World, visit: Visit) -> None:
    withdrawal.withdraw(
        participant=visit.participant, scopes=["contact"], reason_code="other", day=date(2026, 5, 4), by=trial_world.by
    )


def close_window(trial_world: World, visit: Visit) -> None:
    go_to("2026-05-08T09:00")


def lock(trial_world: World, visit: Visit) -> None:
    with act("trial.lock", grant=trial_world.system(), subject=trial_world.trial) as a:
        a.change(Trial.objects.get(), state=Trial.State.LOCKED)


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (answer, Reason.COMPLETE),
        (withdraw, Reason.WITHDRAWN),
        (refuse_contact, Reason.WITHDRAWN),
        (close_window, Reason.CLOSED),
        (lock, Reason.LOCKED),
    ],
)
def test_what_happens_between_planning_and_sending_stops_the_message(
    trial_world: World, happens: Callable[[World, Visit], None], reason: str
) -> None:
    visit = weekly(trial_world)
    only_plan()
    happens(trial_world, visit)
    (message,) = outbox_of("weekly_pain")
    send(message.pk)
    message.refresh_from_db()
    assert (message.state, message.reason) == (State.STOPPED, reason)
    assert mail.outbox == []


@pytest.mark.parametrize("happens", [answer, withdraw, refuse_contact, close_window, lock])
def test_nothing_is_planned_once_there_is_nothing_to_ask(
    trial_world: World, happens: Callable[[World, Visit], None]
) -> None:
    visit = weekly(trial_world)
    happens(trial_world, visit)
    for _step in range(16):
        clock.advance(timedelta(hours=3))
        run()
    assert outbox_of("weekly_pain") == []


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


def test_two_workers_with_the_same_message_send_it_once(trial_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    trial_world.person()
    only_plan()
    (message,) = Message.objects.all()
    original = sending.system_grant

    def while_the_other_is_quicker(*args):  # type: ignore[no-untyped-def]
        monkeypatch.setattr(sending, "system_grant", original)
        assert send(message.pk) is not None
        return original(*args)

    monkeypatch.setattr(sending, "system_grant", while_the_other_is_quicker)
    assert send(message.pk) is None
    assert send(message.pk) is None
    assert len(mail.outbox) == 1


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


def test_nobody_is_written_to_in_the_night(trial_world: World) -> None:
    go_to("2026-05-04T19:59")
    trial_world.person()
    only_plan()
    go_to("2026-05-04T20:00")
    run()
    (message,) = Message.objects.all()
    assert (message.state, message.next_try_at.astimezone(ZONE).hour) == (State.PLANNED, 8)
    go_to("2026-05-05T08:00")
    run()
    assert len([each for each in outbox_of("baseline_forms") if each.state == State.SENT]) == 1


class Unreachable(EmailBackend):
    def open(self) -> bool:
        raise ConnectionRefusedError


class Dropping(EmailBackend):
    def send_messages(self, messages):  # type: ignore[no-untyped-def]
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


class Refusing(EmailBackend):
    code = 550

    def send_messages(self, messages):  # type: ignore[no-untyped-def]
        raise smtplib.SMTPRecipientsRefused({"anna@example.org": (self.code, b"no")})


class Busy(Refusing):
    code = 451


def through(settings, backend: type) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_BACKEND = f"{__name__}.{backend.__name__}"


@pytest.mark.parametrize("backend", [Unreachable, Busy])
def test_a_server_that_cannot_now_is_tried_again_later_and_given_up_visibly(
    trial_world: World,
    settings,  # type: ignore[no-untyped-def]
    backend: type,
) -> None:
    through(settings, backend)
    trial_world.person()
    run()
    message = Message.objects.get()
    assert (message.state, message.tries) == (State.PLANNED, 1)
    assert message.next_try_at == clock.now() + timedelta(minutes=2)
    run()
    assert Message.objects.get().tries == 1
    for wait in sending.BACK_OFF:
        clock.advance(wait)
        run()
    message.refresh_from_db()
    assert (message.state, message.tries) == (State.FAILED, 5)
    assert list(queries.failures([trial_world.site])) == [message]


def test_after_the_server_is_back_the_message_leaves_once(trial_world: World, settings) -> None:  # type: ignore[no-untyped-def]
    held = settings.EMAIL_BACKEND
    through(settings, Unreachable)
    trial_world.person()
    run()
    settings.EMAIL_BACKEND = held
    clock.advance(timedelta(minutes=2))
    run()
    run()
    assert len(mail.outbox) == 1
    assert Message.objects.get().state == State.SENT


def test_an_address_the_server_refuses_is_not_tried_again(trial_world: World, settings) -> None:  # type: ignore[no-untyped-def]
    through(settings, Refusing)
    trial_world.person()
    run()
    message = Message.objects.get()
    assert (message.state, message.reason, message.tries) == (State.FAILED, Reason.REFUSED, 1)


def test_a_lost_answer_is_uncertain_and_never_repeated(trial_world: World, settings) -> None:  # type: ignore[no-untyped-def]
    held = settings.EMAIL_BACKEND
    through(settings, Dropping)
    trial_world.person()
    run()
    settings.EMAIL_BACKEND = held
    clock.advance(timedelta(hours=1))
    run()
    message = Message.objects.get()
    assert (message.state, message.reason) == (State.UNCERTAIN, Reason.NO_ANSWER)
    assert mail.outbox == []
    assert list(queries.failures([trial_world.site])) == [message]


def test_a_worker_killed_while_sending_leaves_an_uncertain_message(
    trial_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial_world.person()

    def killed(*_args: str) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(sending.channels, "send_mail", killed)
        with pytest.raises(SystemExit):
            run()
    assert Message.objects.get().state == State.SENDING
    clock.advance(timedelta(minutes=9))
    run()
    assert Message.objects.get().state == State.SENDING
    clock.advance(timedelta(minutes=2))
    run()
    message = Message.objects.get()
    assert (message.state, message.reason) == (State.UNCERTAIN, Reason.INTERRUPTED)
    assert mail.outbox == []


def test_without_an_address_the_message_is_stopped_and_seen(trial_world: World) -> None:
    trial_world.person(email="")
    run()
    (message,) = queries.failures([trial_world.site])
    assert (message.state, message.reason) == (State.STOPPED, Reason.NO_ADDRESS)


def test_when_all_messages_brought_nothing_a_person_gets_one_task(trial_world: World) -> None:
    weekly(trial_world)
    for day in ("04", "05", "06"):
        go_to(f"2026-05-{day}T11:00")
        run()
    assert [each.state for each in outbox_of("weekly_pain")] == [State.SENT] * 3
    go_to("2026-05-07T23:00")
    assert run().tasks == 0
    go_to("2026-05-08T00:30")
    assert run().tasks == 1
    go_to("2026-05-09T11:00")
    assert run().tasks == 0
    task = Task.objects.get(kind="reminders_unanswered")
    assert (task.role, task.due_on, task.about) == ("coordinator", date(2026, 5, 8), "weekly_pain weekly_pain")
    assert queries.wording_of_task(protocol_of(trial_world.trial), task, "en") == "Call about the weekly rating"


def test_no_task_when_the_answer_came_after_the_last_message(trial_world: World) -> None:
    visit = weekly(trial_world)
    for day in ("04", "05", "06"):
        go_to(f"2026-05-{day}T11:00")
        run()
    trial_world.rate(visit)
    go_to("2026-05-08T11:00")
    run()
    assert not Task.objects.filter(kind="reminders_unanswered").exists()


def test_an_assessment_nobody_made_becomes_a_task_once_while_there_is_time(trial_world: World) -> None:
    trial_world.person()  # the baseline closes on 1 June; the last reminder is three days before
    go_to("2026-05-29T11:00")
    run()
    assert not Task.objects.filter(about__startswith="assessments_due").exists()
    go_to("2026-05-30T11:00")
    run()
    task = Task.objects.get(about__startswith="assessments_due")
    assert (task.role, task.due_on) == ("coordinator", date(2026, 5, 30))
    tasks.close(task=task, by=trial_world.by)
    run()
    assert Task.objects.filter(about__startswith="assessments_due").count() == 1


def test_what_was_not_answered_in_its_window_is_missed(trial_world: World) -> None:
    visit = weekly(trial_world)
    go_to("2026-05-08T00:30")
    assert run().closed > 0
    assert Form.objects.get(visit=visit).state == Form.State.MISSED


def test_the_preview_tells_what_will_be_sent_and_the_sweep_keeps_to_it(trial_world: World) -> None:
    trial_world.person()
    run()
    expected = [(each.at, each.rule, each.number) for each in queries.upcoming(trial_world.trial, [trial_world.site])]
    assert expected
    assert not queries.upcoming(trial_world.trial, [])
    for _step in range(7 * 8):
        clock.advance(timedelta(hours=3))
        run()
    later = Message.objects.exclude(rule="baseline_forms", number=1).order_by("planned_for", "rule")
    assert list(later.values_list("planned_for", "rule", "number")) == expected


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


def test_messages_of_a_participant_and_the_pages_of_the_outbox(trial_world: World) -> None:
    anna, berta = trial_world.person("anna"), trial_world.person("berta")
    run()
    assert [each.participant for each in queries.messages_of(anna)] == [anna]
    page = queries.outbox([trial_world.site], states=[State.SENT])
    assert {each.participant for each in page} == {anna, berta}
    assert not queries.outbox([trial_world.site], states=[State.FAILED]).object_list
    assert not queries.outbox([]).object_list


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
