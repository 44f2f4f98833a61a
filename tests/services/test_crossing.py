"""Two requests that need each other's rows take them in one order: neither is rolled back for the other's sake."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.rig import Rig, installed


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """PostgreSQL: on SQLite one writes after the other."""
    with installed("production", tmp_path, mail_port=9) as own:
        own.environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        yield own


@pytest.mark.services
@pytest.mark.parametrize("task", ["first_session", "moving"])
def test_two_requests_that_cross_are_both_done(rig: Rig, task: str) -> None:
    assert json.loads(rig.run("-m", "tests.services.crossing", task)) == {"first": "done", "second": "done"}
