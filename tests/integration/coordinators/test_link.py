"""Sending the questionnaire link by hand."""

import pytest
from django.core import mail
from django.test import Client

from outcomes.models import Link
from participants.models import Participant
from reminders import channels
from reminders.models import Message
from reminders.outcomes import NotDelivered
from tests import cast as people
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db


def url(world: World, participant: Participant) -> str:
    return world.url("coordinators:link", number=participant.number)


def visit(participant: Participant) -> str:
    return str(participant.visits.get(code="baseline").pk)


def test_walls(world: World) -> None:
    check_walls(world, "coordinators:link", number=world.consented().number)


def test_sent_in_their_language_and_listed(world: World, elise: Client) -> None:
    participant = world.consented(language="fr", contact=people.person(4))
    body = elise.post(url(world, participant), {"visit": visit(participant)}, follow=True).content.decode()
    assert mail.outbox[0].to == ["person4@example.org"]
    assert "/q/" in mail.outbox[0].body
    assert Message.objects.get().state == Message.State.SENT
    assert "by hand" in body
    assert "person4@example.org" not in body
    assert Link.objects.count() == 1


def test_without_an_address(world: World, elise: Client) -> None:
    participant = world.consented(contact={"name": "A B", "phone": "5145550101"})
    response = elise.post(url(world, participant), {"visit": visit(participant)})
    assert response.status_code == 422
    assert "no e-mail address" in response.content.decode()
    assert not Link.objects.exists()


def test_a_mail_that_does_not_leave_is_told(world: World, elise: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: str) -> None:
        raise NotDelivered(Message.Reason.UNREACHABLE, again=True)

    monkeypatch.setattr(channels, "send_mail", fail)
    participant = world.consented()
    response = elise.post(url(world, participant), {"visit": visit(participant)})
    assert response.status_code == 422
    assert "did not leave" in response.content.decode()
    assert Message.objects.get().state == Message.State.FAILED


def test_nothing_open_and_a_visit_of_somebody_else(world: World, elise: Client) -> None:
    assert "No questions are open" in elise.get(url(world, world.eligible())).content.decode()
    participant, other = world.consented(), world.consented()
    assert elise.post(url(world, participant), {"visit": visit(other)}).status_code == 422
