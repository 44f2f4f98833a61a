"""Django's migrate, then everything in the database that migrations would drop or not know: grants and triggers."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from core import blindfold, guards


class Command(DjangoMigrate):
    def handle(self, *args: Any, **options: Any) -> None:
        blindfold.migrating(lambda: super(Command, self).handle(*args, **options))
        blindfold.migrating(lambda: guards.install(connections[options["database"]]))
