"""A fault of ours in the middle of an opening: the person is told that there is one, and no value."""

import logging
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import tokens
from config.logs import KeylessFormatter
from core import blindfold
from participants.models import Participant
from randomization.models import Allocation
from tests import cast
from tests.integration.therapists.conftest import MARCS_ARM, page
from tests.unit.randomization_db.world import World
from therapy import course

SECRET = f"programme {MARCS_ARM} at lsiq=high place 7"


def break_it(*_arguments: Any, **_named: Any) -> None:
    """A fault whose words tell everything, as an error of the database would."""
    assert blindfold.is_lifted()
    raise ValueError(SECRET)


@pytest.mark.parametrize("door", ["page", "api"])
def test_the_answer_to_a_fault_holds_no_value(
    door: str, world: World, marc: Client, marcs: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course, "grid_of", break_it)
    marc.raise_request_exception = False
    if door == "page":
        answer = marc.get(page(world, f"{marcs.number}/"))
    else:
        text = tokens.issue(user=world.cast.marc, purpose="tests", days=1, by=cast.actor(world.cast.marc))[1]
        path = f"/api/v1/trials/{world.trial.code}/participants/{marcs.number}/sessions/"
        answer = marc.get(path, headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 500
    told = answer.content.decode() + str(answer.headers)
    assert [word for word in (MARCS_ARM, "lsiq", "place 7", "ValueError", "Traceback") if word in told] == []
    assert not blindfold.is_lifted()


def test_the_log_of_a_row_that_failed_holds_no_value_of_it(world: World, marcs: Participant) -> None:
    """PostgreSQL tells the whole row; SQLite only the columns."""
    columns = ", ".join(f'"{field.column}"' for field in Allocation._meta.concrete_fields)
    again = f"INSERT INTO randomization_allocation ({columns}) SELECT {columns} FROM randomization_allocation"
    with blindfold.lifted():
        held = Allocation.objects.get(participant=marcs)
        with pytest.raises(IntegrityError) as failed, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(again.replace('SELECT "id"', "SELECT NULL"))
    assert (str(held.stratum_id) in str(failed.value)) == (connection.vendor == "postgresql")
    found = (type(failed.value), failed.value, failed.value.__traceback__)
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Internal Server Error", (), found)
    told = KeylessFormatter().format(record)
    assert "IntegrityError" in told
    assert [value for value in (held.participant_id, held.stratum_id, held.by) if str(value) in told] == []
