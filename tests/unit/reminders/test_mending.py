"""A person mends what did not arrive: sent again once, or noted as come back."""

import pytest
from django.core import mail

from audit.models import Entry
from core.problems import Conflict, Problem, Refused
from participants.actions import contacts
from participants.models import Task
from reminders.actions import mending, opting_out
from reminders.models import BAD_ADDRESS, Message
from tests import cast
from tests.unit.reminders import test_trouble
from tests.unit.reminders.steps import go_to, run
from tests.unit.reminders.world import World

State, Reason = Message.State, Message.Reason


@pytest.fixture
def bounced(trial_world: World, settings) -> Message:  # type: ignore[no-untyped-def]
    held = settings.EMAIL_BACKEND
    test_trouble.through(settings, test_trouble.Refusing)
    trial_world.person()
    run()
    settings.EMAIL_BACKEND = held
    return Message.objects.select_related("participant__trial", "participant__site", "trial", "site").get()


def test_once_the_address_is_corrected_it_is_sent_again_once(trial_world: World, bounced: Message) -> None:
    contacts.save(
        participant=bounced.participant, contact={"email": "new@example.org"}, by=trial_world.by, reason="Typo"
    )
    mending.send_again(message=bounced, by=trial_world.by, reason="Corrected the address")
    run()
    run()
    (letter,) = mail.outbox
    assert letter.to == ["new@example.org"]
    bounced.refresh_from_db()
    assert (bounced.state, bounced.reason, bounced.tries) == (State.SENT, "", 1)
    entry = Entry.objects.get(verb="message.retry")
    assert (entry.reason, entry.actor_id) == ("Corrected the address", trial_world.by.id)


def test_whether_it_should_still_go_is_asked_again(trial_world: World, bounced: Message) -> None:
    go_to("2026-09-01T10:00")
    mending.send_again(message=bounced, by=trial_world.by, reason="Corrected the address")
    run()
    bounced.refresh_from_db()
    assert (bounced.state, bounced.reason) == (State.STOPPED, Reason.CLOSED)
    assert mail.outbox == []


def test_not_without_a_reason_nor_against_the_wish_of_the_participant(trial_world: World, bounced: Message) -> None:
    with pytest.raises(Problem):
        mending.send_again(message=bounced, by=trial_world.by, reason="")
    opting_out.by_staff(participant=bounced.participant, by=trial_world.by)
    with pytest.raises(Conflict):
        mending.send_again(message=bounced, by=trial_world.by, reason="Corrected the address")


def test_what_arrived_is_not_sent_again_but_may_have_come_back(trial_world: World) -> None:
    trial_world.person()
    run()
    message = Message.objects.select_related("participant__trial", "participant__site", "trial", "site").get()
    with pytest.raises(Conflict):
        mending.send_again(message=message, by=trial_world.by, reason="To be sure")
    mending.came_back(message=message, by=trial_world.by)
    message.refresh_from_db()
    assert (message.state, message.reason) == (State.BOUNCED, Reason.RETURNED)
    assert Task.objects.get(kind=BAD_ADDRESS).about == "email"
    with pytest.raises(Conflict):
        mending.came_back(message=message, by=trial_world.by)


def test_only_who_may_send_links_mends(trial_world: World, bounced: Message) -> None:
    assessor = cast.actor(cast.cast_of(trial_world.trial).amelie)
    with pytest.raises(Refused):
        mending.send_again(message=bounced, by=assessor, reason="Corrected the address")
    with pytest.raises(Refused):
        mending.came_back(message=bounced, by=assessor)
