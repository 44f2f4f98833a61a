"""Consents and appointments through the API."""

from datetime import timedelta
from typing import Any

import pytest

from core import clock
from outcomes.models import Visit
from participants.models import Appointment, Consent, Participant
from tests.integration.api.conftest import World
from trials.queries import protocol_of


def signed(world: World, **changes: Any) -> dict[str, Any]:
    protocol = protocol_of(world.trial)
    newest = protocol.consent.document_for("en")
    assert newest is not None
    return {
        "version": newest.version,
        "language": "en",
        "clauses": {clause.code: True for clause in protocol.consent.clauses},
        "explained_by": "elise@example.org",
        "signed_at": "2026-03-02T09:30:00-05:00",
        **changes,
    }


def booking(**changes: Any) -> dict[str, Any]:
    at = (clock.now() + timedelta(days=7)).isoformat()
    return {"purpose": "session", "starts_at": at, "place": "reception", **changes}


def test_a_consent_is_recorded_and_the_visits_laid_out(world: World) -> None:
    participant = world.someone()
    path = f"participants/{participant.number}/consents/"
    caller = world.caller(world.people.elise)
    answer = caller.post(path, signed(world))
    assert answer.status_code == 201, answer.content
    assert caller.get(path).json() == [answer.json()]
    assert Visit.objects.filter(participant=participant, code="baseline").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"signed_at": "2026-03-03T09:30:00-05:00"}, "signed_at"),
        ({"signed_at": "2026-03-02T09:30:00"}, "signed_at"),
        ({"signed_at": "0001-01-01T00:00:00+14:00"}, "signed_at"),
        ({"version": "0"}, "version"),
        ({"clauses": {}}, "clauses.sharing"),
        ({"clauses": {"sharing": "yes"}}, "clauses.sharing"),
        ({"explained_by": "nobody@example.org"}, "explained_by"),
    ],
    ids=str,
)
def test_a_consent_that_cannot_be_is_refused_with_its_field(world: World, changes: dict[str, Any], field: str) -> None:
    path = f"participants/{world.someone().number}/consents/"
    answer = world.caller(world.people.elise).post(path, signed(world, **changes))
    assert answer.status_code in (400, 422)
    assert field in {each["field"] for each in answer.json()["fields"]}
    assert not Consent.objects.exists()


def test_who_may_read_but_not_record_consents(world: World) -> None:
    path = f"participants/{world.someone().number}/consents/"
    assert world.caller(world.people.tomas).get(path).status_code == 200
    assert world.caller(world.people.tomas).post(path, signed(world)).status_code == 403


def test_the_first_session_is_booked_moved_and_cancelled(world: World) -> None:
    caller, participant = world.caller(world.people.elise), world.consented()
    path = f"participants/{participant.number}/appointments/"
    booked = caller.post(path, booking())
    assert booked.status_code == 201, booked.content
    assert caller.get(path).json() == [booked.json()]
    key, later = booked.json()["id"], (clock.now() + timedelta(days=9)).isoformat()
    seen = {"starts_at": later, "reason_code": "participant", "revision": booked.json()["revision"]}
    assert caller.post(f"appointments/{key}/move/", seen).status_code == 200
    stale = caller.post(f"appointments/{key}/move/", seen)
    assert (stale.status_code, stale.json()["code"]) == (409, "record.changed")
    cancelled = caller.post(f"appointments/{key}/cancel/", {"reason_code": "illness"})
    assert cancelled.json()["state"] == "cancelled"


def test_who_did_not_come_is_recorded_once_it_began(world: World) -> None:
    caller, participant = world.caller(world.people.elise), world.consented()
    booked = caller.post(f"participants/{participant.number}/appointments/", booking()).json()
    path = f"appointments/{booked['id']}/outcome/"
    assert caller.post(path, {"state": "no_show"}).status_code == 409
    clock.advance(timedelta(days=8))
    assert caller.post(path, {"state": "no_show"}).json()["state"] == "no_show"


def test_a_therapist_is_not_named_at_an_appointment(world: World) -> None:
    participant = world.consented()
    path = f"participants/{participant.number}/appointments/"
    answer = world.caller(world.people.elise).post(path, booking(person="marc@example.org"))
    assert (answer.status_code, answer.json()["code"]) == (400, "appointment.therapist")


def test_appointments_are_for_those_who_book(world: World) -> None:
    participant = world.consented()
    path = f"participants/{participant.number}/appointments/"
    caller = world.caller(world.people.amelie)
    assert {caller.get(path).status_code, caller.get("participants/x/appointments/").status_code} == {403}


def test_another_sites_appointment_is_not_there(world: World) -> None:
    elsewhere = world.somebody_elsewhere()
    caller = world.caller(world.people.elise)
    assert caller.get(f"participants/{elsewhere.number}/appointments/").status_code == 404
    held = _information(elsewhere)
    assert caller.post(f"appointments/{held.pk}/cancel/", {"reason_code": "illness"}).status_code == 404


def _information(participant: Participant) -> Appointment:
    from participants.actions import appointments
    from tests import cast
    from trials.models import Membership

    user = Membership.objects.get(site=participant.site, role="coordinator").user
    starts_at = clock.now() + timedelta(days=1)
    return appointments.book(
        participant=participant, purpose="information", starts_at=starts_at, place="", by=cast.actor(user)
    )
