"""A running installation that a test talks to: a real server on a fresh database, its clock held and moved.

``python -m tests.browser.world KIND SEED`` prints one line of JSON (address, trial and what the kind of world tells),
then answers every line of JSON it reads with one of its own. KIND is ``empty`` (a recruiting trial and its cast) or
``peopled``. SEED decides the list that is drawn, so that a walk comes to the same arm every time.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from threading import Thread
from typing import Any
from wsgiref.simple_server import make_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
PASSWORD = "one long walk of sixteen weeks"
"""Of everybody in the cast."""


class Installation:
    """What the test may ask for; each public method is an order of that name."""

    def __init__(self, kind: str, seed: int) -> None:
        from tests.cast import MONDAY

        self.kind, self.seed, self.moment = kind, seed, MONDAY

    def build(self) -> dict[str, Any]:
        """A trial by the real verbs, on PostgreSQL as the web role."""
        from tests import cast
        from tests.browser.peopled import build
        from tests.conftest import become_web_role

        become_web_role()
        trial = cast.make_trial()
        for user in vars(cast.cast_of(trial)).values():
            user.set_password(PASSWORD)
            user.save()
        return {"trial": trial.code, **(build(trial) if self.kind == "peopled" else {})}

    def serve(self, application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """The application with its clock held; the request that draws the list draws it from the seed."""
        from core import clock, ids

        def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            with clock.moved_to(self.moment):
                if environ["REQUEST_METHOD"] == "POST" and "/sequence/design/" in environ["PATH_INFO"]:
                    with ids.seeded(self.seed):
                        return application(environ, start_response)
                return application(environ, start_response)

        return answer

    def move(self, to: str) -> None:
        """Move the clock."""
        self.moment = datetime.fromisoformat(to)

    def sweep(self) -> None:
        """What the beat starts every minute, with the worker's part."""
        from reminders.actions.sending import send
        from reminders.actions.sweep import REMINDERS, sweep

        sweep(by=REMINDERS, hand_over=lambda key: send(message_id=key, by=REMINDERS))

    def mails(self) -> list[dict[str, Any]]:
        """Every e-mail that has left so far."""
        from django.core import mail

        return [{"to": m.to, "subject": m.subject, "body": m.body} for m in getattr(mail, "outbox", [])]

    def altered(self) -> list[str]:
        """What a check of every chain of the trail finds."""
        from audit.chain import verify
        from audit.models import Head

        found = [verify(head.pk) for head in Head.objects.all()]
        return [each.sentence for each in found if each is not None]

    def enrol(self, language: str, randomized: bool = False) -> str:
        """Somebody who consented today, or was randomized, and whose visits are laid out; their study number."""
        from outcomes.actions import links, visits
        from tests import cast
        from trials.models import Trial

        trial = Trial.objects.get()
        people = cast.cast_of(trial)
        participant = cast.consented(trial, people, language=language)
        grant = links.send_grant(participant=participant, by=cast.actor(people.elise))
        if randomized:
            cast.hand_down_randomized(participant)
        visits.lay_out(participant=participant, grant=grant)
        return participant.number

    def answered(self, number: str) -> list[dict[str, Any]]:
        """The forms that a participant has answered, in the order of their visits."""
        from outcomes.models import Form

        forms = Form.objects.filter(participant__number=number, filled_by="participant", state=Form.State.COMPLETE)
        rows = forms.order_by("visit__order", "visit__number", "order").values_list("visit__code", "instrument", "pk")
        return [{"visit": visit, "instrument": code, "key": str(key)} for visit, code, key in rows]

    def submit(self, number: str, visit: str, instruments: list[str]) -> None:
        """The participant's other questionnaires of a visit, by the verb that the pages call."""
        from outcomes.actions import responses
        from outcomes.models import Form
        from tests.unit.outcomes.world import answered, participant_actor

        for instrument in instruments:
            form = Form.objects.get(participant__number=number, visit__code=visit, instrument=instrument)
            responses.submit(form=form, answers=answered(instrument), by=participant_actor(form.participant))


def main() -> None:
    """Build, say where, serve, and do as told until there is nobody to tell."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    from core import clock
    from tests.browser.one_participant import Quiet, Server

    house = Installation(sys.argv[1], int(sys.argv[2]))
    with clock.moved_to(house.moment):
        world = house.build()
    application = house.serve(get_wsgi_application())
    with make_server("127.0.0.1", 0, application, server_class=Server, handler_class=Quiet) as server:
        settings.BASE_URL = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, daemon=True).start()
        print(json.dumps({"url": settings.BASE_URL, **world}), flush=True)
        for line in sys.stdin:
            order = json.loads(line)
            with clock.moved_to(house.moment):
                done = getattr(house, order.pop("do"))(**order)
            print(json.dumps(done), flush=True)


if __name__ == "__main__":
    main()
