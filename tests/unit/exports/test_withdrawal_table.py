"""What each kind of withdrawal stops, and what it leaves: every cell of the table in the how-to for coordinators."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from accounts.models import User
from audit.actors import Actor
from core import clock
from core.problems import Problem
from demo.cast import actor
from exports import blinded
from outcomes.actions import responses
from outcomes.models import Form
from participants.actions import appointments, contacts, withdrawal
from participants.models import Appointment
from participants.queries import participants_of
from randomization.blindfold import Purpose, unblinded
from reminders.actions.sending import send
from reminders.actions.sweep import REMINDERS, sweep
from reminders.models import Message
from safety.actions import events
from tests.unit.exports.conftest import Story
from tests.unit.exports.world import everybody, files_of
from tests.unit.outcomes.world import participant_actor
from tests.unit.safety.facts import facts
from therapy.actions import sessions
from therapy.models import Assignment


def therapist(story: Story) -> Actor:
    with unblinded(by=story.world.samuel, trial=story.world.trial, purpose=Purpose.SEQUENCE):
        key = Assignment.objects.get(participant=story.treated, until=None).therapist_id
    return actor(User.objects.get(pk=key))


def accepted(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except Problem:
        return False
    return True


def a_session_is_recorded(story: Story) -> bool:
    missed = {"status": "missed", "reason_code": "illness", "held_at": clock.now(), "by": therapist(story)}
    return accepted(lambda: sessions.record(participant=story.treated, number=2, **missed))


def weekly(story: Story) -> Form:
    return Form.objects.get(participant=story.treated, instrument="nprs", visit__code="weekly_pain", visit__number=1)


def an_answer_is_taken(story: Story) -> bool:
    by = participant_actor(story.treated)
    return accepted(lambda: responses.submit(form=weekly(story), answers={"nprs": 3}, by=by))


def a_reminder_is_sent(story: Story) -> bool:
    sweep(by=REMINDERS, hand_over=lambda key: send(message_id=key, by=REMINDERS))
    sent = Message.objects.filter(participant=story.treated, visit__code="weekly_pain", state=Message.State.SENT)
    return sent.exists()


def a_call_is_logged(story: Story) -> bool:
    by = story.world.elise
    told = {"participant": story.treated, "channel": "phone", "outcome": "reached", "by": by}
    return accepted(lambda: contacts.log_attempt(**told))


def the_visit_stays_booked(story: Story) -> bool:
    return Appointment.objects.get(participant=story.treated, purpose="assessment").state == "booked"


def a_visit_can_be_booked(story: Story) -> bool:
    at = clock.now() + timedelta(days=10)
    booked = {"purpose": "assessment", "starts_at": at, "place": "reception", "by": story.world.elise}
    return accepted(lambda: appointments.book(participant=story.treated, **booked))


def answers_are_exported(story: Story) -> bool:
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    return story.treated.number in everybody(files, ["form_odi"])


def the_row_of_the_flow_is_exported(story: Story) -> bool:
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    return story.treated.number in everybody(files)


def an_event_is_reported(story: Story) -> bool:
    return accepted(lambda: events.report(participant=story.treated, facts=facts(), by=story.world.elise))


def an_event_is_exported(story: Story) -> bool:
    events.report(participant=story.treated, facts=facts(), by=story.world.elise)
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    return story.treated.number in everybody(files, ["adverse_events"])


def the_record_is_found(story: Story) -> bool:
    return story.treated in participants_of([story.world.site])


STOPS: dict[Callable[[Story], bool], set[str]] = {
    a_session_is_recorded: {"intervention", "data"},
    a_reminder_is_sent: {"follow_up", "contact", "data"},
    an_answer_is_taken: {"follow_up", "data"},
    a_call_is_logged: {"contact"},
    the_visit_stays_booked: {"follow_up", "data"},
    a_visit_can_be_booked: {"follow_up", "contact", "data"},
    answers_are_exported: {"data"},
    the_row_of_the_flow_is_exported: set(),
    an_event_is_reported: set(),
    an_event_is_exported: {"data"},
    the_record_is_found: set(),
}
"""By what: the withdrawals that stop it. Everything else goes on. The reminder comes before the answer that ends it."""
SCOPES = ("", "intervention", "follow_up", "contact", "data")
DEATH = {"intervention", "follow_up", "contact"}
"""What a death stops, whatever was chosen: all that these stop together. Data stay in use."""


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope or "nothing")
def test_each_stops_what_it_should_and_nothing_else(story: Story, scope: str) -> None:
    assert a_visit_can_be_booked(story)
    clock.advance(timedelta(days=7))
    if scope:
        leave(story, [scope], "no_reason")
    assert what_goes_on(story) == {what.__name__: scope not in stopped for what, stopped in STOPS.items()}


@pytest.mark.parametrize("chosen", [(), ("intervention",), ("contact", "follow_up")])
def test_a_death_stops_sessions_follow_up_and_contact_whatever_was_chosen(
    story: Story, chosen: tuple[str, ...]
) -> None:
    assert a_visit_can_be_booked(story)
    clock.advance(timedelta(days=7))
    leave(story, chosen, "died")
    assert set(story.treated.withdrawals.get().scopes) == DEATH
    assert what_goes_on(story) == {what.__name__: not DEATH & stopped for what, stopped in STOPS.items()}


def leave(story: Story, scopes: Sequence[str], reason: str) -> None:
    """Recorded today; what goes on is asked tomorrow."""
    today = clock.today(story.world.site.time_zone)
    known = {"reason_code": reason, "day": today, "by": story.world.elise}
    withdrawal.withdraw(participant=story.treated, scopes=scopes, **known)
    story.treated.refresh_from_db()
    clock.advance(timedelta(days=1))


def what_goes_on(story: Story) -> dict[str, bool]:
    return {what.__name__: what(story) for what in STOPS}
