"""An assessor's login runs out over a form: raw trials and reasons are there again, over the draft."""

from outcomes.models import Draft, Response
from tests.integration.assessors.conftest import World, hip
from tests.integration.signed_out import check_kept

NOT_MEASURED = {"flexion_left_3": "", "flexion_left_3-missing": "not_done"}


def test_a_measurement_with_a_reason_for_what_is_missing(world: World) -> None:
    page = world.url("hip_rom")
    world.client.post(page, {"done": "1", "flexion_left_1": "90", "step": "save"})
    typed = hip(**NOT_MEASURED, flexion_left_1="10x", step="reasons")
    found = check_kept(world.client, world.people.amelie, page, {k: v for k, v in typed.items() if k != "step"})
    assert found["flexion_left_1"] == ["10x"]
    assert Draft.objects.get(item="flexion_left_1").value == 90
    assert not Response.objects.filter(instrument="hip_rom").exists()
