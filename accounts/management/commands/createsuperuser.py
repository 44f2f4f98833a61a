"""Nobody is above the rules here."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "There are no superusers; use add_person."

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("There are no superusers. Make an account with: manage.py add_person EMAIL NAME")
