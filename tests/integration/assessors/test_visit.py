"""One visit: what to say first, and its forms."""

from django.test import Client

from core import ids
from outcomes.models import Visit
from tests.integration.assessors.conftest import World


def url(world: World, code: str = "baseline") -> str:
    visit = Visit.objects.filter(participant=world.participant, code=code)[0]
    return f"/t/{world.trial.code}/assessments/visits/{visit.pk}/"


def test_the_script_comes_first_then_the_forms(world: World) -> None:
    html = world.client.get(url(world)).content.decode()
    assert "Please do not tell me your group" in html
    for instrument in ("medx_strength", "dynamometry", "hip_rom"):
        assert world.url(instrument) in html


def test_a_visit_without_measurements_is_not_there(world: World) -> None:
    assert world.client.get(url(world, "baseline_nights")).status_code == 404


def test_the_other_five_cases(world: World) -> None:
    there, nowhere = url(world), f"/t/{world.trial.code}/assessments/visits/{ids.new_id()}/"
    assert world.client.get(nowhere).status_code == 404
    assert world.client.post(there).status_code == 405
    assert Client().get(there).status_code == 302
    world.client.force_login(world.people.marc)
    refused = [world.client.get(address) for address in (there, nowhere)]
    assert [page.status_code for page in refused] == [403, 403]
    world.client.force_login(world.assessor_elsewhere())
    assert world.client.get(there).status_code == 404
