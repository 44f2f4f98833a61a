"""The columns every table begins with."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext_lazy as _

from exports.scope import Scope
from exports.tables import Column, Kind, Label


def identity(scope: Scope, participant_of: Any) -> tuple[Column, ...]:
    """Who, and at which site."""
    return _identity(scope, lambda row: scope.name_of(participant_of(row)), lambda row: participant_of(row).site.code)


def identity_at(scope: Scope, whose: str) -> tuple[Column, ...]:
    """The same for flat rows with the ``fields_of_identity``; ``whose`` is the way to the participant."""
    number: Callable[[Any], Any] = attrgetter(f"{whose}number")
    if scope.for_sharing:
        key_of = attrgetter(f"{whose}pk")
        number = lambda row: scope.pseudonym_of(key_of(row))  # noqa: E731
    return _identity(scope, number, attrgetter(f"{whose}site__code"))


def fields_of_identity(scope: Scope, whose: str) -> tuple[str, str]:
    """What a flat row needs for its identity."""
    return f"{whose}pk" if scope.for_sharing else f"{whose}number", f"{whose}site__code"


def _identity(scope: Scope, number: Callable[[Any], Any], site: Callable[[Any], Any]) -> tuple[Column, ...]:
    codes = tuple((each.code, each.name) for each in scope.sites)
    return (
        Column("number", Kind.TEXT, _("Study number"), number, "participants.Participant.number"),
        Column("site", Kind.CODE, _("Site"), site, "trials.Site.code", codes=codes, shared=False),
    )


def codes_of(choices: Any) -> tuple[tuple[str, Label], ...]:
    """The codes of an enumeration, with their words."""
    return tuple((str(each.value), each.label) for each in choices)
