"""An interviewer's login runs out over a record: it is there again, and for nobody blinded."""

from outcomes.models import Response
from tests.integration.signed_out import check_kept
from tests.integration.unblinded.conftest import World
from tests.integration.unblinded.test_interviews import ANSWERS


def test_the_record_of_an_interview(world: World) -> None:
    check_kept(world.client, world.rooms.cast.ingrid, world.record(), ANSWERS)
    assert not Response.objects.filter(instrument="interview_record").exists()
