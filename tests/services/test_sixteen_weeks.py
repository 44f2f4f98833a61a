"""A clock driven through two changes of daylight saving and 16 weeks for 100 people: the ledger, to the message."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
import yaml
from django.core import mail

from core import clock
from outcomes.models import Visit
from participants.actions import withdrawal
from participants.models import Participant
from reminders.actions import opting_out, sending
from reminders.actions.sweep import REMINDERS, sweep
from reminders.models import Message
from tests import cast
from tests.services import sixteen_weeks as said
from tests.services.sixteen_weeks import CLOCKS_CHANGE, FIRST, LAST, PEOPLE, WEEKS, ZONE
from tests.unit.reminders.world import World

pytestmark = [pytest.mark.services, pytest.mark.django_db]
TEXTS: list[tuple[str, str]] = []


def keep(number: str, text: str) -> None:
    TEXTS.append((number, text))


def protocol_text() -> str:
    """STRONG-BACK with its weekly and 16-week reminders alone."""
    document = yaml.safe_load(cast.STRONG_BACK.read_text(encoding="utf-8"))
    kept = ("weekly_pain", "week16_forms")
    document["reminders"] = [{**each} for each in document["reminders"] if each["code"] in kept]
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


class Story:
    """A hundred people and the days on which they do something."""

    def __init__(self) -> None:
        self.trial = cast.make_trial(protocol_text())
        self.world = World(self.trial, cast.first_site(self.trial), cast.actor(cast.cast_of(self.trial).elise))
        self.people: dict[int, Participant] = {}

    def run(self) -> int:
        """One sweep, with a worker that sends at once; how many messages were planned."""
        return sweep(by=REMINDERS, hand_over=lambda key: sending.send(message_id=key, by=REMINDERS)).planned

    def morning(self, day: date) -> None:
        self.go_to(day, time(9))
        self.run()

    def noon(self, day: date) -> None:
        """People answer, leave, and come in."""
        self.go_to(day, time(12))
        for person, participant in self.people.items():
            self._answer(person, participant, day)
            if said.leaves_on(person) == day:
                self._leave(person, participant, day)
        for person in range(PEOPLE):
            if said.randomized_on(person) == day:
                self._come(person, day)

    def go_to(self, day: date, at: time) -> None:
        clock.advance(datetime.combine(day, at, ZONE) - clock.now())

    def _come(self, person: int, day: date) -> None:
        phone = f"514 555 {1000 + person}" if said.has_a_number(person) else ""
        self.people[person] = self.world.person(f"person{person}", phone=phone)
        self.world.randomize(self.people[person], day)

    def _answer(self, person: int, participant: Participant, day: date) -> None:
        left = said.leaves_on(person)
        week = (day - said.randomized_on(person)).days // 7
        if not 1 <= week <= WEEKS or (left is not None and left < day):
            return
        after = said.answers_after(person, week)
        opens = said.randomized_on(person) + timedelta(days=7 * week)
        if after is not None and day == opens + timedelta(days=after - 1):
            visits = Visit.objects.select_related("participant__trial", "participant__site")
            self.world.rate(visits.get(participant=participant, code="weekly_pain", number=week))

    def _leave(self, person: int, participant: Participant, day: date) -> None:
        if person % 10 == said.OPTS_OUT:
            opting_out.by_staff(participant=participant, by=self.world.by)
            return
        reason = "died" if person % 10 == said.DIES else "no_reason"
        withdrawal.withdraw(
            participant=participant, scopes=["follow_up"], reason_code=reason, day=day, by=self.world.by
        )


def ledger(story: Story) -> list[said.Line]:
    """What was sent, as the program's own rows tell."""
    people = {participant.pk: person for person, participant in story.people.items()}
    rows = Message.objects.filter(state=Message.State.SENT).select_related("visit")
    return [
        said.Line(
            people[each.participant_id],
            each.rule,
            each.visit.number or 1 if each.visit else 0,
            each.number,
            each.channel,
            each.sent_at.astimezone(ZONE),  # type: ignore[union-attr]
        )
        for each in rows
    ]


def test_the_ledger_is_what_the_protocol_says_to_the_message(settings) -> None:  # type: ignore[no-untyped-def]
    settings.SMS_SINK = f"{__name__}.keep"
    TEXTS.clear()
    with clock.moved_to(datetime.combine(FIRST, time(8), ZONE)):
        story = Story()
        day = FIRST
        while day <= LAST:
            if any(abs((day - change).days) <= 1 for change in CLOCKS_CHANGE):
                story.go_to(day, time(8, 59))
                assert story.run() == 0
            story.morning(day)
            if day.weekday() == 0:
                assert story.run() == 0
            story.noon(day)
            day += timedelta(days=1)
        sent, wanted = Counter(ledger(story)), Counter(said.expected())
        assert sent - wanted == Counter(), "sent, and not in the protocol"
        assert wanted - sent == Counter(), "in the protocol, and not sent"
        assert Message.objects.exclude(state=Message.State.SENT).count() == 0
    by_mail = Counter(f"person{line.person}@example.org" for line in wanted if line.channel == "email")
    assert Counter(letter.to[0] for letter in mail.outbox) == by_mail
    by_text = Counter(f"+1514555{1000 + line.person}" for line in wanted if line.channel == "sms")
    assert Counter(number for number, _text in TEXTS) == by_text
    assert len(wanted) > 2000
