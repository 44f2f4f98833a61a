"""Text messages by a real worker through a real gateway: once each, whatever it answers and whoever dies."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.gateway import Gateway, answering
from tests.services.rig import Rig, installed, wait_until

pytestmark = pytest.mark.services


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with answering() as own:
        yield own


@pytest.fixture
def rig(tmp_path: Path, gateway: Gateway) -> Iterator[Rig]:
    with installed("embedded", tmp_path, mail_port=9) as own:
        own.environment["SMS_URL"] = gateway.url.replace("rto=1", "rto=30")
        yield own


def states(rig: Rig) -> Counter[str]:
    return Counter(state for state, _reason, _tries in rig.messages())


def test_each_number_gets_its_text_once_and_the_log_keeps_none(rig: Rig, gateway: Gateway) -> None:
    arguments = ("-m", "tests.services.many_due", "4", "1", "phone")
    booked = json.loads(rig.run(*arguments, DJANGO_SETTINGS_MODULE="tests.settings"))
    gateway.behaviour = "hold"
    rig.start_beat()
    worker = rig.start_worker("worker1")
    wait_until(lambda: gateway.received, "a text came in and waits for its answer")
    rig.kill(worker)
    gateway.behaviour = "accept"
    gateway.released.set()
    rig.start_worker("worker2")
    wait_until(lambda: states(rig)["planned"] == 0 and states(rig).total() == 4, "nothing waits any more")
    done = rig.sweeps()
    wait_until(lambda: rig.sweeps() >= done + 3, "three more sweeps were done")
    came = Counter((each["to"], each["message"].partition(", ")[2][:3]) for each in gateway.received)
    assert set(came.values()) == {1}
    assert {number for number, _when in came} <= {number for number, _when in booked.values()}
    assert set(states(rig)) == {"sending", "sent"}
    assert states(rig)["sent"] <= len(gateway.received) <= states(rig).total()
    logs = "".join(path.read_text(errors="replace") for path in rig.folder.glob("*.log"))
    for secret in ("514555", "secret-token", "/no-more/"):
        assert secret not in logs
