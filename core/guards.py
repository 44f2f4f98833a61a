"""What the database itself refuses: changes to append-only tables, and columns the web role may not read.

Installed after every migrate, because remaking a SQLite table silently drops its triggers and a new
PostgreSQL column has no grants.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from core import blindfold

_REFUSAL = "This table is append-only."
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION armslength_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$
"""


def install(connection: Any) -> None:
    """Install triggers and grants on a migrated database. Run as the owner of the tables."""
    tables = set(connection.introspection.table_names())
    append_only = [m for m in apps.get_models() if getattr(m, "APPEND_ONLY", False)]
    present = [model for model in append_only if model._meta.db_table in tables]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for model in present:
                _install_sqlite_triggers(cursor, model)
        elif connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
            for model in present:
                _install_postgres_triggers(cursor, model._meta.db_table)
            _grant(cursor, tables)


def _install_sqlite_triggers(cursor: Any, model: type[models.Model]) -> None:
    table = model._meta.db_table
    for event in ("UPDATE", "DELETE"):
        cursor.execute(
            f'CREATE TRIGGER IF NOT EXISTS "{table}_no_{event.lower()}" BEFORE {event} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )
    # INSERT OR REPLACE fires no DELETE trigger, so it is caught on the way in, whatever key it would collide by.
    same = " OR ".join(" AND ".join(f'"{c}" = NEW."{c}"' for c in key) for key in _unique_keys(model))
    guard = f"{table}{blindfold.NO_REPLACE}"
    cursor.execute(f'DROP TRIGGER IF EXISTS "{guard}"')
    cursor.execute(
        f'CREATE TRIGGER "{guard}" BEFORE INSERT ON "{table}" '
        f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {same}) '
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )


def _unique_keys(model: type[models.Model]) -> list[list[str]]:
    """The columns of every key that a row may collide by, SQLite's own row number included."""
    fields = {field.name: str(field.column) for field in model._meta.concrete_fields}
    keys = [[fields[field.name]] for field in model._meta.concrete_fields if field.unique]
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            keys.append([fields[name] for name in constraint.fields])
    return [["rowid"], *keys]


def _install_postgres_triggers(cursor: Any, table: str) -> None:
    for name, event, level in (("row", "UPDATE OR DELETE", "ROW"), ("all", "TRUNCATE", "STATEMENT")):
        trigger = f"{table}_append_only_{name}"
        cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger}" ON "{table}"')
        cursor.execute(
            f'CREATE TRIGGER "{trigger}" BEFORE {event} ON "{table}" FOR EACH {level} '
            "EXECUTE FUNCTION armslength_refuse()"
        )
        cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{trigger}"')


def _grant(cursor: Any, tables: set[str]) -> None:
    web, unblinded = settings.DATABASE_WEB_ROLE, settings.DATABASE_UNBLINDED_ROLE
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname IN (%s, %s)", [web, unblinded])
    if {row[0] for row in cursor.fetchall()} != {web, unblinded}:
        return
    # A view or a function that is made in an opening would read for whoever asks it afterwards.
    database = cursor.db.settings_dict["NAME"]
    cursor.execute(f'REVOKE TEMPORARY, CREATE ON DATABASE "{database}" FROM PUBLIC, "{web}", "{unblinded}"')
    cursor.execute(f'REVOKE CREATE ON SCHEMA public FROM PUBLIC, "{web}", "{unblinded}"')
    cursor.execute(f'GRANT USAGE ON SCHEMA public TO "{web}", "{unblinded}"')
    cursor.execute(f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{web}", "{unblinded}"')
    sealed = blindfold.sealed_tables()
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table not in tables:
            continue
        rights = _rights(model)
        cursor.execute(f'REVOKE ALL ON "{table}" FROM PUBLIC, "{web}", "{unblinded}"')
        cursor.execute(f'GRANT {rights} ON "{table}" TO "{unblinded}"')
        if table not in sealed:
            cursor.execute(f'GRANT {rights} ON "{table}" TO "{web}"')
        elif sealed[table]:
            columns = ", ".join(f'"{column}"' for column in sorted(sealed[table]))
            cursor.execute(f'GRANT SELECT ({columns}) ON "{table}" TO "{web}"')
        if table in blindfold.letter_boxes():
            cursor.execute(f'GRANT INSERT ON "{table}" TO "{web}"')
    cursor.execute(f'GRANT SELECT ON django_migrations TO "{web}", "{unblinded}"')


def _rights(model: type[models.Model]) -> str:
    if getattr(model, "APPEND_ONLY", False):
        return "SELECT, INSERT"
    if getattr(model, "IS_RECORD", False) or getattr(model, "NEVER_DELETED", False):
        return "SELECT, INSERT, UPDATE"
    return "SELECT, INSERT, UPDATE, DELETE"


def is_open_by_default(connection: Any) -> bool:
    """Whether this PostgreSQL role reads sealed columns without an opening: the owner does, the web role does not."""
    if connection.vendor != "postgresql":
        return False
    asked = "SELECT bool_or(has_table_privilege(oid, 'SELECT')) FROM pg_class WHERE relkind = 'r' AND relname = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(asked, [list(blindfold.sealed_tables())])
        return bool(cursor.fetchone()[0])
