"""Every sealed column, read in every way the database knows: refused outside an opening, answered inside.

The columns are those of the models, so that a new one joins by itself.
"""

import io
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction

from core import blindfold

WAYS = {
    "select": 'SELECT "{c}" FROM "{t}"',
    "where": 'SELECT 1 FROM "{t}" WHERE "{c}" IS NULL',
    "order by": 'SELECT 1 FROM "{t}" ORDER BY "{c}"',
    "group by": 'SELECT count(*) FROM "{t}" GROUP BY "{c}"',
    "aggregate": 'SELECT count("{c}") FROM "{t}"',
    "window": 'SELECT row_number() OVER (ORDER BY "{c}") FROM "{t}"',
    "join": 'SELECT 1 FROM participants_participant p JOIN "{t}" s ON p.number = CAST(s."{c}" AS text)',
    "subquery": 'SELECT 1 FROM participants_participant WHERE number IN (SELECT CAST("{c}" AS text) FROM "{t}")',
    "exists": 'SELECT EXISTS (SELECT 1 FROM "{t}" s WHERE s."{c}" IS NOT NULL)',
    "order by a subquery": 'SELECT 1 FROM participants_participant ORDER BY (SELECT CAST("{c}" AS text) FROM "{t}")',
    "common table": 'WITH told AS (SELECT "{c}" AS it FROM "{t}") SELECT it FROM told',
    "union": 'SELECT number FROM participants_participant UNION SELECT CAST("{c}" AS text) FROM "{t}"',
    "expression": "SELECT CASE WHEN \"{c}\" IS NULL THEN 'a' ELSE 'b' END FROM \"{t}\"",
    "explain": 'EXPLAIN SELECT "{c}" FROM "{t}"',
    "returning": 'INSERT INTO "{t}" SELECT * FROM "{t}" WHERE 1 = 0 RETURNING "{c}"',
    "update from": "UPDATE participants_participant SET number = number "
    'WHERE number IN (SELECT CAST("{c}" AS text) FROM "{t}")',
}
COPIES = {
    "copy": 'COPY "{t}" ("{c}") TO STDOUT',
    "copy of a query": 'COPY (SELECT "{c}" FROM "{t}") TO STDOUT',
}


def sealed_columns() -> list[tuple[str, str]]:
    """(table, column) of everything that is not declared readable."""
    models = {model._meta.db_table: model for model in apps.get_models()}
    return [
        (table, field.column)
        for table, readable in blindfold.sealed_tables().items()
        for field in models[table]._meta.concrete_fields
        if field.column not in readable
    ]


def answers(way: str, table: str, column: str) -> bool:
    """Whether the database reads the column; what was read or written is undone."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if way in COPIES:
                with connection.wrap_database_errors:  # Django's cursor knows no COPY
                    cursor.cursor.copy_expert(COPIES[way].format(t=table, c=column), io.StringIO())
            else:
                cursor.execute(WAYS[way].format(t=table, c=column))
                if cursor.description:
                    cursor.fetchall()
    except DatabaseError:
        return False
    return True


def test_the_list_of_columns_is_whole() -> None:
    known = sealed_columns()
    assert len({table for table, _column in known}) == len(blindfold.sealed_tables()) > 10
    for each in (
        ("slot", "sealed_arm"),
        ("allocation", "stratum_id"),
        ("stratum", "used"),
        ("sequence", "sealed_seed"),
    ):
        assert (f"randomization_{each[0]}", each[1]) in known


@pytest.mark.parametrize("way", [*WAYS, *COPIES])
def test_no_sealed_column_is_read_outside_an_opening(way: str, db: None) -> None:
    if way in COPIES and connection.vendor != "postgresql":
        return
    columns = sealed_columns()
    assert [each for each in columns if answers(way, *each)] == []
    with blindfold.lifted():
        assert [each for each in columns if not answers(way, *each)] == []
    assert [each for each in columns if answers(way, *each)] == []


@pytest.mark.parametrize("table", sorted(blindfold.letter_boxes()))
def test_a_letter_box_takes_rows_and_gives_none_back(table: str, db: None) -> None:
    """Nulls stand for the row: where the database may write, it gets as far as missing the values."""
    (sealed,) = {column for each, column in sealed_columns() if each == table} & {"arm"}
    write = f'INSERT INTO "{table}" ("id", "{sealed}") VALUES (NULL, NULL)'
    assert _refusal_of(write) is IntegrityError
    for refused in (
        f'{write} RETURNING "{sealed}"',
        f'UPDATE "{table}" SET "{sealed}" = NULL',
        f'DELETE FROM "{table}"',
    ):
        assert _refusal_of(refused) not in (None, IntegrityError), refused


def _refusal_of(sql: str) -> type[DatabaseError] | None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return type(error)
    return None


TELLTALES = {
    "sqlite": [
        "SELECT sum(ncell) FROM dbstat WHERE name = 'randomization_allocation'",
        "SELECT sql FROM sqlite_stmt",
        "CREATE TEMP VIEW told AS SELECT * FROM randomization_slot",
        "CREATE TEMP TABLE told AS SELECT * FROM randomization_slot",
    ],
    "postgresql": [
        "SELECT * FROM pg_statistic",
        "CREATE TEMP VIEW told AS SELECT * FROM randomization_slot",
        "CREATE TEMP TABLE told (arm text)",
        "CREATE FUNCTION pg_temp.told() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "CREATE FUNCTION public.told() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    ],
}


@pytest.mark.parametrize("number", range(5))
def test_nothing_that_outlives_an_opening_can_be_made_in_one(number: int, db: None) -> None:
    """A view or function made inside would be its maker's still, and read for whoever asks it later."""
    statements = TELLTALES[connection.vendor]
    if number < len(statements):
        assert not _runs(statements[number])
        with blindfold.lifted():
            assert not _runs(statements[number])


def _runs(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def test_statistics_of_sealed_columns_are_not_shown(db: None) -> None:
    if connection.vendor == "postgresql":
        tables = list(blindfold.sealed_tables())
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename, attname FROM pg_stats WHERE tablename = ANY(%s)", [tables])
            shown: set[Any] = set(cursor.fetchall())
        assert not shown & set(sealed_columns())
