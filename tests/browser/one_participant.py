"""A real server on a fresh database, held on a Monday, with one participant whose baseline is due.

``python -m tests.browser.one_participant en`` prints one line of JSON (address, token, keys) and then serves.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")


class Server(ThreadingMixIn, WSGIServer):
    """Several requests at once, as browsers send them."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests read what the pages say."""


def held(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application with its clock on the cast's Monday."""
    from core import clock
    from tests.cast import MONDAY

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with clock.moved_to(MONDAY):
            return application(environ, start_response)

    return answer


def build(language: str) -> dict[str, str]:
    """One consented participant, the link to the baseline, and a session of the assessor."""
    from django.test import Client

    from accounts.permissions import Permission
    from core import clock
    from outcomes.actions import links, visits
    from outcomes.models import Form, Visit
    from tests import cast
    from trials.access import authorize

    with clock.moved_to(cast.MONDAY):
        trial = cast.make_trial()
        people = cast.cast_of(trial)
        participant = cast.consented(trial, people, language=language)
        grant = authorize(cast.actor(people.elise), Permission.SEND_LINK, trial=trial, site=participant.site)
        visits.lay_out(participant=participant, grant=grant)
        visit = Visit.objects.get(participant=participant, code="baseline")
        _link, token = links.issue(participant=participant, visit=visit, grant=grant)
        client = Client()
        client.force_login(people.amelie)
    forms = {f"form_{form.instrument}": str(form.pk) for form in Form.objects.filter(visit=visit)}
    return {"token": token, "trial": trial.code, "session": client.cookies["session"].value, **forms}


def main() -> None:
    """Build, say where, serve until ended."""
    import django

    django.setup()
    from django.core.wsgi import get_wsgi_application

    world = build(sys.argv[1])
    application = held(get_wsgi_application())
    with make_server("127.0.0.1", 0, application, server_class=Server, handler_class=Quiet) as server:
        print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}", **world}), flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
