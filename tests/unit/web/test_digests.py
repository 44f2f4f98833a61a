"""The daily mail to the staff: once, on working mornings, the numbers of the home page and nothing of anybody."""

import smtplib
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db.models import QuerySet
from django.test import Client

from accounts.roles import ROLES, Role
from audit.models import Entry
from config.celery import app
from core import clock
from outcomes.actions import enrolment
from participants.actions import appointments
from reminders.actions.sending import send
from reminders.actions.sweep import REMINDERS, sweep
from reminders.models import Digest, Message
from safety.actions import events
from tests import cast
from tests.integration.coordinators.world import World
from tests.unit.reminders.world import ZONE
from tests.unit.safety.facts import facts
from trials.actions import memberships
from trials.models import Membership
from web.digests.tasks import digest

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 5, 5, 7, 0, tzinfo=ZONE)
"""A Tuesday."""
State = Message.State


@pytest.fixture
def world():  # type: ignore[no-untyped-def]
    with clock.moved_to(MORNING - timedelta(days=1)):
        made = World.build()
        made.consented()
        clock.advance(timedelta(days=1))
        mail.outbox.clear()
        yield made


def letter_to(world: World, who: str) -> mail.EmailMessage:
    (found,) = [each for each in mail.outbox if each.to == [getattr(world.cast, who).email]]
    return found


def tried() -> QuerySet[Digest]:
    """The mails of those for whom there is something."""
    return Digest.objects.exclude(state=State.STOPPED)


def test_each_gets_the_numbers_of_their_home_page_once_a_day(world: World) -> None:
    digest()
    digest()
    body = letter_to(world, "elise").body
    figures = {line.partition(": ")[0]: line.partition(": ")[2] for line in body.splitlines() if ": " in line}
    home = Client()
    home.force_login(world.cast.elise)
    page = home.get(world.url("coordinators:home")).content.decode()
    assert figures
    for label, count in figures.items():
        assert f'<h2>{label} <span class="muted">{count}</span></h2>' in page
    assert len(figures) == page.count('<span class="muted">')
    assert letter_to(world, "amelie").subject == "What is due today"
    clock.advance(timedelta(days=1))
    mail.outbox.clear()
    digest()
    assert letter_to(world, "elise")


def test_it_names_nobody_and_no_form(world: World) -> None:
    digest()
    number = world.trial.participants.get().number
    for letter in mail.outbox:
        for word in (number, cast.person(0)["name"].split()[0], "Baseline", "LSIQ", "pain", "MedX"):
            assert word not in letter.body + letter.subject
        assert world.url("trial_home") in letter.body


def test_only_who_has_a_worklist_here_is_told(world: World) -> None:
    digest()
    told = {address for letter in mail.outbox for address in letter.to}
    people = Membership.objects.filter(role__in=("coordinator", "assessor"), ended_at=None)
    assert told == set(people.values_list("user__email", flat=True))
    membership = Membership.objects.get(user=world.cast.elise, role="coordinator")
    memberships.end(membership=membership, reason="Left the team", by=cast.actor(world.cast.noor))
    clock.advance(timedelta(days=1))
    mail.outbox.clear()
    digest()
    assert world.cast.elise.email not in {address for letter in mail.outbox for address in letter.to}


@pytest.mark.parametrize(
    ("later", "leaves"),
    [
        (timedelta(minutes=-1), False),
        (timedelta(), True),
        (timedelta(hours=4, minutes=59), True),
        (timedelta(hours=5), False),
        (timedelta(days=4), False),
        (timedelta(days=6), True),
    ],
)
def test_it_leaves_on_working_mornings_only(world: World, later: timedelta, leaves: bool) -> None:
    clock.advance(later)
    digest()
    assert bool(mail.outbox) is leaves


def test_therapists_hear_of_first_sessions_and_nothing_of_it_is_in_the_open_trail(world: World) -> None:
    participant = world.trial.participants.get()
    for days in (0, 3):
        starts_at = clock.now() + timedelta(days=days, hours=4)
        booked = enrolment.book_appointment(
            participant=participant, purpose="session", starts_at=starts_at, place="reception", by=world.coordinator
        )
        digest()
        told = letter_to(world, "marc").body
        assert ("First sessions today: 1" if days == 0 else "First sessions in the next 7 days: 1") in told
        appointments.cancel(appointment=booked, reason_code="participant", by=world.coordinator)
        clock.advance(timedelta(days=1))
        mail.outbox.clear()
    roles = Entry.objects.filter(verb="digest.send").exclude(secrecy="unblinding").count()
    open_ones = [each for each in Digest.objects.all() if not ROLES[Role(each.role)].unblinding]
    assert roles == len(open_ones)


def test_investigators_hear_what_is_to_be_judged(world: World) -> None:
    events.report(
        participant=world.trial.participants.get(),
        facts=facts(onset="2026-05-05", ended="2026-05-05"),
        by=world.coordinator,
    )
    digest()
    assert "Events to judge: 1" in letter_to(world, "helen").body


def test_data_managers_hear_of_messages_that_did_not_arrive(world: World, settings) -> None:  # type: ignore[no-untyped-def]
    held = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Dropping"
    clock.advance(timedelta(hours=3))
    sweep(by=REMINDERS, hand_over=lambda key: send(message_id=key, by=REMINDERS))
    settings.EMAIL_BACKEND = held
    digest()
    assert "Messages not delivered: 2" in letter_to(world, "noor").body


def test_it_can_be_switched_off(world: World, settings) -> None:  # type: ignore[no-untyped-def]
    settings.STAFF_DIGEST_AT = ""
    digest()
    assert mail.outbox == []


def test_with_nothing_due_nothing_is_sent_that_day(settings) -> None:  # type: ignore[no-untyped-def]
    with clock.moved_to(MORNING):
        made = World.build()
        mail.outbox.clear()
        digest()
        assert mail.outbox == []
        assert set(Digest.objects.values_list("state", flat=True)) == {State.STOPPED}
        made.consented()
        digest()
        assert mail.outbox == []


class Away(EmailBackend):
    def open(self) -> bool:
        raise ConnectionRefusedError


class Dropping(EmailBackend):
    def send_messages(self, messages):  # type: ignore[no-untyped-def]
        raise smtplib.SMTPServerDisconnected("gone")


def test_a_server_that_is_away_is_tried_again_and_a_lost_answer_is_not(world: World, settings) -> None:  # type: ignore[no-untyped-def]
    held = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Away"
    digest()
    assert set(tried().values_list("state", flat=True)) == {State.PLANNED}
    settings.EMAIL_BACKEND = f"{__name__}.Dropping"
    clock.advance(timedelta(minutes=15))
    digest()
    assert set(tried().values_list("state", flat=True)) == {State.UNCERTAIN}
    settings.EMAIL_BACKEND = held
    clock.advance(timedelta(minutes=15))
    digest()
    assert mail.outbox == []


def test_everybody_is_written_to_in_their_language_and_it_is_in_the_trail(world: World) -> None:
    elise = world.cast.elise
    elise.language = "fr"
    elise.save()
    digest()
    assert letter_to(world, "elise").body.startswith("Bonjour")
    assert Entry.objects.filter(verb="digest.send").count() == Digest.objects.count()


def test_the_beat_asks_for_it() -> None:
    entry = app.conf.beat_schedule["digest"]
    assert entry["task"] == digest.name
    assert entry["schedule"] <= 900
