"""Clocks of serious events: from awareness, by the protocol, met by a review or a report, overdue if not."""

from datetime import timedelta

import pytest

from core import clock
from core.problems import Conflict, Problem, Refused
from participants.models import Participant, Task
from safety.actions import causality, clocks, events
from safety.models import AdverseEvent
from safety.queries import overdue, running_clocks
from tests.cast import Cast, actor
from tests.unit.safety.facts import DANGER, SERIOUS, facts, status


def serious(participant: Participant, cast: Cast, **changes: object) -> AdverseEvent:
    return events.report(participant=participant, facts=facts(**{**SERIOUS, **changes}), by=actor(cast.elise))


def judge(event: AdverseEvent, cast: Cast) -> None:
    known = {"intervention": "unlikely", "procedures": "unrelated", "expected_as": ""}
    causality.judge(event=event, by=actor(cast.helen), **known)


def hours(event: AdverseEvent) -> dict[str, float]:
    return {each.code: (each.due_at - event.aware_at) / timedelta(hours=1) for each in event.clocks.all()}


def test_a_serious_event_starts_clocks_at_awareness(consented: Participant, cast: Cast) -> None:
    heard = clock.now() - timedelta(hours=2)
    assert hours(serious(consented, cast, aware_at=heard)) == {"review": 24, "full_report": 15 * 24}


def test_danger_to_life_starts_the_seven_days_too(consented: Participant, cast: Cast) -> None:
    event = serious(consented, cast, **DANGER)
    assert hours(event) == {"review": 24, "danger_report": 7 * 24, "full_report": 15 * 24}


def test_an_event_that_becomes_serious_starts_its_clocks_then(consented: Participant, cast: Cast) -> None:
    event = events.report(participant=consented, facts=facts(), by=actor(cast.elise))
    clock.advance(timedelta(days=2))
    events.follow_up(event=event, status=status(**SERIOUS), by=actor(cast.elise))
    assert {each.started_at for each in event.clocks.all()} == {clock.now()}
    clock.advance(timedelta(days=1))
    events.follow_up(event=event, status=status(**DANGER), by=actor(cast.elise))
    later = event.clocks.get(code="danger_report")
    assert later.started_at == clock.now()
    assert event.clocks.count() == 3


def test_the_investigator_has_a_task_until_every_clock_is_met(consented: Participant, cast: Cast) -> None:
    event = serious(consented, cast)
    task = Task.objects.get(kind="serious_event")
    assert (task.role, task.about, task.done_at) == ("investigator", "1", None)
    judge(event, cast)
    assert event.clocks.get(code="review").met_by == str(cast.helen.pk)
    task.refresh_from_db()
    assert task.done_at is None
    clocks.meet_by_report(event=event, code="full_report", reference="REB 2026-14", by=actor(cast.helen))
    task.refresh_from_db()
    assert task.done_at == clock.now()


def test_overdue_is_counted_by_event_and_only_after_the_limit(consented: Participant, cast: Cast) -> None:
    event = serious(consented, cast)
    sites = [consented.site]
    clock.advance(timedelta(hours=24))
    assert overdue(sites) == 0
    clock.advance(timedelta(seconds=1))
    assert overdue(sites) == 1
    judge(event, cast)
    assert overdue(sites) == 0
    clock.advance(timedelta(days=15))
    assert overdue(sites) == 1
    assert [each.code for each in running_clocks(sites)] == ["full_report"]
    assert overdue([]) == 0


def test_a_report_that_is_recorded_as_sent_has_a_reference_and_is_sent_once(consented: Participant, cast: Cast) -> None:
    event = serious(consented, cast)
    by = actor(cast.helen)
    with pytest.raises(Problem, match="filed under"):
        clocks.meet_by_report(event=event, code="full_report", reference=" ", by=by)
    with pytest.raises(Problem, match="waited for"):
        clocks.meet_by_report(event=event, code="review", reference="1", by=by)
    with pytest.raises(Problem, match="waited for"):
        clocks.meet_by_report(event=event, code="danger_report", reference="1", by=by)
    clocks.meet_by_report(event=event, code="full_report", reference="1", by=by)
    with pytest.raises(Conflict, match="already"):
        clocks.meet_by_report(event=event, code="full_report", reference="1", by=by)
    with pytest.raises(Refused):
        clocks.meet_by_report(event=event, code="full_report", reference="1", by=actor(cast.elise))
