"""``manage.py add_person EMAIL NAME``: a named account for one person. Roles are given in the trial, on a page."""

from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from audit.actors import Actor, ActorKind, Grant, Origin
from audit.acts import act

OPERATOR = Actor(ActorKind.SYSTEM, "operator", "Operator", Origin.COMMAND)


class Command(BaseCommand):
    help = "Make an account. Without --ask-password the person sets one with “Forgot your password?”."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--language", choices=["en", "fr"], default="en")
        parser.add_argument("--ask-password", action="store_true")

    def handle(self, *args: Any, email: str, name: str, language: str, ask_password: bool, **options: Any) -> None:
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError("There is an account with this address already.")
        password = _ask() if ask_password else None
        with act("account.add", grant=Grant(OPERATOR, "operator")) as a:
            user = User.objects.create_user(email, name, password=password, language=language)
            a.note(user=str(user.pk))
        self.stdout.write(f"{name} can be given roles now.")


def _ask() -> str:
    password = getpass("Password: ")
    try:
        validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password
