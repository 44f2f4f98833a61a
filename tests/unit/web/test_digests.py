"""The daily mail to the staff: once, on working mornings, the numbers of the home page and nothing of anybody."""

import smtplib
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from audit.models import Entry
from config.celery import app
from core import clock
from reminders.models import Digest, Message
from tests import cast
from tests.integration.coordinators.world import World
from tests.unit.reminders.world import ZONE
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
    assert set(Digest.objects.values_list("state", flat=True)) == {State.PLANNED}
    settings.EMAIL_BACKEND = f"{__name__}.Dropping"
    clock.advance(timedelta(minutes=15))
    digest()
    assert set(Digest.objects.values_list("state", flat=True)) == {State.UNCERTAIN}
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
