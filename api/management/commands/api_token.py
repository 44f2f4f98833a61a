"""`manage.py api_token issue|list|revoke`: keys for other software, each of one person."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts import tokens
from accounts.models import ApiToken, User
from audit.actors import Actor, ActorKind, Origin
from core.problems import Problem

LONGEST_PURPOSE = 120


class Command(BaseCommand):
    help = "Issue, list and revoke tokens for the API."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        issue = steps.add_parser("issue", help="print a new token, this once")
        issue.add_argument("--user", required=True, help="e-mail of the person it belongs to")
        issue.add_argument("--days", required=True, type=int, help="how long it lasts, 1 to 365")
        issue.add_argument("--purpose", required=True, help="what it is for")
        held = steps.add_parser("list", help="the tokens of a person")
        held.add_argument("--user", required=True)
        revoke = steps.add_parser("revoke", help="end a token now")
        revoke.add_argument("--token", required=True, type=UUID, help="its id, as listed")

    def handle(self, *args: Any, **options: Any) -> None:
        steps = {"issue": self._issue, "list": self._list, "revoke": self._revoke}
        try:
            steps[options["step"]](options)
        except Problem as problem:
            raise CommandError(problem.sentence) from None

    def _issue(self, options: dict[str, Any]) -> None:
        purpose = options["purpose"].strip()
        if not 1 <= len(purpose) <= LONGEST_PURPOSE:
            raise CommandError(_("Say what the token is for, in at most 120 characters."))
        _token, text = tokens.issue(user=_user(options), purpose=purpose, days=options["days"], by=_operator())
        self.stdout.write(text)

    def _list(self, options: dict[str, Any]) -> None:
        held = ApiToken.objects.select_related("user").filter(user=_user(options))
        for token in held.order_by("created_at", "pk"):
            day = (token.ended_at or token.expires_at).date().isoformat()
            self.stdout.write(_sentence(token) % {"id": token.pk, "purpose": token.purpose, "day": day})

    def _revoke(self, options: dict[str, Any]) -> None:
        token = ApiToken.objects.filter(pk=options["token"], revoked_at=None).first()
        if token is None:
            raise CommandError(_("There is no such token, or it is revoked already. List the person's tokens."))
        tokens.revoke(token=token, by=_operator())


def _sentence(token: ApiToken) -> str:
    if token.revoked_at is not None:
        return _("%(id)s %(purpose)s, revoked %(day)s")
    if token.ended_at is not None:
        return _("%(id)s %(purpose)s, ended %(day)s by a new password")
    return _("%(id)s %(purpose)s, until %(day)s")


def _user(options: dict[str, Any]) -> User:
    user = User.objects.filter(email__iexact=options["user"]).first()
    if user is None:
        raise CommandError(_("Nobody has this e-mail address. Check it."))
    return user


def _operator() -> Actor:
    return Actor(ActorKind.SYSTEM, "api_token", "api_token", Origin.COMMAND)
