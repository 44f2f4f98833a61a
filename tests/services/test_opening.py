"""Opening the blind over real connections: two at once, kept connections, and a pooler in transaction mode."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.run import POOLER
from tests.services.pooler import pooled
from tests.services.rig import Rig, installed

needs_pooler = pytest.mark.skipif(POOLER is None, reason="PgBouncer is not installed")
POOLED = pytest.param("pooled", marks=[pytest.mark.services, needs_pooler])


@pytest.fixture(params=["embedded", pytest.param("production", marks=pytest.mark.services), POOLED])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    kind = "production" if request.param == "pooled" else request.param
    with installed(kind, tmp_path, mail_port=9) as own:
        own.environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        if request.param != "pooled":
            yield own
            return
        with pooled(own.environment["DATABASE_URL"], tmp_path) as url:
            own.environment |= {"DATABASE_URL": url, "BEHIND_POOLER": "1"}
            yield own


def test_two_at_once_are_one_and_exports_are_whole(rig: Rig) -> None:
    done = json.loads(rig.run("-m", "tests.services.opening", "work"))
    first, second = done["answers"]
    assert first == second
    assert first[0] == 201
    assert set(first[1]) == {"study_number", "at", "by"}
    assert rig.rows("SELECT count(*) FROM api_idempotencykey") == [(1,)]
    assert rig.rows("SELECT count(*) FROM audit_entry WHERE verb = 'participant.randomize'") == [(1,)]
    assert done["notes"] == 1
    assert done["rows"]["allocations.csv"] == 1
    assert done["blinded"]
    if "BEHIND_POOLER" in rig.environment:
        assert (done["server_side_cursors"], done["kept"]) == (False, 0)
        _check_shared(rig)


def _check_shared(rig: Rig) -> None:
    """Two clients of one connection to the server: what one opens is never open to the other."""
    found = json.loads(rig.run("-m", "tests.services.opening", "share"))
    assert found["one_server_connection"]
    assert found["inside"]
    assert not found["waited_while_open"]
    assert found["by_turns"] == [True, False, True, False]
    assert found["after_an_error"] == [False, False]
    assert found["after_a_hang_up"] == [False, False]
    # The proof that this test could fail.
    assert found["role_of_the_session"] == [True, True]
    assert found["taken_back"] == [True, False]
