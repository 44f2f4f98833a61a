"""Sending: once, in the person's language, and only if it should still go."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core import mail

from audit.acts import act
from audit.models import Change, Entry
from core import clock
from outcomes.actions import links
from outcomes.models import Visit
from participants.actions import withdrawal
from reminders.actions import sending
from reminders.models import Message
from tests.unit.reminders.steps import book, go_to, only_plan, outbox_of, run, send, token_in, weekly
from tests.unit.reminders.world import ZONE, World
from trials.models import Trial

State = Message.State
Reason = Message.Reason


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
    assert "1 June 2026" in bodies["anna@example.org"]
    assert "1er juin 2026" in bodies["berthe@example.org"]


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
