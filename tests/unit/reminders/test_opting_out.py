"""No more messages: asked for by the link in one, kept to at the moment of sending, lifted by the staff."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from core import clock
from core.problems import Conflict, NotFound, Problem
from participants.actions import contacts
from participants.models import Task
from reminders import foresight, opt_out_links
from reminders.actions import by_hand, opting_out
from reminders.models import NO_MORE, UNANSWERED, Message, OptOut
from tests.unit.reminders.steps import book, only_plan, outbox_of, run, send, weekly
from tests.unit.reminders.world import World
from trials.queries import protocol_of

State, Reason = Message.State, Message.Reason


def no_more_in(text: str) -> str:
    found = re.search(r"/q/([^/\s]+)/no-more/", text)
    assert found
    return found[1]


def test_the_link_stops_every_message_and_asks_the_staff_to_agree_on_another_way(trial_world: World) -> None:
    visit = weekly(trial_world)
    run()
    opting_out.by_link(no_more_in(mail.outbox[0].body))
    book(trial_world, visit.participant, "2026-05-06T15:30")
    mail.outbox.clear()
    for _step in range(16):
        clock.advance(timedelta(hours=3))
        run()
    assert mail.outbox == []
    task = Task.objects.get(kind=NO_MORE)
    assert (task.participant, task.role) == (visit.participant, "coordinator")
    assert foresight.upcoming(trial_world.trial, [trial_world.site], days=30) == []


def test_what_was_planned_already_is_stopped_at_the_moment_of_sending(trial_world: World) -> None:
    visit = weekly(trial_world)
    only_plan()
    opting_out.by_staff(participant=visit.participant, by=trial_world.by)
    (message,) = outbox_of("weekly_pain")
    send(message.pk)
    message.refresh_from_db()
    assert (message.state, message.reason) == (State.STOPPED, Reason.OPTED_OUT)
    with pytest.raises(Conflict, match="asked for no more messages"):
        by_hand.send_link(participant=visit.participant, visit=visit, by=trial_world.by)


def test_in_place_of_messages_somebody_is_asked_to_see_to_it_once(trial_world: World) -> None:
    visit = weekly(trial_world)
    opting_out.by_staff(participant=visit.participant, by=trial_world.by)
    for _step in range(4):
        run()
        clock.advance(timedelta(hours=12))
    tasks = Task.objects.filter(participant=visit.participant, kind=UNANSWERED)
    assert tasks.filter(about=f"weekly_pain {visit.label()}").count() == 1
    assert len(set(tasks.values_list("about", flat=True))) == tasks.count() >= 2
    assert mail.outbox == []
    other = trial_world.person("bea")
    run()
    assert not Task.objects.filter(participant=other).exists()


def test_a_second_tap_changes_nothing(trial_world: World) -> None:
    trial_world.person()
    run()
    token = no_more_in(mail.outbox[0].body)
    assert opting_out.by_link(token) == opting_out.by_link(token)
    assert OptOut.objects.count() == 1
    assert Task.objects.filter(kind=NO_MORE).count() == 1


def test_each_message_carries_its_link_for_people_and_for_mail_programs(trial_world: World) -> None:
    visit = weekly(trial_world)
    book(trial_world, visit.participant, "2026-05-06T15:30")
    run()
    assert len(mail.outbox) == 3
    for letter in mail.outbox:
        token = no_more_in(letter.body)
        assert letter.extra_headers["List-Unsubscribe"].endswith(f"/q/{token}/no-more/>")
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert visit.participant.number not in token


def test_a_link_in_somebody_elses_mailbox_stops_nothing_once_the_address_is_corrected(trial_world: World) -> None:
    anna = trial_world.person()
    run()
    token = no_more_in(mail.outbox[0].body)
    contacts.save(participant=anna, contact={"email": "right@example.org"}, by=trial_world.by, reason="Mistyped")
    with pytest.raises(NotFound):
        opting_out.by_link(token)


@pytest.mark.parametrize("made_up", ["", "x", "AAAA.BBBB", "A" * 400, "é.é"])
def test_a_made_up_link_is_told_so(trial_world: World, made_up: str) -> None:
    with pytest.raises(NotFound):
        opting_out.by_link(made_up)


def test_a_link_of_one_message_signs_no_other(trial_world: World) -> None:
    trial_world.person("anna")
    trial_world.person("berta")
    run()
    first, second = (no_more_in(letter.body) for letter in mail.outbox)
    mixed = f"{first.partition('.')[0]}.{second.partition('.')[2]}"
    with pytest.raises(NotFound):
        opt_out_links.message_of(mixed)


def test_messages_come_again_once_the_participant_said_so(trial_world: World) -> None:
    visit = weekly(trial_world)
    opting_out.by_staff(participant=visit.participant, by=trial_world.by)
    with pytest.raises(Conflict):
        opting_out.by_staff(participant=visit.participant, by=trial_world.by)
    run()
    assert mail.outbox == []
    with pytest.raises(Problem):
        opting_out.lift(participant=visit.participant, by=trial_world.by, reason=" ")
    opting_out.lift(participant=visit.participant, by=trial_world.by, reason="Asked on the phone today")
    assert not Task.objects.filter(kind=NO_MORE, done_at=None).exists()
    run()
    assert len(mail.outbox) == 2
    with pytest.raises(Conflict):
        opting_out.lift(participant=visit.participant, by=trial_world.by, reason="Asked again")


def test_the_words_of_the_link_tell_nothing_of_the_trial(trial_world: World) -> None:
    trial_world.person()
    run()
    told = mail.outbox[0].body.lower()
    assert protocol_of(trial_world.trial).code.lower() not in told
    assert "study" not in told
