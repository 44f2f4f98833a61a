"""Adverse events and deviations through the API: reported by all, read by fewer, judged by investigators."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import ids
from participants.models import Participant
from safety.actions import events
from safety.models import AdverseEvent, Deviation
from tests import cast
from tests.integration.api.conftest import Caller, World
from tests.integration.api.test_sessions import marc, treated
from tests.unit.safety.facts import SERIOUS, facts

__all__ = ["marc", "treated"]
STANDS: dict[str, Any] = {
    "severity": "mild",
    "serious": False,
    "criteria": [],
    "action": "none",
    "outcome": "ongoing",
}
EVENT = {**STANDS, "term": "strain", "onset": "2026-03-02", "found": "told"}
OPINION = {"intervention": "possible", "procedures": "unrelated", "expected_as": "stiffness"}
DEVIATION = {
    "kind": "visit",
    "importance": "important",
    "happened_on": "2026-03-02",
    "cause": "staff",
    "remedy": "none",
}


def serious(world: World, participant: Participant) -> AdverseEvent:
    by = cast.actor(world.people.elise)
    return events.report(participant=participant, facts=facts(**SERIOUS), text="In words.", by=by)


@pytest.mark.parametrize("who", ["elise", "amelie", "helen", "tomas", "noor"])
def test_every_blinded_role_reports_and_gets_a_receipt(world: World, who: str) -> None:
    participant = world.consented()
    answer = world.caller(getattr(world.people, who)).post(f"participants/{participant.number}/events/", EVENT)
    assert (answer.status_code, answer.json()) == (201, {"number": 1})
    assert AdverseEvent.objects.get().term == "strain"


def test_assessors_report_and_read_nothing(world: World) -> None:
    event = serious(world, world.consented())
    amelie = world.caller(world.people.amelie)
    refusals = [
        amelie.get("events/"),
        amelie.get("deviations/"),
        amelie.post(f"events/{event.pk}/reports/", STANDS),
        amelie.post(f"events/{ids.new_id()}/reports/", STANDS),
        amelie.post(f"events/{event.pk}/causalities/", OPINION),
    ]
    assert {answer.status_code for answer in refusals} == {403}
    assert len({answer.content for answer in refusals}) == 1


def test_what_cannot_be_is_told_at_its_field(world: World) -> None:
    path = f"participants/{world.consented().number}/events/"
    elise = world.caller(world.people.elise)
    answer = elise.post(path, {**EVENT, "serious": True})
    assert answer.status_code == 422
    assert answer.json()["fields"][0]["field"] == "criteria"
    assert elise.post(path, {**EVENT, "term": "exploded"}).status_code == 422
    assert elise.post(path, {**EVENT, "severe": True}).status_code == 422
    assert not AdverseEvent.objects.exists()


def test_the_list_has_codes_days_and_time_limits_and_no_words(world: World) -> None:
    participant = world.consented()
    serious(world, participant)
    for who in ("elise", "helen", "tomas", "noor", "leila"):
        answer = world.caller(getattr(world.people, who)).get("events/")
        (row,) = answer.json()["results"]
        assert (row["participant"], row["aware_on"]) == (participant.number, "2026-03-02")
        assert row["criteria"] == ["hospital"]
        assert [each["code"] for each in row["clocks"]] == ["review", "full_report"]
        assert "In words." not in answer.content.decode()


def test_the_list_costs_the_same_for_many(world: World) -> None:
    elise, costs = world.caller(world.people.elise), []
    for _each in range(2):
        for _event in range(3):
            serious(world, world.consented())
        with CaptureQueriesContext(connection) as queries:
            assert elise.get("events/").status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_it_is_followed_up_and_judged(world: World) -> None:
    event = serious(world, world.consented())
    same = {**STANDS, "serious": True, "criteria": ["hospital"]}
    elise, helen = world.caller(world.people.elise), world.caller(world.people.helen)
    assert elise.post(f"events/{event.pk}/reports/", same).status_code == 409
    told = elise.post(f"events/{event.pk}/reports/", {**same, "severity": "severe"})
    assert (told.status_code, told.json()["severity"]) == (201, "severe")
    judged = helen.post(f"events/{event.pk}/causalities/", OPINION)
    assert (judged.status_code, judged.json()["expected_as"], judged.json()["list_version"]) == (201, "stiffness", 1)
    assert helen.post(f"events/{event.pk}/causalities/", OPINION).json()["fields"][0]["field"] == "text"
    assert elise.post(f"events/{event.pk}/causalities/", OPINION).status_code == 403
    assert helen.post(f"events/{ids.new_id()}/causalities/", OPINION).status_code == 404


def test_deviations_are_recorded_and_listed(world: World) -> None:
    participant = world.consented()
    path = f"participants/{participant.number}/deviations/"
    amelie, tomas = world.caller(world.people.amelie), world.caller(world.people.tomas)
    assert amelie.post(path, {**DEVIATION, "happened_on": "2027-01-01"}).status_code in (400, 422)
    made = amelie.post(path, DEVIATION)
    assert made.json() == {"id": str(Deviation.objects.get().pk)}
    (row,) = tomas.get("deviations/").json()["results"]
    assert (row["participant"], row["kind"], row["reviewed"]) == (participant.number, "visit", False)


def test_another_sites_participant_is_not_there(world: World) -> None:
    number = world.somebody_elsewhere().number
    elise = world.caller(world.people.elise)
    assert elise.post(f"participants/{number}/events/", EVENT).status_code == 404
    assert elise.post(f"participants/{number}/deviations/", DEVIATION).status_code == 404


def test_a_therapist_reports_behind_the_wall(world: World, marc: Caller, treated: Participant) -> None:
    path = f"participants/{treated.number}/therapy/events/"
    body = {**EVENT, "text": "Pulled at the MedX."}
    assert marc.post(path, {**body, "session": 3}).json()["fields"][0]["field"] == "session"
    assert marc.post(path, body).json() == {"number": 1}
    held = AdverseEvent.objects.get()
    assert (held.reported_by, held.reports.get().text) == ("", "")
    elise = world.caller(world.people.elise)
    assert "MedX" not in elise.get("events/").content.decode()
    assert elise.post(path, body).status_code == 403
    assert marc.post(f"participants/{treated.number}/events/", EVENT).status_code == 403
    assert marc.get("events/").status_code == 403


@pytest.mark.parametrize("who", ["leila", "ingrid"])
def test_other_unblinded_roles_report_behind_the_wall(world: World, who: str) -> None:
    participant = world.consented()
    caller = world.caller(getattr(world.people, who))
    assert caller.post(f"participants/{participant.number}/therapy/events/", EVENT).status_code == 201
    assert AdverseEvent.objects.get().reported_by == ""
