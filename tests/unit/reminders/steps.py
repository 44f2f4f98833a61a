"""Steps of tests of reminders: sweeping, sending, and getting somebody to where a message is due."""

import re
from datetime import date, datetime
from uuid import UUID

from core import clock
from outcomes.models import Visit
from participants.actions import appointments
from participants.models import Participant
from reminders.actions import sending
from reminders.actions.sweep import REMINDERS, Swept, sweep
from reminders.models import Message
from tests.unit.reminders.world import ZONE, World


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


def book(trial_world: World, participant: Participant, local: str, purpose: str = "assessment"):  # type: ignore[no-untyped-def]
    starts_at = datetime.fromisoformat(local).replace(tzinfo=ZONE)
    return appointments.book(
        participant=participant, purpose=purpose, starts_at=starts_at, place="reception", by=trial_world.by
    )
