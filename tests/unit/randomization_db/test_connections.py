"""An opening belongs to one block, thread and connection: nothing carries it further, nothing leaves it behind.

These tests stand outside of any transaction, each in a thread with a connection of its own. They need no row:
the database refuses columns, whatever is in them.
"""

import asyncio
import contextvars
import gc
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from celery.signals import task_prerun
from django.core.exceptions import SynchronousOnlyOperation
from django.core.signals import request_finished, request_started
from django.db import DatabaseError, Error, connection, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.http import FileResponse, StreamingHttpResponse
from pytest_django.plugin import DjangoDbBlocker

from core import blindfold

READ = "SELECT sealed_arm FROM randomization_slot"
ROWS = 300
"""More than a cursor fetches at once."""
Inside = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def alone(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Inside:
    """Run a function in a thread of its own, as a process that serves requests would."""

    def run(call: Callable[[], Any]) -> Any:
        def with_connection() -> Any:
            try:
                return call()
            finally:
                connection.close()

        with django_db_blocker.unblock(), ThreadPoolExecutor(1) as pool:
            return pool.submit(with_connection).result()

    return run


def reads() -> bool:
    """Whether a sealed column can be read just now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(READ)
            cursor.fetchall()
    except DatabaseError:
        return False
    return True


def open_and_read() -> bool:
    with blindfold.lifted():
        return reads()


def half_read() -> Iterator[None]:
    """The mistake that no test of a page would show: an opening in a generator that nobody reads to its end."""
    with blindfold.lifted():
        yield
        yield


def many() -> str:
    """A statement with many rows of a sealed table that has none."""
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) "
    return f"{numbers} SELECT i, (SELECT max(position) FROM randomization_slot) FROM n"


# --- The block ends, whatever happens in it ---------------------------------------------------------------


def test_after_an_exception_a_rollback_and_a_savepoint_it_is_closed(alone: Inside) -> None:
    def ends() -> list[bool]:
        found = []
        with pytest.raises(ZeroDivisionError), blindfold.lifted():
            raise ZeroDivisionError
        found.append(reads())
        with transaction.atomic():
            with pytest.raises(ZeroDivisionError), transaction.atomic(), blindfold.lifted():
                raise ZeroDivisionError
            with transaction.atomic(), blindfold.lifted():
                transaction.set_rollback(True)
            transaction.set_rollback(True)
        found.append(reads())
        with blindfold.lifted(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM randomization_slot")
        return [*found, reads(), open_and_read()]

    assert alone(ends) == [False, False, False, True]


def test_an_error_that_spoils_the_transaction_closes_it_too(alone: Inside) -> None:
    """On PostgreSQL nothing more can be said in such a transaction, not even that the role ends."""

    def spoil() -> list[bool]:
        try:
            with blindfold.lifted(), connection.cursor() as cursor, suppress(DatabaseError):
                cursor.execute("SELECT nothing FROM randomization_slot")
        except DatabaseError:
            assert connection.vendor == "postgresql"
        return [reads(), blindfold.is_lifted(), open_and_read()]

    assert alone(spoil) == [False, False, True]


def test_the_next_request_on_a_kept_connection_finds_it_closed(alone: Inside) -> None:
    def two_requests() -> list[Any]:
        with blindfold.lifted(), connection.cursor() as cursor:
            cursor.execute(READ)
        held = connection.connection
        request_finished.send(sender=None)
        request_started.send(sender=None, environ={})
        connection.ensure_connection()
        return [connection.connection is held or connection.settings_dict["CONN_MAX_AGE"] == 0, reads()]

    assert alone(two_requests) == [True, False]


@pytest.mark.parametrize("signal", [request_started, request_finished, task_prerun], ids=["start", "end", "task"])
def test_a_generator_left_in_the_middle_is_closed_by_whatever_comes_next(
    alone: Inside, signal: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def abandon() -> list[bool]:
        held = half_read()
        next(held)
        open_meanwhile = reads()
        blindfold.put_back(signal=signal)
        found = [open_meanwhile, reads(), blindfold.is_lifted()]
        with blindfold.lifted():
            # Its own end comes late, in the middle of another opening, and spoils nothing.
            del held
            gc.collect()
            found.append(reads())
        return [*found, reads(), connection.in_atomic_block]

    assert any(receiver[1]() is blindfold.put_back for receiver in signal.receivers if receiver[1]())
    assert alone(abandon) == [True, False, False, True, False, False]
    assert "left open" in caplog.text


# --- What is read lazily is refused afterwards -----------------------------------------------------------


class _LazyFile:
    """A file that asks the database only when it is read."""

    name = "allocations.csv"

    def __init__(self) -> None:
        self.left = 1

    def read(self, _size: int = -1) -> bytes:
        if not self.left:
            return b""
        self.left = 0
        with connection.cursor() as cursor:
            cursor.execute(READ)
            return repr(cursor.fetchall()).encode()

    def close(self) -> None:
        pass


@pytest.mark.parametrize("kind", [StreamingHttpResponse, FileResponse])
def test_an_answer_that_reads_while_it_is_sent_is_refused(alone: Inside, kind: Any) -> None:
    def send() -> str:
        with blindfold.lifted():
            file = _LazyFile()
            response = kind(iter(file.read, b"") if kind is StreamingHttpResponse else file)
        try:
            return b"".join(response).decode()
        except DatabaseError as refused:
            return type(refused).__name__

    assert alone(send) in {"DatabaseError", "ProgrammingError"}


@pytest.mark.parametrize("nested", [False, True], ids=["own transaction", "inside another"])
def test_rows_not_yet_fetched_when_it_closes_never_come(alone: Inside, nested: bool) -> None:
    """The database asks for rights when a statement begins; its cursor could go on for as long as the transaction."""

    def fetch() -> list[int | str]:
        with connection.chunked_cursor() as cursor:
            with blindfold.lifted():
                cursor.execute(many())
                found: list[int | str] = [len(cursor.fetchmany(10))]
            try:
                found.append(len(cursor.fetchmany(10)))
            except Error:
                found.append("closed")
        return found

    def inside() -> list[int | str]:
        with transaction.atomic():
            return fetch()

    assert alone(inside if nested else fetch) == [10, "closed"]


def test_a_reading_that_began_before_goes_on(alone: Inside) -> None:
    def fetch() -> int:
        plain = many().replace("(SELECT max(position) FROM randomization_slot)", "1")
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            cursor.execute(plain)
            seen = len(cursor.fetchmany(10))
            with blindfold.lifted():
                assert reads()
            return seen + len(cursor.fetchall())

    assert alone(fetch) == ROWS


def test_it_is_closed_when_its_transaction_commits(alone: Inside) -> None:
    def commit() -> list[bool]:
        told: list[bool] = []
        with blindfold.lifted():
            if connection.in_atomic_block:
                transaction.on_commit(lambda: told.extend([reads(), blindfold.is_lifted()]))
        return told

    assert alone(commit) in ([], [False, False])


# --- Nesting, threads, coroutines --------------------------------------------------------------------------


def test_the_outermost_of_nested_openings_closes(alone: Inside) -> None:
    def nest() -> list[bool]:
        with blindfold.lifted():
            with blindfold.lifted(), transaction.atomic(), blindfold.lifted():
                deepest = reads()
            with pytest.raises(ZeroDivisionError), blindfold.lifted():
                raise ZeroDivisionError
            found = [deepest, reads()]
        return [*found, reads()]

    assert alone(nest) == [True, True, False]


@pytest.mark.parametrize("copied", [False, True], ids=["new thread", "with the context of the opening"])
def test_another_thread_is_not_let_in(alone: Inside, copied: bool) -> None:
    def beside() -> list[bool]:
        def other() -> bool:
            try:
                return reads()
            finally:
                connection.close()

        with blindfold.lifted(), ThreadPoolExecutor(1) as pool:
            call = contextvars.copy_context().run if copied else lambda there: there()
            return [reads(), pool.submit(call, other).result(), reads()]

    assert alone(beside) == [True, False, True]


def test_two_threads_open_and_close_without_each_other(alone: Inside, django_db_blocker: DjangoDbBlocker) -> None:
    turns = threading.Barrier(2, timeout=30)

    def blind() -> list[bool]:
        found = []
        for _turn in range(3):
            turns.wait()
            found.append(reads())
            turns.wait()
        connection.close()
        return found

    def seeing() -> list[bool]:
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(blind)
            turns.wait()
            turns.wait()
            with blindfold.lifted():
                turns.wait()
                turns.wait()
            turns.wait()
            turns.wait()
            return other.result()

    assert alone(seeing) == [False, False, False]


def test_a_coroutine_cannot_open_it_but_a_call_from_one_can(alone: Inside) -> None:
    """A coroutine waits while others run; what is called from one runs in a thread to its end."""

    async def opens() -> list[bool]:
        with pytest.raises(SynchronousOnlyOperation):
            blindfold.lifted().__enter__()
        found = [await sync_to_async(open_and_read)(), await sync_to_async(reads)()]
        await sync_to_async(lambda: connection.close())()
        return found

    assert alone(lambda: asyncio.run(opens())) == [True, False]


# --- Connections that go and come back --------------------------------------------------------------------


def _terminate(pid: int) -> None:
    """As an administrator or a failover would; the role may end its own connections."""
    with ThreadPoolExecutor(1) as pool:

        def end() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            connection.close()

        pool.submit(end).result()


def _pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("nested", [False, True], ids=["own transaction", "inside another"])
def test_a_connection_that_breaks_inside_comes_back_closed(alone: Inside, nested: bool) -> None:
    def breaks() -> list[bool]:
        before = _pid()
        with pytest.raises(Error), transaction.atomic() if nested else blindfold.lifted(), blindfold.lifted():
            _terminate(before)
            reads()
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        connection.close_if_unusable_or_obsolete()
        return [blindfold.is_lifted(), reads(), open_and_read(), reads(), _pid() == before]

    if connection.vendor == "postgresql":
        assert alone(breaks) == [False, False, True, False, False]


@pytest.mark.parametrize("open_first", [False, True], ids=["closed", "opened before"])
def test_a_file_opened_again_is_guarded_from_its_first_statement(
    tmp_path: Path, open_first: bool, django_db_blocker: DjangoDbBlocker, django_db_setup: None
) -> None:
    if connection.vendor != "sqlite":
        return
    with django_db_blocker.unblock():
        other = DatabaseWrapper({**connection.settings_dict, "NAME": str(tmp_path / "trial.sqlite3")}, alias="other")
        blindfold.migrating(lambda: _make(other))
        if open_first:
            with blindfold.lifted():
                assert _count(other) == 0
        for _again in range(2):
            other.close()
            with pytest.raises(DatabaseError):
                _count(other)
        other.close()


def _make(other: DatabaseWrapper) -> None:
    with other.cursor() as cursor:
        cursor.execute("CREATE TABLE randomization_slot (sealed_arm text)")


def _count(other: DatabaseWrapper) -> int:
    with other.cursor() as cursor:
        cursor.execute("SELECT count(sealed_arm) FROM randomization_slot")
        return int(cursor.fetchone()[0])


# --- What somebody could do who runs statements of their own as the web role ------------------------------

REFUSED = [
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "SET SESSION AUTHORIZATION armslength_unblinded",
    "SET LOCAL SESSION AUTHORIZATION armslength_unblinded",
    "ALTER ROLE armslength_web INHERIT",
    "GRANT armslength_unblinded TO armslength_web WITH ADMIN OPTION",
    "ALTER TABLE randomization_slot OWNER TO armslength_web",
    "GRANT SELECT ON randomization_slot TO armslength_web",
    "CREATE ROLE told LOGIN IN ROLE armslength_unblinded",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_the_web_role_becomes_nobody_more_powerful(alone: Inside, sql: str) -> None:
    def attempt() -> bool:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
                transaction.set_rollback(True)
        except DatabaseError:
            return False
        return True

    if connection.vendor == "postgresql":
        assert not alone(attempt)


def test_the_one_role_it_may_become_is_that_of_an_opening_and_ends_with_the_request(alone: Inside) -> None:
    """What docs/blinding.md admits: SET ROLE by somebody's own SQL. The program has no such statement elsewhere."""

    def become() -> list[bool]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE armslength_unblinded")
            found = [reads()]
        return [*found, reads()]

    if connection.vendor == "postgresql":
        assert alone(become) == [True, False]
