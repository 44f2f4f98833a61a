"""What it costs to submit a questionnaire, against one bare insert in a transaction of its own."""

import json
import random

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.actors import Actor, ActorKind, Origin
from core import clock
from demo.answers import Body, answer
from instruments import catalogue
from outcomes.actions import responses
from outcomes.models import PENDING, Form
from participants.models import Participant
from tests.bench import allocating, report
from tests.bench.multiply import Owner
from tests.bench.world import World

TIMES = 25
MANY = 160
INSTRUMENTS = ("nprs", "odi", "promis29")
RELATED = ("participant__site", "participant__trial", "trial", "site", "visit")


def measure(world: World, held: Owner) -> None:
    """The median of both, and how many statements a submission takes."""
    held.run("CREATE TABLE bench_bare (id VARCHAR(36) PRIMARY KEY, answers TEXT)")
    if held.is_postgres:
        held.run("GRANT INSERT ON bench_bare TO PUBLIC")
    text = json.dumps({f"item_{number}": number % 5 for number in range(10)})
    bare = report.median_of([report.seconds_of(lambda n=n: _insert(n, text)) for n in range(TIMES)])  # type: ignore[misc]
    report.line("questionnaire", "statements", "submit", "insert", "ratio")
    for instrument in INSTRUMENTS:
        forms = _forms(world, instrument)
        if len(forms) < 3:
            report.not_run(instrument, "too few open forms")
            continue
        with CaptureQueriesContext(connection) as queries:
            submit(forms.pop())
        took = report.median_of([report.seconds_of(lambda f=form: submit(f)) for form in forms])  # type: ignore[misc]
        costs = report.milliseconds(took), report.milliseconds(bare)
        report.line(instrument, len(queries), *costs, f"{took / bare:.0f}")


def measure_many(world: World, environment: dict[str, str]) -> None:
    """Sixteen clients that submit at once, against as many that each insert one row."""
    clients = allocating.PROCESSES * allocating.THREADS
    report.line(f"{clients} clients", "a second", "inserts", "done of")
    bare, took = allocating.together("insert", [f"submit-{n}" for n in range(MANY)], environment)
    for instrument in INSTRUMENTS:
        keys = [str(form.pk) for form in _forms(world, instrument, MANY)]
        if len(keys) < clients:
            report.not_run(f"{instrument} by {clients} clients", "too few open forms")
            continue
        done, seconds = allocating.together("submit", keys, environment)
        rate = done / seconds
        report.line(instrument, f"{rate:.0f}", f"{bare / took / rate:.1f} for one", f"{done}/{len(keys)}")
    report.line("single-row inserts", f"{bare / took:.0f}", "", f"{bare}/{MANY}")


def _insert(number: int, text: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_bare VALUES (%s, %s)", [str(number), text])


def _forms(world: World, instrument: str, most: int = TIMES + 1) -> list[Form]:
    today = clock.today(world.company.site.time_zone)
    waiting = Form.objects.filter(
        trial=world.company.trial,
        instrument=instrument,
        filled_by="participant",
        state__in=PENDING,
        opens_on__lte=today,
        closes_on__gte=today,
        participant__state__in=(Participant.State.CONSENTED, Participant.State.RANDOMIZED),
    ).exclude(participant__withdrawals__isnull=False)
    return list(waiting.select_related(*RELATED).order_by("id")[:most])


def submit(form: Form) -> None:
    body = Body(trouble=0.4, strength=1.0, instability=0.5, chance=random.Random(form.participant.number))
    answers = answer(catalogue.load(form.instrument), body, clock.now().date())
    by = Actor(ActorKind.PARTICIPANT, str(form.participant_id), form.participant.number, Origin.WEB)
    responses.submit(form=form, answers=answers, missing={}, confirmed=list(answers), by=by)
