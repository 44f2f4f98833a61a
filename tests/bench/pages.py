"""What a page costs among few and among many participants: each role's home, and the record of one participant."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import ROLES, Role
from demo.cast import CAST
from participants.models import Participant
from tests.bench import report
from tests.bench.world import World

RUNS = 9
SLACK = 1.2
"""A page may cost so many times as much in the larger world; the rest is noted."""
LISTS = (
    ("calendar", "elise"),
    ("calendar", "amelie"),
    ("coordinators:results", "elise"),
    ("safety", "helen"),
    ("monitors:progress", "helen"),
)
"""Pages that look through what everybody has before them."""
RECORD_READERS = ("elise", "amelie", "helen", "tomas", "noor")


@dataclass(frozen=True)
class Cost:
    """Of one page: the status it answered, statements, seconds, bytes."""

    status: int
    queries: int
    seconds: float
    size: int


@dataclass(frozen=True)
class Page:
    """Who opens what."""

    name: str
    who: str
    path: str


def pages_of(world: World) -> list[Page]:
    """The pages measured; people with the same role once."""
    trial = world.company.trial
    found, seen = [], set()
    for person in CAST:
        if person.role not in seen:
            seen.add(person.role)
            home = _client(world, person.key).get(reverse("trial_home", kwargs={"trial": trial.code}))
            found.append(Page(f"home: {person.role}", person.key, home.get("Location", "")))
    for role in ROLES:
        if role not in seen:
            report.not_run(f"home: {role}", "nobody in the cast has this role")
    number = _in_training(world).number
    record = reverse("record", kwargs={"trial": trial.code, "number": number})
    found += [Page(f"record: {_role(key)}", key, record) for key in RECORD_READERS]
    found += [Page(f"{name}: {_role(who)}", who, reverse(name, kwargs={"trial": trial.code})) for name, who in LISTS]
    return [*found, *_treated(world, number)]


def _treated(world: World, number: str) -> list[Page]:
    path = reverse("therapists:participant", kwargs={"trial": world.company.trial.code, "number": number})
    for key in world.colleagues:
        if _client(world, key).get(path).status_code == 200:
            return [Page(f"record: {Role.THERAPIST}", key, path)]
    report.not_run("record: therapist", "nobody treats the participant who is measured")
    return []


def _in_training(world: World) -> Participant:
    """An original in the midst of the programme."""
    return next(each for each in world.originals if each.state == Participant.State.RANDOMIZED)


def _role(key: str) -> str:
    return next(person.role for person in CAST if person.key == key)


def measure(world: World, pages: list[Page]) -> dict[Page, Cost]:
    """Each page: statements counted once, then the shortest of several runs."""
    return {page: _cost(world, page) for page in pages}


def _cost(world: World, page: Page) -> Cost:
    client = _client(world, page.who)
    client.get(page.path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(page.path)
    statements = len(queries)
    seconds = report.best_of(RUNS, lambda: client.get(page.path), _clock())
    return Cost(answer.status_code, statements, seconds, len(answer.content))


def _clock() -> Callable[[], float]:
    """Processor time, which other work on the machine disturbs least; the time that passes where it cannot be told."""
    if connection.vendor == "sqlite":
        return time.process_time
    # Of this process and, on the same machine, of the server's that works for it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        spent = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    if connection.settings_dict["HOST"] not in ("", "localhost", "127.0.0.1") or not spent.exists():
        return time.perf_counter
    return lambda: time.process_time() + int(spent.read_text(encoding="ascii").split()[0]) / 1e9


def _client(world: World, key: str) -> Client:
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.force_login(world.company.people[key])
    return client


def tell(few: dict[Page, Cost], many: dict[Page, Cost]) -> None:
    """One line a page; a mark where it is not flat."""
    report.line("page", "statements", "time", "ratio", "size ratio")
    for page, small in few.items():
        large = many[page]
        if small.status != 200 or large.status != 200:
            report.not_run(page.name, f"{page.path} answered {small.status} and {large.status}")
            continue
        ratio = large.seconds / small.seconds
        grows = [] if large.queries == small.queries else ["more statements"]
        grows += ["slower"] if ratio > SLACK else []
        counts = f"{small.queries} -> {large.queries}"
        size = f"{large.size / small.size:.2f}"
        report.line(page.name, counts, report.milliseconds(large.seconds), f"{ratio:.2f}", size, "  ".join(grows))
