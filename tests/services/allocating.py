"""``python -m tests.services.allocating build|allocate|facts``: many people randomize at once, in real processes.

build PEOPLE LEFT: a trial with that many people ready, all of one stratum, whose list has LEFT places left.
allocate NAME THREADS: a member of the cast asks for everybody, in threads, once a line arrives on standard input.
facts: what was allocated, and whether seed, list and allocations agree.
"""

import contextvars
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django


def build(people: int, left: int) -> dict[str, Any]:
    from audit.records import writing
    from randomization.blindfold import Purpose, unblinded
    from randomization.models import Stratum
    from tests.unit.randomization_db.world import build as build_world

    world = build_world()
    world.activate()
    for _person in range(people):
        world.ready()
    with unblinded(by=world.samuel, trial=world.trial, purpose=Purpose.SEQUENCE), writing():
        Stratum.objects.filter(key="lsiq=high").update(used=106 - left)
    return {}


def allocate(name: str, threads: int) -> list[tuple[str, str]]:
    """(study number, "receipt" or the problem's code) of every request."""
    from participants.models import Participant

    asked = list(Participant.objects.select_related("trial", "site").order_by("number"))
    by = getattr(_world(), name)
    print("ready", flush=True)
    sys.stdin.readline()
    with ThreadPoolExecutor(threads) as pool:
        # A thread begins without the held clock; each gets a copy of what holds here.
        futures = [pool.submit(contextvars.copy_context().run, _ask, each, by) for each in asked]
        return [future.result() for future in futures]


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


def facts() -> dict[str, Any]:
    from randomization import queries
    from randomization.blindfold import Purpose, unblinded

    world = _world()
    with unblinded(by=world.samuel, trial=world.trial, purpose=Purpose.SEQUENCE):
        taken = [(fact.study_number, fact.stratum, fact.position) for fact in queries.allocations(world.trial)]
        used = {stock.stratum: stock.used for stock in queries.stock(world.trial)}
    return {"taken": taken, "used": used}


def _world() -> Any:
    from tests import cast
    from tests.unit.randomization_db.world import World
    from trials.models import Trial

    trial = Trial.objects.get()
    return World(trial, cast.cast_of(trial))


def main(task: str, *arguments: str) -> None:
    from core import clock
    from tests.cast import MONDAY

    with clock.moved_to(MONDAY):
        if task == "build":
            done: Any = build(int(arguments[0]), int(arguments[1]))
        elif task == "allocate":
            done = allocate(arguments[0], int(arguments[1]))
        else:
            done = facts()
    print(json.dumps(done))


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
