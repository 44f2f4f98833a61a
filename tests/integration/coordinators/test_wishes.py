"""No more messages, as the participant told somebody; and again."""

import pytest
from django.test import Client

from reminders.actions import opting_out
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db


def test_walls(world: World) -> None:
    check_walls(world, "coordinators:wishes", number=world.consented().number)


def test_stopped_and_resumed(world: World, elise: Client) -> None:
    participant = world.consented()
    url = world.url("coordinators:wishes", number=participant.number)
    record = elise.get(world.url("record", number=participant.number)).content.decode()
    assert url in record
    assert "No more messages are sent." in elise.post(url, follow=True).content.decode()
    assert opting_out.current(participant) is not None
    assert "as the participant asked" in elise.get(url).content.decode()
    told = "asked for no more e-mails and text messages"
    assert told in elise.get(world.url("record", number=participant.number)).content.decode()
    assert told not in world.browser("amelie").get(world.url("record", number=participant.number)).content.decode()
    assert elise.post(url, {"reason": ""}).status_code == 422
    elise.post(url, {"reason": "Asked on the phone on 2 March"})
    assert opting_out.current(participant) is None
