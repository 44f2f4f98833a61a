"""Deny by default: columns that hold or betray an arm cannot be read by the connection.

A sealed model declares ``OPEN_COLUMNS``; all its other columns are unreadable until ``lifted()``.
SQLite has a permanent authorizer; PostgreSQL has two roles, the web role lacking the columns and a second
one with them. Only ``randomization.blindfold`` calls ``lifted``: it asks who and why.

The authorizer is called when a statement is prepared, so it is armed anew at each change: that expires every
statement prepared before it.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.backends.signals import connection_created

_depth: ContextVar[int] = ContextVar("blindfold_depth", default=0)
_migrating: ContextVar[bool] = ContextVar("blindfold_migrating", default=False)
_WRITES = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE}
# A table under another name, a trigger that copies or one that is dropped would undo the wall: only migrate may.
_OBJECTS = ("INDEX", "TABLE", "TRIGGER", "VIEW", "VTABLE", "TEMP_TABLE", "TEMP_TRIGGER", "TEMP_VIEW")
_SCHEMA = {getattr(sqlite3, f"SQLITE_{verb}_{kind}") for verb in ("CREATE", "DROP") for kind in _OBJECTS}
_SCHEMA |= {sqlite3.SQLITE_ALTER_TABLE, sqlite3.SQLITE_ANALYZE, sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH}


@cache
def sealed_tables() -> dict[str, frozenset[str]]:
    """Each sealed table with the columns that stay readable."""
    return {
        model._meta.db_table: frozenset(model.OPEN_COLUMNS)
        for model in apps.get_models()
        if hasattr(model, "OPEN_COLUMNS")
    }


def is_lifted() -> bool:
    """Whether sealed columns can be read just now."""
    return _depth.get() > 0


def _authorize(action: int, table: str | None, column: str | None, _db: str | None, _source: str | None) -> int:
    if _migrating.get():
        return sqlite3.SQLITE_OK
    if action in _SCHEMA or (action == sqlite3.SQLITE_PRAGMA and (table or "").lower() == "writable_schema"):
        return sqlite3.SQLITE_DENY
    if _depth.get() > 0 or table not in sealed_tables():
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and column not in sealed_tables()[table]:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_DENY if action in _WRITES else sqlite3.SQLITE_OK


def _arm(connection: Any, **_: Any) -> None:
    if connection.vendor == "sqlite" and connection.connection is not None:
        connection.connection.set_authorizer(_authorize)


def _rearm() -> None:
    for each in connections.all(initialized_only=True):
        _arm(each)


def arm_new_connections() -> None:
    """Put the authorizer on every SQLite connection as it opens."""
    connection_created.connect(_arm, dispatch_uid="core.blindfold")


@contextmanager
def _raised(flag: ContextVar[Any], value: Any) -> Iterator[None]:
    token = flag.set(value)
    _rearm()
    try:
        yield
    finally:
        flag.reset(token)
        _rearm()


@contextmanager
def lifted() -> Iterator[None]:
    """Read sealed columns inside the block; openings nest by counting.

    On PostgreSQL the block is a transaction (SET LOCAL ROLE lives in one). On SQLite it opens none, because
    an open IMMEDIATE transaction blocks every writer. Evaluate querysets before leaving.
    """
    depth = _depth.get()
    with _raised(_depth, depth + 1):
        if connection.vendor == "postgresql" and depth == 0:
            with _second_role():
                yield
        else:
            yield


@contextmanager
def _second_role() -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'SET LOCAL ROLE "{settings.DATABASE_UNBLINDED_ROLE}"')
        yield
        # After an exception the rollback has already undone SET LOCAL.
        cursor.execute("SET LOCAL ROLE NONE")


def migrating(call: Callable[[], Any]) -> Any:
    """Run a migration with the SQLite authorizer out of the way: remaking a table reads all its columns."""
    with _raised(_migrating, True):
        return call()
