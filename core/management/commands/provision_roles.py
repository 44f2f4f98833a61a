"""Create the two PostgreSQL roles the web processes use. Run once per server, as a role that may create roles."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

LOCK = 4_601_978
"""Any number, as long as it is always the same."""


class Command(BaseCommand):
    help = "Create the web role (NOINHERIT, no right to sealed columns) and the unblinded role on PostgreSQL."

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Roles exist on PostgreSQL only. The embedded database needs none.")
        web, unblinded = settings.DATABASE_WEB_ROLE, settings.DATABASE_UNBLINDED_ROLE
        with transaction.atomic(), connection.cursor() as cursor:
            # Roles belong to the whole server: of two provisions at once, the second waits.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            for role, attributes in ((unblinded, "NOLOGIN"), (web, "LOGIN NOINHERIT")):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                verb = "ALTER" if cursor.fetchone() else "CREATE"
                cursor.execute(f'{verb} ROLE "{role}" {attributes}')
            if settings.DATABASE_WEB_PASSWORD:
                cursor.execute(f'ALTER ROLE "{web}" PASSWORD %s', [settings.DATABASE_WEB_PASSWORD])
            cursor.execute(f'GRANT "{unblinded}" TO "{web}"')
        self.stdout.write(f"Roles {web} and {unblinded} are ready. Now run migrate as the owner.")
