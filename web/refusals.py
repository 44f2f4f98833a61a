"""Around every request, of pages and of the API: what it was refused goes into the trail once it is over."""

import logging
from collections.abc import Callable, Sequence

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from accounts.permissions import Permission
from accounts.roles import Role, roles_with
from audit import refusals
from audit.actors import Actor, ActorKind, Grant, Origin
from audit.classes import FieldClass
from audit.refusals import Kind
from core.problems import Problem
from trials.access import is_unblinding, memberships_of
from trials.models import Membership, Trial
from web.viewing import viewing_in

SEALED_ROOMS = ("web.therapists", "web.statisticians", "web.unblinded", "api.therapists")
"""Whoever is refused there, and why, is told to nobody blinded."""
_READING = {"GET", "HEAD", "OPTIONS"}
logger = logging.getLogger(__name__)


class RefusalMiddleware:
    """Notes refusals of people who work in the trial; visitors without a login could fill the trail.

    What the role is refused that somebody only views as, is no refusal of theirs.

    It stands outside of every transaction of a request, so that an entry neither goes with one nor spoils it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with refusals.gathered() as problems:
            response = self.get_response(request)
        if problems and request.resolver_match and request.user.is_authenticated and viewing_in(request) is None:
            try:
                _note(request, request.resolver_match, problems)
            except DatabaseError:
                # The person was refused all the same; that it could not be noted is for whoever runs the house.
                logger.exception("A refusal at %s could not be noted.", request.resolver_match.view_name)
        return response


def _note(request: HttpRequest, match: ResolverMatch, problems: Sequence[Problem]) -> None:
    kinds = [Kind.ROLE] if request.method in _READING else list(Kind)
    found = {kind: codes for kind in kinds if (codes := refusals.codes_of(problems, kind))}
    trial = Trial.objects.filter(code=match.kwargs.get("trial", "")).first() if found else None
    if trial is None:
        return
    room = _room(match)
    origin = Origin.API if room.startswith("api.") else Origin.WEB
    actor = Actor(ActorKind.PERSON, str(request.user.pk), getattr(request.user, "name", ""), origin)
    held = memberships_of(actor, trial)
    if not held:
        return  # They were told that there is no such trial.
    acting = _acting(held, _permissions(match, request.method or ""))
    sealed = room.startswith(SEALED_ROOMS) or is_unblinding(held)
    for kind, codes in found.items():
        refusals.note(
            kind=kind,
            door=match.view_name,
            codes=codes,
            grant=Grant(actor, acting.role, trial.pk, acting.site_id),
            secrecy=FieldClass.UNBLINDING if sealed else FieldClass.TECHNICAL,
        )


def _room(match: ResolverMatch) -> str:
    """The module of the door, as in ``web.monitors.audit``."""
    return str(getattr(match.func, "view_class", match.func).__module__)


def _permissions(match: ResolverMatch, method: str) -> tuple[Permission, ...]:
    """What the door asks for."""
    page, door = getattr(match.func, "page", None), getattr(match.func, "view_class", None)
    if page is not None:
        return tuple(page.permissions)
    operation = getattr(getattr(door, method.lower(), None), "operation", None)
    return operation.permissions if operation is not None else ()


def _acting(held: Sequence[Membership], permissions: Sequence[Permission]) -> Membership:
    """The role in which somebody stood before the door: the one that opens it, or else their first."""
    fitting: set[Role] = set().union(*(roles_with(each) for each in permissions))
    return next((each for each in held if Role(each.role) in fitting), held[0])
