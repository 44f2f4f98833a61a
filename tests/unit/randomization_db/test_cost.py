"""What an allocation asks of the database: each fact once."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from randomization.actions import allocation
from tests.unit.randomization_db.world import World


def test_an_allocation_reads_each_fact_once(world: World) -> None:
    world.activate()
    participant = world.ready()
    with CaptureQueriesContext(connection) as asked:
        allocation.allocate(participant=participant, by=world.marc)
    statements = [each["sql"] for each in asked]
    for table in ("outcomes_form", "outcomes_visit", "randomization_sequence", "randomization_slot", "audit_head"):
        assert len([sql for sql in statements if re.match(f'SELECT .* FROM "{table}"', sql)]) == 1, table
    assert len([sql for sql in statements if 'FROM "outcomes_response"' in sql]) == 2
    assert len([sql for sql in statements if sql.startswith('UPDATE "randomization_stratum"')]) == 1


def test_the_place_is_claimed_after_all_else_is_written(world: World) -> None:
    """From the claim to the end everybody else of the stratum waits."""
    world.activate()
    participant = world.ready()
    with CaptureQueriesContext(connection) as asked:
        allocation.allocate(participant=participant, by=world.marc)
    statements = [each["sql"] for each in asked]
    claim = next(n for n, sql in enumerate(statements) if sql.startswith('UPDATE "randomization_stratum"'))
    written = {sql.split('"')[1] for sql in statements[claim + 1 :] if sql.startswith(("INSERT", "UPDATE"))}
    assert written == {"randomization_allocation", "audit_entry", "audit_change", "audit_head"}
