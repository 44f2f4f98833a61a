"""A thousand messages are due, and everything dies while they are sent: none is sent twice, none is forgotten."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import psycopg2
import pytest
import redis

from tests.services.rig import Rig, installed, wait_until
from tests.services.smtp import MailServer, serving

pytestmark = pytest.mark.services
PEOPLE, EACH = 100, 10
DUE = PEOPLE * EACH
AT_A_TIME = 4
"""Two workers of two processes each: so many messages at most are in the middle of being sent."""


@pytest.fixture
def server() -> Iterator[MailServer]:
    with serving() as mail_server:
        yield mail_server


@pytest.fixture
def rig(tmp_path: Path, server: MailServer) -> Iterator[Rig]:
    with installed("production", tmp_path, server.port) as own:
        yield own


def told_of(server: MailServer) -> Counter[tuple[str, str]]:
    """How often each text came in, by whom it went to and the time it names."""
    texts = [(str(mail["To"]), mail.get_content()) for mail in list(server.received)]
    return Counter((to, text.partition("Time: ")[2].partition("\n")[0].strip()) for to, text in texts)


def states(rig: Rig) -> Counter[str]:
    return Counter(state for state, _reason, _tries in rig.messages())


def kill_in_the_middle(rig: Rig, server: MailServer, workers: list[str]) -> None:
    """Hold the server's answers, kill every worker while a text is in, and let the server go on."""
    server.released = threading.Event()
    server.behaviour = "hold"
    seen = len(server.received)
    wait_until(lambda: len(server.received) > seen, "a text came in and waits for its answer")
    for process in [each for each in rig.running if "worker" in each.args]:
        rig.kill(process)
    server.behaviour = "accept"
    server.released.set()
    for name in workers:
        rig.start_worker(name)


def empty_redis(rig: Rig) -> None:
    """As a flush would for this installation; the server is shared."""
    with closing(redis.Redis.from_url(rig.environment["REDIS_URL"])) as connection:
        for key in connection.scan_iter(f"{rig.environment['REDIS_PREFIX']}*"):
            connection.delete(key)


def make_older(rig: Rig) -> None:
    """As if twenty minutes had passed since messages were taken up, without waiting for them."""
    with closing(psycopg2.connect(rig.owner["DATABASE_URL"])) as connection, connection:
        connection.cursor().execute("UPDATE reminders_message SET claimed_at = claimed_at - interval '20 minutes'")


def test_a_thousand_due_messages_are_sent_once_each_or_known_to_be_uncertain(rig: Rig, server: MailServer) -> None:
    printed = rig.run("-m", "tests.services.many_due", str(PEOPLE), str(EACH), DJANGO_SETTINGS_MODULE="tests.settings")
    booked = {key: tuple(mail) for key, mail in json.loads(printed).items()}
    assert len(set(booked.values())) == DUE
    rig.start_beat()
    rig.start("beat2", "beat", "--loglevel", "INFO", "--schedule", str(rig.folder / "schedule2"))
    rig.start_worker("worker1")
    rig.start_worker("worker2")

    wait_until(lambda: len(server.received) >= 150, "150 mails came in")
    kill_in_the_middle(rig, server, ["worker3", "worker4"])
    wait_until(lambda: len(server.received) >= 350, "350 mails came in")
    empty_redis(rig)
    wait_until(lambda: len(server.received) >= 500, "500 mails came in")
    server.behaviour = "drop"
    wait_until(lambda: states(rig)["uncertain"] >= 3, "three answers were lost")
    server.behaviour = "accept"
    kill_in_the_middle(rig, server, ["worker5", "worker6"])
    wait_until(
        lambda: states(rig).total() == DUE and not states(rig)["planned"] and states(rig)["sending"] <= 2 * AT_A_TIME,
        "nothing waits any more",
    )

    held = rig.sweeps()
    wait_until(lambda: rig.sweeps() >= held + 3, "three more sweeps were done")
    make_older(rig)
    wait_until(lambda: not states(rig)["sending"], "what the dead workers held is known to be uncertain")
    held = rig.sweeps()
    wait_until(lambda: rig.sweeps() >= held + 3, "three more sweeps were done")

    came = told_of(server)
    assert max(came.values()) == 1
    rows = rig.rows("SELECT appointment_id, state, tries FROM reminders_message")
    assert len(rows) == DUE
    assert {state for _key, state, _tries in rows} == {"sent", "uncertain"}
    for key, state, tries in rows:
        assert tries == 1
        if state == "sent":
            assert came[booked[str(UUID(str(key)))]] == 1
    uncertain = [booked[str(UUID(str(key)))] for key, state, _tries in rows if state == "uncertain"]
    assert 4 <= len(uncertain) < DUE / 10
    assert sum(came[mail] for mail in uncertain) >= 2
