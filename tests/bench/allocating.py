"""Allocations by many clients at once, against single-row commits by as many.

``python -m tests.bench.allocating allocate|submit|insert THREADS`` is one process of clients: it reads the keys it is
to take, says that it is ready, waits for a line, and prints how many it did in how many seconds.
"""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django

PROCESSES, THREADS = 4, 4
PATIENCE = 60


def measure(world: Any, environment: dict[str, str], most: int = 320) -> None:
    """Throughput of both, and their ratio."""
    from tests.bench import report

    keys = _ready(world)[:most]
    clients = PROCESSES * THREADS
    if len(keys) < clients:
        report.not_run("allocation throughput", "too few people are ready to be randomized")
        return
    done, seconds = together("allocate", keys, environment)
    commits, took = together("insert", [f"client-{n}" for n in range(len(keys) * 4)], environment)
    rate, bare = done / seconds, commits / took
    report.line(f"{clients} clients", "a second", "done of")
    report.line("single-row commits", f"{bare:.0f}", f"{commits}/{len(keys) * 4}")
    report.line("allocations", f"{rate:.1f}", f"{done}/{len(keys)}")
    report.line("commits for one allocation", f"{bare / rate:.1f}")
    _check(world, done, report)


def _ready(world: Any) -> list[str]:
    from participants.models import Participant

    ready = Participant.objects.filter(
        trial=world.company.trial,
        state=Participant.State.CONSENTED,
        milestones__kind="first_session_booked",
        decisions__stage="randomization",
    )
    return [str(key) for key in ready.distinct().order_by("id").values_list("pk", flat=True)]


def _check(world: Any, done: int, report: Any) -> None:
    """Every allocation that was answered is there, with a slot of its own."""
    from participants.models import Participant

    left = len(_ready(world))
    randomized = Participant.objects.filter(trial=world.company.trial, state=Participant.State.RANDOMIZED).count()
    report.note(f"{done} receipts; {randomized} participants are randomized now, {left} are still ready.")


def together(task: str, keys: list[str], environment: dict[str, str]) -> tuple[int, float]:
    """Let all clients go at once; how many they did, and the time from the start to the last."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.allocating", task, str(THREADS)]
    pipe = subprocess.PIPE
    clients = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) for _each in range(PROCESSES)
    ]
    try:
        for place, client in enumerate(clients):
            client.stdin.write(json.dumps(keys[place::PROCESSES]) + "\n")  # type: ignore[union-attr]
            client.stdin.flush()  # type: ignore[union-attr]
        for client in clients:
            client.stdout.readline()  # type: ignore[union-attr]
        begun = time.perf_counter()
        for client in clients:
            client.stdin.write("go\n")  # type: ignore[union-attr]
            client.stdin.flush()  # type: ignore[union-attr]
        done = sum(int(client.communicate(timeout=PATIENCE)[0] or 0) for client in clients)
        return done, time.perf_counter() - begun
    finally:
        for client in clients:
            client.kill()


def run(task: str, threads: int) -> None:
    """One process of clients."""
    keys = json.loads(sys.stdin.readline())
    do = {"allocate": _allocate, "submit": _submit, "insert": _insert}[task]
    _warm()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _each: _open(), range(threads)))
        print("ready", flush=True)
        sys.stdin.readline()
        done = sum(pool.map(do, keys))
    print(done, flush=True)


def _warm() -> None:
    """A server has read its protocol long before."""
    from trials.models import Trial
    from trials.queries import protocol_of

    protocol_of(Trial.objects.get())


def _open() -> None:
    from django.db import connection

    connection.ensure_connection()


def _allocate(key: str) -> bool:
    from core.problems import Problem
    from demo.cast import actor, user_of
    from participants.models import Participant
    from randomization import door

    participant = Participant.objects.select_related("trial", "site").get(pk=key)
    try:
        door.allocate(participant=participant, by=actor(user_of("marc")))
    except Problem as problem:
        print(problem.code, problem, file=sys.stderr)
        return False
    return True


def _submit(key: str) -> bool:
    from outcomes.models import Form
    from tests.bench import submitting

    submitting.submit(Form.objects.select_related(*submitting.RELATED).get(pk=key))
    return True


def _insert(key: str) -> bool:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_bare VALUES (%s, %s)", [f"{os.getpid()}-{key}"[:36], "{}"])
    return True


if __name__ == "__main__":
    django.setup()
    run(sys.argv[1], int(sys.argv[2]))
