"""A real server on a fresh database, held on a Monday: somebody at the first session, therapist and assessor logged in.

``python -m tests.browser.first_session`` prints one line of JSON (address, trial, number, visit, keys), then serves.
"""

import json
import os
from typing import Any
from wsgiref.simple_server import make_server

from tests.browser.one_participant import Quiet, Server, held

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")


def build() -> dict[str, str]:
    """Somebody to randomize; Marc delivers either programme."""
    from accounts.roles import Role
    from core import clock
    from outcomes.models import Visit
    from tests import cast
    from tests.unit.randomization_db import world as rooms
    from trials.actions import memberships

    with clock.moved_to(cast.MONDAY):
        world = rooms.build()
        world.activate()
        memberships.grant(
            user=world.cast.marc,
            trial=world.trial,
            role=Role.THERAPIST,
            site=None,
            qualification="kinesiologist",
            by=world.noor,
        )
        participant = world.ready()
        sessions = {name: _logged_in(getattr(world.cast, name)) for name in ("marc", "amelie")}
        visit = Visit.objects.get(participant=participant, code="baseline")
    known = {"trial": world.trial.code, "number": participant.number, "visit": str(visit.pk)}
    return {**known, "session": sessions["marc"], "assessor": sessions["amelie"]}


def _logged_in(user: Any) -> str:
    """The key of a session of somebody."""
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.cookies["session"].value


def main() -> None:
    """Build, say where, serve until ended."""
    import django

    django.setup()
    from django.core.wsgi import get_wsgi_application

    world = build()
    application = held(get_wsgi_application())
    with make_server("127.0.0.1", 0, application, server_class=Server, handler_class=Quiet) as server:
        print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}", **world}), flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
