"""A therapist's login runs out over the session log: every set is there again."""

from django.test import Client

from participants.models import Participant
from tests.integration.signed_out import check_kept
from tests.integration.therapists.conftest import page
from tests.integration.therapists.test_session import typed
from tests.unit.randomization_db.world import World
from therapy import queries


def test_the_session_log_with_a_set_more_than_planned(world: World, marc: Client, marcs: Participant) -> None:
    address = page(world, f"{marcs.number}/sessions/1/")
    data = typed(marc, address, pain_before="3", note="Slept badly")
    count = int(data["lumbar_extension-sets"])
    more = {
        name.replace(f"-set-{count}-", f"-set-{count + 1}-"): "12"
        for name in data
        if name.startswith(f"lumbar_extension-set-{count}-")
    }
    assert more
    check_kept(marc, world.cast.marc, address, {**data, **more, "lumbar_extension-sets": str(count + 1)})
    following = queries.next_session(marcs, world.marc)
    assert following is not None
    assert following.number == 1
