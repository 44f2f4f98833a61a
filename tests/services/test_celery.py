"""Real workers and a real beat: mails leave by themselves, once, whatever dies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.rig import Rig, installed, wait_until
from tests.services.smtp import MailServer, serving

pytestmark = pytest.mark.services


@pytest.fixture
def server() -> Iterator[MailServer]:
    with serving() as mail_server:
        yield mail_server


@pytest.fixture(params=["embedded", "production"])
def rig(request: pytest.FixtureRequest, tmp_path: Path, server: MailServer) -> Iterator[Rig]:
    with installed(request.param, tmp_path, server.port) as own:
        yield own


def sweep_more(rig: Rig, times: int = 3) -> None:
    held = rig.sweeps()
    wait_until(lambda: rig.sweeps() >= held + times, f"{times} more sweeps were done")


def test_whatever_the_worker_does_and_dies_of_everybody_is_written_to_once(rig: Rig, server: MailServer) -> None:
    rig.people_consent(3)
    rig.start_beat()
    rig.start_worker("worker1")
    second = rig.start_worker("worker2")
    wait_until(lambda: len(server.received) >= 3, "three mails arrived")
    sweep_more(rig)
    everybody = [f"person{n}@example.org" for n in range(3)]
    assert server.recipients() == everybody
    assert rig.messages() == [("sent", "", 1)] * 3

    server.behaviour = "hold"
    rig.kill(second)
    rig.people_consent(1)
    wait_until(lambda: len(server.received) == 4, "the fourth mail came in")
    rig.kill(rig.running[-1])
    server.behaviour = "accept"
    server.released.set()
    rig.start_worker("worker3")
    sweep_more(rig)
    assert server.recipients() == [*everybody, "person3@example.org"]
    assert rig.messages() == [("sending", "", 1), *[("sent", "", 1)] * 3]


@pytest.mark.parametrize("rig", ["embedded"], indirect=True)
def test_a_refused_mail_fails_visibly_and_an_unreachable_server_is_tried_later(rig: Rig, server: MailServer) -> None:
    server.behaviour = "refuse"
    rig.people_consent(1)
    rig.start_beat()
    rig.start_worker("worker1")
    wait_until(lambda: rig.messages() == [("bounced", "address", 1)], "the refusal was kept")
    server.behaviour = "hang_up"
    rig.people_consent(1)
    wait_until(lambda: ("planned", "unreachable", 1) in rig.messages(), "the message waits for another try")
    sweep_more(rig)
    assert server.received == []
    assert rig.messages() == [("bounced", "address", 1), ("planned", "unreachable", 1)]
