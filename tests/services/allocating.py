"""``python -m tests.services.allocating build|allocate|ask|facts CODE ...``: many people randomize at once.

Real processes, each in the trial of its code.

build PEOPLE LEFT METHOD: a trial with that many people ready, all of one stratum, whose list has LEFT places left.
allocate NAME THREADS TIMES: a member of the cast asks for everybody so many times, in threads, once a line arrives on
standard input; each answer is a line of its own, so that what a killed process was told is known.
settle: what was allocated, then marc and priya ask for everybody again, then what is allocated now.
ask KEY [die]: the coordinator asks for the first participant through the API; ``die``: killed once it is committed.
facts: what was allocated, and whether seed, list, allocations, dates and the trail agree.
"""

import contextvars
import io
import json
import os
import random
import signal
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import django


def build(code: str, people: int, left: int, method: str) -> None:
    from audit.records import writing
    from randomization.models import Stratum
    from tests import cast
    from tests.unit.randomization_db.world import DESIGN, MINIMIZATION
    from tests.unit.randomization_db.world import build as build_world

    text = cast.STRONG_BACK.read_text(encoding="utf-8").replace("code: STRONG-BACK\n", f"code: {code}\n")
    world = build_world(text.replace("  roles: [therapist]\n", "  roles: [therapist, coordinator]\n"))
    world.activate(MINIMIZATION if method == "minimization" else DESIGN)
    for _person in range(people):
        world.ready()
    with world.opened(), writing():
        Stratum.objects.filter(sequence__trial=world.trial, key="lsiq=high").update(used=106 - left)


def allocate(world: Any, name: str, threads: int, times: int) -> None:
    """Print [study number, "receipt" or the problem's code] of every request."""
    asked, by = _people(world) * times, getattr(world, name)
    # Each process in an order of its own, so that they meet in different places.
    random.Random(os.getpid()).shuffle(asked)
    print("ready", flush=True)
    sys.stdin.readline()
    with ThreadPoolExecutor(threads) as pool:
        # A thread begins without the held clock; each gets a copy of what holds here.
        futures = [pool.submit(contextvars.copy_context().run, _ask, each, by) for each in asked]
        for future in as_completed(futures):
            print(json.dumps(future.result()), flush=True)


def settle(world: Any) -> dict[str, Any]:
    """What the killed processes left, what everybody is told who asks again, and what that leaves."""
    before = facts(world)
    told = {name: [_ask(each, getattr(world, name)) for each in _people(world)] for name in ("marc", "priya")}
    return {"before": before, "told": told, "after": facts(world)}


def _people(world: Any) -> list[Any]:
    return list(world.trial.participants.select_related("trial", "site").order_by("number"))


def _ask(participant: Any, by: Any) -> tuple[str, str]:
    from django.db import connection

    from core.problems import Problem
    from randomization import door

    try:
        return participant.number, door.allocate(participant=participant, by=by).study_number
    except Problem as problem:
        return participant.number, problem.code
    finally:
        connection.close()


def ask(world: Any, key: str, seen: int, *, die: bool) -> dict[str, Any]:
    """The answer to one request through the API, unless the process is killed before it can be given."""
    from django.test import Client

    from accounts import tokens
    from api import allocations
    from tests import cast

    participant = _people(world)[0]
    _token, text = tokens.issue(user=world.cast.elise, purpose="tests", days=30, by=cast.actor(world.cast.elise))
    if die:
        allocations.ReceiptSerializer = _killed  # type: ignore[assignment,misc]
    answer = Client(headers={"host": "localhost"}).post(
        f"/api/v1/trials/{world.trial.code}/participants/{participant.number}/allocation/",
        json.dumps({"seen": seen}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {text}", "Idempotency-Key": key},
    )
    return {"status": answer.status_code, "body": answer.json(), "facts": facts(world)}


def _killed(_receipt: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def facts(world: Any) -> dict[str, Any]:
    """Study numbers by what is there of them, in every table that an allocation touches."""
    from django.core.management import call_command

    from audit.models import Entry
    from participants.models import Milestone
    from randomization import proof, queries

    people = {str(each.pk): each.number for each in _people(world)}
    dates = Milestone.objects.filter(kind="randomized", participant__trial=world.trial)
    verbs = ["participant.randomize", "allocation.take_slot"]
    entries = Entry.objects.filter(verb__in=verbs, chain=str(world.trial.pk))
    call_command("audit", "verify", stdout=io.StringIO())
    with world.opened():
        finding = proof.verify(world.trial)
        return {
            "taken": [(fact.study_number, fact.stratum, fact.position) for fact in queries.allocations(world.trial)],
            "used": {stock.stratum: stock.used for stock in queries.stock(world.trial)},
            "randomized": [each.number for each in _people(world) if each.state == "randomized"],
            "dates": [people[str(key)] for key in dates.values_list("participant_id", flat=True)],
            "entries": [people[key] for key in entries.values_list("subject_id", flat=True)],
            "finding": finding.sentence if finding else None,
        }


def _world(code: str) -> Any:
    from tests import cast
    from tests.unit.randomization_db.world import World
    from trials.models import Trial

    trial = Trial.objects.get(code=code)
    return World(trial, cast.cast_of(trial))


def main(task: str, code: str, *arguments: str) -> None:
    from core import clock
    from tests.cast import MONDAY

    with clock.moved_to(MONDAY):
        if task == "build":
            build(code, int(arguments[0]), int(arguments[1]), arguments[2])
            return
        world = _world(code)
        if task == "allocate":
            allocate(world, arguments[0], int(arguments[1]), int(arguments[2]))
        elif task == "ask":
            print(json.dumps(ask(world, arguments[0], int(arguments[1]), die=arguments[2:] == ("die",))))
        else:
            print(json.dumps({"settle": settle, "facts": facts}[task](world)))


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
