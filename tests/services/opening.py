"""``python -m tests.services.opening work|share``: the blind is opened over real connections; prints what came of it.

work: somebody is randomized by API twice at once with one key, a participant's sessions are opened twice at once,
and both datasets are exported.
share: two clients of a pooler that has one connection to the server read by turns, one of them in openings.
"""

import contextvars
import json
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import django

from tests.services.rig import PATIENCE, wait_until


def work() -> dict[str, Any]:
    from django.conf import settings
    from django.db import connection

    from exports import blinded, unblinded
    from tests.cast import STRONG_BACK
    from tests.unit.randomization_db.world import build

    text = STRONG_BACK.read_text(encoding="utf-8").replace("roles: [therapist]", "roles: [coordinator]")
    world = build(text)
    world.activate()
    participant = world.ready()
    answers = _ask_at_once(world, participant)
    by_arm = unblinded.export(trial=world.trial, by=world.samuel, purpose="Report to the committee")
    plain = blinded.export(trial=world.trial, by=world.noor)
    return {
        "answers": answers,
        "notes": _open_at_once(world, participant),
        "rows": {each["file"]: each["rows"] for each in by_arm.manifest["files"]},
        "blinded": sorted(each["file"] for each in plain.manifest["files"]),
        "server_side_cursors": not settings.DATABASES["default"].get("DISABLE_SERVER_SIDE_CURSORS", False),
        "kept": connection.settings_dict["CONN_MAX_AGE"],
    }


def _ask_at_once(world: Any, participant: Any) -> list[list[Any]]:
    """(status, body) of two equal requests, each of which has found the participant before the other goes on."""
    from django.test import Client
    from django.test.utils import setup_test_environment

    from accounts import tokens
    from api.allocations import AllocationDoor
    from tests import cast

    setup_test_environment()
    token = tokens.issue(user=world.cast.elise, purpose="tests", days=1, by=cast.actor(world.cast.elise))[1]

    def ask() -> list[Any]:
        answer = Client().post(
            f"/api/v1/trials/{world.trial.code}/participants/{participant.number}/allocation/",
            {"seen": participant.revision},
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "request-1"},
        )
        return [answer.status_code, answer.json()]

    with _met(AllocationDoor, "participant"):
        return _at_once(ask)


def _open_at_once(world: Any, participant: Any) -> int:
    """How many notes are left of two openings, each of which has found none before the other writes one."""
    from audit.models import Entry
    from randomization import blindfold

    def treat() -> None:
        purpose = blindfold.Purpose.TREAT
        with blindfold.unblinded(by=world.marc, trial=world.trial, purpose=purpose, participant=participant):
            pass

    with _met(blindfold, "_noted_today"):
        _at_once(treat)
    return Entry.objects.filter(verb="blind.open_treat", subject_id=str(participant.pk)).count()


@contextmanager
def _met(owner: Any, name: str) -> Iterator[None]:
    """Whoever has made this call for the first time waits until another has."""
    real, both, seen = getattr(owner, name), threading.Barrier(2, timeout=PATIENCE), set()

    def meet(*arguments: Any, **named: Any) -> Any:
        found = real(*arguments, **named)
        if threading.get_ident() not in seen:
            seen.add(threading.get_ident())
            both.wait()
        return found

    setattr(owner, name, meet)
    try:
        yield
    finally:
        setattr(owner, name, real)


def _at_once(call: Callable[[], Any]) -> list[Any]:
    """What came of it in two threads, each with a connection of its own and the held clock."""
    with ThreadPoolExecutor(2) as pool:
        started = [pool.submit(contextvars.copy_context().run, _then_close, call) for _each in range(2)]
        return [each.result() for each in started]


def _then_close(call: Callable[[], Any]) -> Any:
    from django.db import connection

    try:
        return call()
    finally:
        connection.close()


def share() -> dict[str, Any]:
    """Whether the second client ever reads what only the first has opened."""
    from core import blindfold

    found: dict[str, Any] = {}
    with ThreadPoolExecutor(1) as other:
        found["one_server_connection"] = _server() == other.submit(_server).result()
        with blindfold.lifted():
            asked = _ask_and_wait(other)
            found["inside"] = reads()
        found["waited_while_open"] = asked.result()
        found["by_turns"] = [_opened(), other.submit(reads).result(), _opened(), other.submit(reads).result()]
        found["after_an_error"] = [_fails(), other.submit(reads).result()]
        found["after_a_hang_up"] = [_hangs_up(), other.submit(reads).result()]
        # That the other would see an opening if it were one of the session: what must never be written.
        found["role_of_the_session"] = [_run("SET ROLE armslength_unblinded"), other.submit(reads).result()]
        found["taken_back"] = [_run("RESET ROLE"), other.submit(reads).result()]
        other.submit(_then_close, lambda: None).result()
    return found


def reads() -> bool:
    """Whether this client may read a sealed column just now."""
    from django.db import DatabaseError

    try:
        return _run("SELECT sealed_arm FROM randomization_slot")
    except DatabaseError:
        return False


def _run(sql: str) -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
    return True


def _server() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _ask_and_wait(other: ThreadPoolExecutor) -> "Future[bool]":
    """The other client reads; back as soon as it stands in line for the connection that we hold."""
    from django.conf import settings

    from tests.services.pooler import waiting

    held = settings.DATABASES["default"]
    url = f"postgres://{held['USER']}@{held['HOST']}:{held['PORT']}/{held['NAME']}"
    asked = other.submit(reads)
    wait_until(lambda: waiting(url), "the second client stood in line")
    return asked


def _opened() -> bool:
    from core import blindfold

    with blindfold.lifted():
        return reads()


def _fails() -> bool:
    from core import blindfold

    try:
        with blindfold.lifted():
            _run("SELECT 1 / 0")
    except django.db.DatabaseError:
        return blindfold.is_lifted()
    return True


def _hangs_up() -> bool:
    """Our process dies in the middle of an opening, for all that the pooler can tell."""
    from django.db import Error, connection

    from core import blindfold

    try:
        with blindfold.lifted():
            connection.connection.close()
            _run("SELECT 1")
    except Error:
        connection.close()
    return blindfold.is_lifted()


def main(task: str) -> None:
    from core import clock
    from tests.cast import MONDAY

    with clock.moved_to(MONDAY):
        print(json.dumps(work() if task == "work" else share()))


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1])
