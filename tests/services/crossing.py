"""``python -m tests.services.crossing first_session|moving``: two requests, each of which holds what the other needs.

The second begins in the middle of the first, which goes on as soon as the second has ended or waits for a lock.

first_session: a therapist randomizes; in another tab the same therapist opens the home, for the first time that day.
moving: the first session is moved, and with it a form that counts from it; the interviewer begins to fill this form.
"""

import contextvars
import json
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import django

from tests.services.rig import wait_until


def first_session(world: Any) -> dict[str, str]:
    from therapy.actions import first_session as module
    from therapy.queries import caseload_of

    participant = world.ready()
    return _cross(
        lambda: module.randomize_at_first_session(participant=participant, by=world.marc),
        (module, "allocate"),
        lambda: caseload_of(world.marc, world.trial),
    )


def moving(world: Any) -> dict[str, str]:
    from core import clock
    from outcomes.actions import drafts, enrolment
    from tests.unit.outcomes.world import form_of

    participant = world.ready()
    booked = participant.appointments.get(purpose="session")
    form = form_of(participant, "interview_before", "interview_record")
    to = clock.now() + timedelta(days=2)
    return _cross(
        lambda: enrolment.move_appointment(
            appointment=booked, reason_code="participant", starts_at=to, place="reception", by=world.elise
        ),
        (enrolment.appointments, "move"),
        lambda: drafts.save_item(form=form, item="timing", value="pre", by=world.ingrid),
    )


def _cross(first: Callable[[], Any], after: tuple[Any, str], second: Callable[[], Any]) -> dict[str, str]:
    said: dict[str, str] = {}
    other = threading.Thread(target=contextvars.copy_context().run, args=(_try, "second", second, said))
    owner, name = after
    real = getattr(owner, name)

    def paused(**arguments: Any) -> Any:
        made = real(**arguments)
        setattr(owner, name, real)
        other.start()
        wait_until(lambda: not other.is_alive() or _somebody_waits(), "the second had ended, or waited for the first")
        return made

    setattr(owner, name, paused)
    _try("first", first, said)
    other.join()
    return said


def _try(who: str, call: Callable[[], Any], said: dict[str, str]) -> None:
    from django.db import connection

    try:
        call()
        said[who] = "done"
    except Exception as error:
        said[who] = f"{type(error).__name__}: {error}"
    finally:
        connection.close()


def _somebody_waits() -> bool:
    """Whether a statement in this database waits for another's lock, asked from outside both transactions."""
    import psycopg2
    from django.db import connection

    held = connection.settings_dict
    places = {"host": held["HOST"], "port": held["PORT"], "user": held["USER"], "dbname": held["NAME"]}
    with closing(psycopg2.connect(**places)) as outside:
        cursor = outside.cursor()
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        return cursor.fetchone() is not None


def main(task: str) -> None:
    from core import clock
    from tests.cast import MONDAY
    from tests.unit.randomization_db.world import build

    with clock.moved_to(MONDAY):
        world = build()
        world.activate()
        print(json.dumps({"first_session": first_session, "moving": moving}[task](world)))


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1])
