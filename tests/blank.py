"""Databases with every table and no row: migrated once by each process of the tests, then copied."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import psycopg2

from tests.run import POSTGRES

ROOT = Path(__file__).resolve().parents[1]
SERVER = POSTGRES.rpartition("/")[0]
_TEMPLATE = f"armslength_blank_{os.getpid()}"


def blank_database(path: Path) -> str:
    """Lay a blank database at that path; its address."""
    shutil.copyfile(_migrated_file(), path)
    return f"sqlite:///{path}"


@contextmanager
def blank_on_server(name: str) -> Iterator[str]:
    """A blank database of that name on PostgreSQL, gone afterwards; its address for the owner."""
    _migrated_on_server()
    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    # What is granted on the database itself is the one thing that a copy does not take over.
    grants = f'REVOKE TEMPORARY, CREATE ON DATABASE "{name}" FROM PUBLIC'
    _on_server(drop, f'CREATE DATABASE "{name}" TEMPLATE "{_TEMPLATE}"', grants)
    try:
        yield f"{SERVER}/{name}"
    finally:
        _on_server(drop)


def remove_templates() -> None:
    """Leave nothing behind; to be called once, at the end."""
    if _migrated_file.cache_info().currsize:
        shutil.rmtree(_migrated_file().parent)
    if _migrated_on_server.cache_info().currsize:
        _on_server(f'DROP DATABASE "{_TEMPLATE}" WITH (FORCE)')


@cache
def _migrated_file() -> Path:
    path = Path(mkdtemp(prefix="armslength-blank-")) / "blank.sqlite3"
    _manage("migrate", database=f"sqlite:///{path}")
    return path


@cache
def _migrated_on_server() -> None:
    _on_server(f'DROP DATABASE IF EXISTS "{_TEMPLATE}" WITH (FORCE)', f'CREATE DATABASE "{_TEMPLATE}"')
    for command in ("provision_roles", "migrate"):
        _manage(command, database=f"{SERVER}/{_TEMPLATE}")


def _manage(command: str, *, database: str) -> None:
    env = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run([sys.executable, "manage.py", command, "--verbosity", "0"], cwd=ROOT, env=env, check=True)


def _on_server(*statements: str) -> None:
    with closing(psycopg2.connect(f"{SERVER}/postgres")) as connection:
        connection.autocommit = True
        for statement in statements:
            connection.cursor().execute(statement)
