"""What only those read who may see arms: why randomization was stopped, and which errors were recorded."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from randomization import door
from randomization.door import ErrorKind
from tests import cast as people
from tests.unit.randomization_db.world import World

STOPS = "/t/STRONG-BACK/sequence/stops/"
ERRORS = "/t/STRONG-BACK/sequence/errors/"


def test_an_incident_is_read_with_its_resolution(world: World, client: Client) -> None:
    assert "Randomization was never stopped." in client.get(STOPS).content.decode()
    world.activate()
    door.freeze(trial=world.trial, incident="The list was read aloud at the site.", by=world.noor)
    html = client.get(STOPS).content.decode()
    assert "The list was read aloud at the site." in html
    assert "not yet: nobody can be randomized" in html
    assert "Resume randomization" in html
    with clock.moved_to(people.MONDAY + timedelta(hours=2)):
        door.unfreeze(trial=world.trial, resolution="Only past places were read.", by=world.samuel)
    html = client.get(STOPS).content.decode()
    assert "Only past places were read." in html
    assert "Samuel Osei" in html
    assert "2 March 2026, 17:00 UTC" in html


def test_errors_are_read_with_what_belongs_to_their_kind(world: World, client: Client) -> None:
    assert "No error is recorded." in client.get(ERRORS).content.decode()
    world.activate()
    one, other = world.allocate(), world.allocate(unstable=False)
    said = "Found when the record was read again."
    level = {"factor": "lsiq", "corrected": "low"}
    door.record_error(participant=one, kind=ErrorKind.WRONG_STRATUM, explanation=said, details=level, by=world.elise)
    door.record_error(
        participant=other, kind=ErrorKind.DUPLICATE, explanation=said, details={"of": one.number}, by=world.elise
    )
    door.record_error(
        participant=one, kind=ErrorKind.WRONG_TREATMENT, explanation=said, details={"given": "RT"}, by=world.marc
    )
    html = client.get(ERRORS).content.decode()
    assert "High (9 or more) was used, Low (less than 9) is right" in html
    assert f"{other.number}: The same person was randomized twice" in html
    assert "Treatment given" in html
    assert "Marc Roy, Therapist" in html
    assert html.count(said) == 3


@pytest.mark.parametrize("page", [STOPS, ERRORS])
def test_wrong_role_logged_out_other_trial_and_wrong_method(world: World, client: Client, page: str) -> None:
    assert client.post(page).status_code == 405
    assert client.get(page.replace("STRONG-BACK", "OTHER")).status_code == 404
    for user in (world.cast.noor, world.cast.helen, world.cast.elise, world.cast.marc, world.cast.amelie):
        client.force_login(user)
        assert client.get(page).status_code == 403
    client.logout()
    assert client.get(page).status_code == 302
