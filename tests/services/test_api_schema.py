"""The API answers as its own document says, whatever it is sent: no fault of the server, nothing undocumented."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from api.schema import document
from core import clock
from outcomes.models import Form
from participants.models import Appointment, Participant
from safety.actions import events
from safety.models import AdverseEvent
from tests import cast
from tests.integration.api.conftest import Caller, World, make_world, monday
from tests.unit.outcomes.world import answered
from tests.unit.safety.facts import SERIOUS, facts
from trials.queries import protocol_of

__all__ = ["make_world", "monday"]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
# What the document cannot say, the verbs do: that a purpose is one of the protocol's. So valid data may be refused.
STRICT = [*CHECKS, negative_data_rejection]
RUNS = (
    (GenerationMode.POSITIVE, True, CHECKS, 10),
    (GenerationMode.NEGATIVE, True, STRICT, 10),
    (GenerationMode.POSITIVE, False, CHECKS, 3),
)
"""Valid and invalid data for records that exist, and valid data for records that do not."""


STANDS = {"severity": "mild", "serious": False, "criteria": [], "action": "none", "outcome": "ongoing"}
REPORTED = {**STANDS, "term": "soreness", "onset": "2026-03-02", "found": "told"}


@dataclass
class Stage:
    """A trial with somebody on the way to randomization, somebody treated, and a form to fill."""

    world: World
    ready: Participant
    treated: Participant
    form: Form
    appointment: Appointment
    event: AdverseEvent
    callers: dict[str, Caller]

    def caller(self, operation: str) -> Caller:
        """Who holds the permission."""
        if operation == "events_judge":
            return self.callers["helen"]
        group = operation.split("_")[0]
        return self.callers["marc" if group == "therapy" else "amelie" if group == "forms" else "elise"]

    def path(self, operation: str) -> dict[str, Any]:
        """Records that exist."""
        treats = operation.startswith("therapy") and operation not in ("therapy_first_session",)
        return {
            "trial": self.world.trial.code,
            "number": self.treated.number if treats else self.ready.number,
            "form": str(self.form.pk),
            "appointment": str(self.appointment.pk),
            "event": str(self.event.pk),
            "session": 1,
        }


@pytest.fixture
def stage(make_world: Callable[..., World]) -> Stage:
    world = make_world(randomized_by="therapist, coordinator")
    world.stage.activate()
    people = world.people
    callers = {name: world.caller(getattr(people, name)) for name in ("elise", "amelie", "marc", "helen")}
    treated = _treated(world, callers["marc"])
    ready = world.stage.ready()
    booked = Appointment.objects.get(participant=ready)
    form = Form.objects.get(participant=ready, visit__code="baseline", instrument="medx_strength")
    event = events.report(participant=ready, facts=facts(**SERIOUS), by=cast.actor(people.elise))
    return Stage(world, ready, treated, form, booked, event, callers)


def _treated(world: World, marc: Caller) -> Participant:
    """Somebody in Marc's care with one session recorded; a block has 6 at most."""
    for _each in range(7):
        participant = world.stage.ready()
        path = f"participants/{participant.number}/"
        if marc.post(f"{path}first-session/").json()["assigned"]:
            assert marc.post(f"{path}sessions/", _session(marc, participant)).status_code == 201
            return participant
    raise AssertionError("nobody came into Marc's arm")


def _session(marc: Caller, participant: Participant) -> dict[str, Any]:
    following = marc.get(f"participants/{participant.number}/sessions/").json()["next"]
    exercises = [{"exercise": each["exercise"], "status": "as_planned"} for each in following["exercises"]]
    known = {"number": following["number"], "status": "done", "exercises": exercises}
    return {**known, "held_at": clock.now().isoformat(), "pain_before": 3}


def operations() -> Iterator[tuple[str, str, str]]:
    for path, methods in document("en")["paths"].items():
        for method, told in methods.items():
            yield told["operationId"], path, method


def test_whatever_is_sent_the_answer_is_documented(stage: Stage, subtests: pytest.Subtests) -> None:
    schema = schemathesis.openapi.from_dict(document("en"))
    schema.app = WSGIHandler()
    for name, path, method in operations():
        for mode, known, checks, most in RUNS:
            with subtests.test(operation=name, mode=mode.value, known=known):
                fixed = stage.path(name) if known else {"trial": stage.world.trial.code}
                _try(schema[path][method], mode, fixed, checks, stage.caller(name), most)


def _try(operation: Any, mode: Any, fixed: dict[str, Any], checks: list[Any], caller: Caller, most: int) -> None:
    taken = {parameter.name for parameter in operation.path_parameters}
    path = {name: value for name, value in fixed.items() if name in taken}
    if mode is GenerationMode.NEGATIVE and not _can_be_wrong(operation):
        return

    @seed(20260302)
    @settings(max_examples=most, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=path))
    def run(case: Any) -> None:
        answer = _send(case, caller)
        case.validate_response(answer, checks=checks)

    run()


def _send(case: Any, caller: Caller, **headers: str) -> Any:
    """Send a request, and undo what it did."""
    # Between requests Django drops a connection that is inside a transaction; here all are inside one.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        with transaction.atomic():
            answer = case.call(headers={"Authorization": f"Bearer {caller.token}", **headers})
            transaction.set_rollback(True)
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
    return answer


def _can_be_wrong(operation: Any) -> bool:
    return bool(list(operation.body) or list(operation.query) or list(operation.headers))


def test_what_the_verbs_accept_is_answered_as_documented(stage: Stage, subtests: pytest.Subtests) -> None:
    schema = schemathesis.openapi.from_dict(document("en"))
    schema.app = WSGIHandler()
    bodies = _bodies(stage)
    for name, path, method in operations():
        with subtests.test(operation=name):
            operation = schema[path][method]
            taken = {parameter.name for parameter in operation.path_parameters}
            known = {key: value for key, value in stage.path(name).items() if key in taken}
            body = {"body": bodies[name], "media_type": "application/json"} if method == "post" else {}
            case = operation.Case(path_parameters=known, **body)
            answer = _send(case, stage.caller(name), **{"Idempotency-Key": "request-1"})
            if name != "forms_response":  # not there until submitted
                assert answer.status_code < 300, answer.text
            case.validate_response(answer, checks=CHECKS[:5])


def _bodies(stage: Stage) -> dict[str, Any]:
    """For each operation that writes, what it accepts."""
    protocol = protocol_of(stage.world.trial)
    consent = protocol.consent.document_for("en")
    assert consent is not None
    later = (clock.now() + timedelta(days=3)).isoformat()
    again = {"language": "en", "answers": cast.ELIGIBLE}
    clock.advance(timedelta(minutes=90))
    return {
        "participants_screen": {**again, "site": "MTL"},
        "participants_screen_again": again,
        "participants_decide": {
            "stage": "randomization",
            "answers": cast.ELIGIBLE_LATER["randomization"],
            "reason": "Asked again",
        },
        "participants_consent": {
            "version": consent.version,
            "language": "en",
            "clauses": {clause.code: True for clause in protocol.consent.clauses},
            "explained_by": "elise@example.org",
            "signed_at": clock.now().isoformat(),
        },
        "appointments_book": {"purpose": "mri", "starts_at": later, "place": "imaging"},
        "appointments_move": {"starts_at": later, "reason_code": "participant", "revision": stage.appointment.revision},
        "appointments_cancel": {"reason_code": "illness"},
        "appointments_close": {"state": "kept"},
        "allocations_allocate": {"seen": stage.ready.revision},
        "forms_submit": {"answers": answered("medx_strength")},
        "events_report": REPORTED,
        "events_follow_up": {**STANDS, "severity": "severe"},
        "events_judge": {"intervention": "possible", "procedures": "unrelated", "expected_as": ""},
        "deviations_record": {
            "kind": "visit",
            "importance": "important",
            "happened_on": "2026-03-02",
            "cause": "staff",
            "remedy": "none",
        },
        "therapy_report_event": {**REPORTED, "session": 1, "text": "Sore after it."},
        "therapy_first_session": {},
        "therapy_take": {},
        "therapy_record_session": _session(stage.callers["marc"], stage.treated),
        "therapy_correct_session": {"pain_before": 5, "reason": "Misread", "seen": 1},
    }
