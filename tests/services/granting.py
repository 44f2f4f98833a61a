"""``python -m tests.services.granting``: two roles, one blinded and one not, are given to one person at once.

Prints what the second was told and the roles the person holds afterwards.
"""

import contextvars
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django

from tests.services.rig import PATIENCE


def at_once() -> dict[str, Any]:
    """The first role is given but not yet committed when the second is on its way."""
    from django.db import transaction

    from accounts.models import User
    from accounts.roles import Role
    from tests import cast
    from trials.actions import memberships
    from trials.models import Membership

    trial = cast.make_trial(recruiting=False)
    sam = User.objects.create_user("sam@example.org", "Sam Lee")
    noor = cast.actor(User.objects.get(email="noor@example.org"))
    on_its_way = threading.Event()
    said: list[str] = []
    with transaction.atomic():
        memberships.grant(user=sam, trial=trial, role=Role.MONITOR, by=noor)
        with _announced(memberships, on_its_way):
            here = contextvars.copy_context()
            second = threading.Thread(target=here.run, args=(_grant, sam, trial, Role.STATISTICIAN, noor, said))
            second.start()
            reached = on_its_way.wait(PATIENCE)
    second.join(PATIENCE)
    held = Membership.objects.filter(user=sam).values_list("role", flat=True)
    return {"reached": reached, "said": said, "held": sorted(held)}


@contextmanager
def _announced(module: Any, reached: threading.Event) -> Iterator[None]:
    """Say when somebody is about to open the transaction of an act."""
    real = module.act

    def act(*arguments: Any, **named: Any) -> Any:
        reached.set()
        return real(*arguments, **named)

    module.act = act
    try:
        yield
    finally:
        module.act = real


def _grant(user: Any, trial: Any, role: Any, by: Any, said: list[str]) -> None:
    from django.db import connection

    from core.problems import Problem
    from trials.actions import memberships

    try:
        memberships.grant(user=user, trial=trial, role=role, by=by)
        said.append("granted")
    except Problem as problem:
        said.append(problem.code)
    finally:
        connection.close()


def main() -> None:
    from core import clock
    from tests.cast import MONDAY

    with clock.moved_to(MONDAY):
        print(json.dumps(at_once()))


if __name__ == "__main__":
    django.setup()
    main()
