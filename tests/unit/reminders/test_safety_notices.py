"""Those who act on serious events are told at once, and again when time has run out; no arm, no assessor."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core import mail

from accounts.roles import Role
from audit.models import Entry
from core import clock
from participants.models import Participant
from reminders.actions.safety_notices import escalate
from reminders.actions.sweep import REMINDERS
from reminders.channels import NotDelivered
from reminders.models import Message
from review.actions.locks import lock_trial
from safety.actions import causality, deviations, events
from safety.models import AdverseEvent, Clock
from tests.cast import Cast, actor, hold_as_well
from tests.unit.participants.conftest import _monday, cast, consented, trial
from tests.unit.safety.facts import SERIOUS, facts
from trials.models import Trial

__all__ = ["_monday", "cast", "consented", "trial"]


@pytest.fixture
def event(consented: Participant, cast: Cast) -> AdverseEvent:
    return events.report(participant=consented, facts=facts(**SERIOUS), text="In hospital.", by=actor(cast.elise))


def receivers() -> set[str]:
    return {each.to[0].partition("@")[0] for each in mail.outbox}


def test_investigators_and_safety_physicians_are_told_once(event: AdverseEvent) -> None:
    assert escalate(by=REMINDERS) == 2
    assert receivers() == {"helen", "leila"}
    assert escalate(by=REMINDERS) == 0
    told = mail.outbox[0]
    assert told.subject == f"{event.participant.number}: a serious event is reported"
    assert f"/safety/{event.pk}/" in told.body
    for word in ("hospital", "strain", "Strain", "MC+ILEX", "RT", "Lise"):
        assert word not in told.body


def test_a_time_that_ran_out_is_told_to_more_people_and_once(event: AdverseEvent) -> None:
    escalate(by=REMINDERS)
    mail.outbox.clear()
    clock.advance(timedelta(hours=25))
    assert escalate(by=REMINDERS) == 4
    assert receivers() == {"helen", "leila", "elise", "noor"}
    assert "time limit of a serious event has passed" in mail.outbox[0].subject
    assert escalate(by=REMINDERS) == 0
    clock.advance(timedelta(days=15))
    assert escalate(by=REMINDERS) == 4


def test_what_is_met_is_not_told(event: AdverseEvent, cast: Cast) -> None:
    escalate(by=REMINDERS)
    opinion = {"intervention": "unlikely", "procedures": "unrelated", "expected_as": ""}
    causality.judge(event=event, by=actor(cast.helen), **opinion)
    clock.advance(timedelta(hours=25))
    assert escalate(by=REMINDERS) == 0


def test_while_nobody_is_reached_the_next_round_tries_again(event: AdverseEvent) -> None:
    with patch("reminders.channels.send_mail", side_effect=NotDelivered(Message.Reason.UNREACHABLE, again=True)):
        assert escalate(by=REMINDERS) == 0
    assert not Clock.objects.exclude(told_at=None).exists()
    assert escalate(by=REMINDERS) == 2
    assert Entry.objects.get(verb="clock.tell").facts == {"told": 2, "not_reached": 0}


def test_whoever_also_assesses_hears_of_no_event(event: AdverseEvent, cast: Cast) -> None:
    hold_as_well(cast.helen, event.participant.trial, Role.ASSESSOR)
    assert escalate(by=REMINDERS) == 1
    assert receivers() == {"leila"}


def test_in_a_locked_trial_nobody_is_told(event: AdverseEvent, cast: Cast, trial: Trial) -> None:
    lock_trial(trial=trial, reason="End", by=actor(cast.noor))
    assert escalate(by=REMINDERS) == 0


def test_a_review_that_is_late_is_told_once_without_what_it_is(consented: Participant, cast: Cast) -> None:
    known = {"kind": "blinding", "importance": "important", "cause": "staff", "remedy": "none"}
    day = clock.today(consented.site.time_zone)
    held = deviations.record(participant=consented, happened_on=day, by=actor(cast.elise), **known)
    assert escalate(by=REMINDERS) == 0
    clock.advance(timedelta(days=7, hours=1))
    assert escalate(by=REMINDERS) == 2
    assert receivers() == {"helen", "noor"}
    told = mail.outbox[0]
    assert told.subject == f"{consented.number}: the review of a deviation is late"
    for word in ("Blinding", "blinding", "MC+ILEX", "RT", "Elise", "Staff"):
        assert word not in told.body
    assert escalate(by=REMINDERS) == 0
    held.refresh_from_db()
    assert held.warned_at == clock.now()


def test_what_is_reviewed_in_time_is_told_to_nobody(consented: Participant, cast: Cast) -> None:
    known = {"kind": "blinding", "importance": "important", "cause": "staff", "remedy": "none"}
    day = clock.today(consented.site.time_zone)
    held = deviations.record(participant=consented, happened_on=day, by=actor(cast.elise), **known)
    deviations.review(deviation=held, by=actor(cast.helen))
    clock.advance(timedelta(days=8))
    assert escalate(by=REMINDERS) == 0


def test_events_that_are_not_serious_are_told_to_nobody(consented: Participant, cast: Cast) -> None:
    events.report(participant=consented, facts=facts(), by=actor(cast.elise))
    assert escalate(by=REMINDERS) == 0
