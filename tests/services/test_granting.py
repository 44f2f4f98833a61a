"""Two roles given to one person at once: the wall between blinded and unblinding roles holds."""

import json
from pathlib import Path

import pytest

from tests.services.rig import Rig, installed


@pytest.fixture(params=["embedded", pytest.param("production", marks=pytest.mark.services)])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Rig:
    with installed(request.param, tmp_path, mail_port=9) as own:
        own.environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        yield own


def test_the_second_of_two_roles_given_at_once_sees_the_first(rig: Rig) -> None:
    told = json.loads(rig.run("-m", "tests.services.granting"))
    assert told["reached"]
    assert told["said"] == ["membership.walls"]
    assert told["held"] == ["monitor"]
