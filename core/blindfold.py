"""Deny by default: columns that hold or betray an arm cannot be read by the connection.

A sealed model declares ``OPEN_COLUMNS``; all its other columns are unreadable until ``lifted()``, and nobody writes.
One that declares ``BLIND_ADDS`` as well takes new rows from blind code, which cannot read back what it wrote.
SQLite has a permanent authorizer; PostgreSQL has two roles, the web role lacking the columns and a second
one with them. Only ``randomization.blindfold`` calls ``lifted``: it asks who and why.

The authorizer is called when a statement is prepared, so it is armed anew at each change: that expires every
statement prepared before it. A statement that is being read already is not asked again, on either engine: the
cursors of an opening are closed with it.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any
from weakref import WeakSet

from celery.signals import task_postrun, task_prerun
from django.apps import apps
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import connection, connections, transaction
from django.db.backends.signals import connection_created
from django.utils.asyncio import async_unsafe

logger = logging.getLogger(__name__)
_WRITES = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE}
# A table under another name, a trigger that copies or one that is dropped would undo the wall: only migrate may.
_OBJECTS = ("INDEX", "TABLE", "TRIGGER", "VIEW", "VTABLE", "TEMP_TABLE", "TEMP_TRIGGER", "TEMP_VIEW")
_SCHEMA = {getattr(sqlite3, f"SQLITE_{verb}_{kind}") for verb in ("CREATE", "DROP") for kind in _OBJECTS}
_SCHEMA |= {sqlite3.SQLITE_ALTER_TABLE, sqlite3.SQLITE_ANALYZE, sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH}
# SQLite's own tables that count the rows of others, show their pages, or what was asked.
_TELLTALES = {"dbstat", "sqlite_dbpage", "sqlite_stat1", "sqlite_stat4", "sqlite_stmt"}
# The name after that of its table: the guard that compares the keys of a new row with those that are there.
NO_REPLACE = "_no_replace"


class _Here(threading.local):
    """Of this thread, as its connections are: neither a copied context nor a new thread carries an opening along."""

    def __init__(self) -> None:
        self.openings: list[ExitStack] = []
        self.migrating = False


_here = _Here()


@cache
def sealed_tables() -> dict[str, frozenset[str]]:
    """Each sealed table with the columns that stay readable."""
    return {
        model._meta.db_table: frozenset(model.OPEN_COLUMNS)
        for model in apps.get_models()
        if hasattr(model, "OPEN_COLUMNS")
    }


@cache
def letter_boxes() -> frozenset[str]:
    """The sealed tables into which blind code may put a row."""
    return frozenset(model._meta.db_table for model in apps.get_models() if getattr(model, "BLIND_ADDS", False))


def is_lifted() -> bool:
    """Whether sealed columns can be read just now."""
    return bool(_here.openings)


def _authorize(action: int, table: str | None, column: str | None, _db: str | None, source: str | None) -> int:
    if _here.migrating:
        return sqlite3.SQLITE_OK
    if action in _SCHEMA or (action == sqlite3.SQLITE_PRAGMA and (table or "").lower() == "writable_schema"):
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_READ and table in _TELLTALES:
        return sqlite3.SQLITE_DENY
    if _here.openings or table not in sealed_tables():
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ:
        is_open = column in sealed_tables()[table] or source == f"{table}{NO_REPLACE}"
        return sqlite3.SQLITE_OK if is_open else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_INSERT and table in letter_boxes():
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY if action in _WRITES else sqlite3.SQLITE_OK


def _arm(connection: Any, **_: Any) -> None:
    if connection.vendor == "sqlite" and connection.connection is not None:
        connection.connection.set_authorizer(_authorize)


def _rearm() -> None:
    for each in connections.all(initialized_only=True):
        _arm(each)


def guard_connections() -> None:
    """Put the authorizer on every SQLite connection as it opens; end what a request or a task left open."""
    connection_created.connect(_arm, dispatch_uid="core.blindfold")
    for moment in (request_started, request_finished, task_prerun, task_postrun):
        moment.connect(put_back, dispatch_uid="core.blindfold")


@contextmanager
@async_unsafe
def lifted() -> Iterator[None]:
    """Read sealed columns inside the block; openings nest by counting.

    On PostgreSQL the block is a transaction (SET LOCAL ROLE lives in one). On SQLite it opens none, because
    an open IMMEDIATE transaction blocks every writer. Evaluate querysets before leaving: a lazy one would be asked
    afterwards and denied, one read in part is cut off. Refused in a coroutine, which would be open while others run.
    """
    with ExitStack() as opening:
        if not _here.openings:
            if connection.vendor == "postgresql":
                opening.enter_context(_second_role())
            opening.enter_context(_cursors_closed())
        opening.callback(_end, _here.openings, opening)
        _here.openings.append(opening)
        _rearm()
        yield


def _end(openings: list[ExitStack], opening: ExitStack) -> None:
    openings.remove(opening)
    _rearm()


def put_back(**_: Any) -> None:
    """End what is open: between two requests or tasks nothing is. A generator left in the middle would leave it so.

    What it wrote is rolled back; when its own end comes, there is nothing left to end.
    """
    while _here.openings:
        forgotten = RuntimeError("The blind was left open, in a generator that was not read to its end.")
        logger.error("%s It was closed now.", forgotten)
        _here.openings[-1].__exit__(RuntimeError, forgotten, None)


@contextmanager
def _second_role() -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'SET LOCAL ROLE "{settings.DATABASE_UNBLINDED_ROLE}"')
        yield
        # A rollback, after an exception or because somebody asked for one, undoes SET LOCAL by itself.
        if not connection.needs_rollback:
            cursor.execute("SET LOCAL ROLE NONE")


@contextmanager
def _cursors_closed() -> Iterator[None]:
    """Close, on leaving, every cursor that was used inside: what it has not fetched yet would come unasked."""
    used: WeakSet[Any] = WeakSet()

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        used.add(context["cursor"])
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(note):
            yield
    finally:
        for cursor in list(used):
            cursor.close()


def migrating(call: Callable[[], Any]) -> Any:
    """Run a migration with the SQLite authorizer out of the way: remaking a table reads all its columns."""
    _here.migrating = True
    _rearm()
    try:
        return call()
    finally:
        _here.migrating = False
        _rearm()
