"""The short forms on the therapists' pages: of those they treat, and blinded people read codes without a name."""

from typing import Any

import pytest
from django.test import Client

from participants.models import Participant
from safety.models import ConcomitantCare, Deviation, IncidentalFinding, Pregnancy
from tests.integration.therapists.conftest import elsewhere, page, record
from tests.unit.randomization_db.world import World

DAY = {"{}_day": "2", "{}_month": "3", "{}_year": "2026"}
FORMS: dict[str, tuple[type, dict[str, str], str]] = {
    "deviations": (
        Deviation,
        {"kind": "measurement", "importance": "important", "cause": "staff", "remedy": "none"},
        "happened_on",
    ),
    "care": (ConcomitantCare, {"kind": "manual", "reason": "back"}, "began"),
    "pregnancies": (Pregnancy, {"outcome": "ongoing", "mri_told": "no"}, "known_on"),
    "findings": (IncidentalFinding, {"number": "1", "step": "found", "urgent": "no"}, "day"),
}


def typed(place: str) -> dict[str, Any]:
    _model, known, day = FORMS[place]
    return {**known, **{name.format(day): value for name, value in DAY.items()}}


@pytest.mark.parametrize("place", FORMS)
def test_it_is_recorded_of_somebody_in_care_and_keeps_no_name(
    world: World, marc: Client, marcs: Participant, place: str
) -> None:
    url = page(world, f"{marcs.number}/{place}/new/")
    assert url in marc.get(page(world, f"{marcs.number}/events/")).content.decode()
    assert " checked" not in marc.get(url).content.decode()
    assert marc.post(url, {}).status_code == 422
    assert marc.post(url, typed(place)).status_code == 302
    held = FORMS[place][0].objects.get()
    assert (held.participant_id, held.recorded_by) == (marcs.pk, "")
    listed = Client()
    listed.force_login(world.cast.elise)
    told = listed.get(f"/t/{world.trial.code}/safety/").content.decode()
    assert marcs.number in told
    assert "Marc Roy" not in told


@pytest.mark.parametrize("place", FORMS)
def test_the_walls(world: World, marc: Client, marcs: Participant, waiting: Participant, place: str) -> None:
    url = page(world, f"{marcs.number}/{place}/new/")
    assert marc.delete(url).status_code == 405
    for number in (waiting.number, "MTL-0000"):
        assert marc.get(page(world, f"{number}/{place}/new/")).status_code == 404
    olga = Client()
    olga.force_login(elsewhere(world))
    assert olga.get(url).status_code == 404
    assert Client().get(url).status_code == 302
    told = set()
    for name in ("elise", "amelie", "ingrid", "samuel"):
        client = Client()
        client.force_login(getattr(world.cast, name))
        told.add(client.get(url).status_code)
        told.add(client.get(page(world, f"MTL-0000/{place}/new/")).status_code)
    assert told == {403}


def test_a_deviation_in_the_sessions_stays_behind_the_wall(world: World, marc: Client, marcs: Participant) -> None:
    url, words = page(world, f"{marcs.number}/delivery/new/"), "A student led it."
    assert url in marc.get(page(world, f"{marcs.number}/events/")).content.decode()
    known = {"kind": "unqualified", "importance": "important", "remedy": "trained", "text": words}
    day = {name.format("happened_on"): value for name, value in DAY.items()}
    assert " checked" not in marc.get(url).content.decode()
    assert marc.post(url, {}).status_code == 422
    assert marc.post(url, {**known, **day}).status_code == 302
    record(world, marcs)
    assert marc.post(url, {**known, **day, "session": "1"}).status_code == 302
    assert marc.get(page(world, "MTL-0000/delivery/new/")).status_code == 404
    elise = Client()
    elise.force_login(world.cast.elise)
    assert elise.get(url).status_code == 403
    for place in ("safety", f"participants/{marcs.number}", "today"):
        told = elise.get(f"/t/{world.trial.code}/{place}/").content.decode()
        assert words not in told
        assert "without the qualification" not in told
