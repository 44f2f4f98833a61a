"""What every page of a trial does first: find the trial, check the role, and only then look for a record."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from accounts.keeping import mark_of
from accounts.permissions import Permission
from accounts.roles import Role, roles_with
from audit.actors import Actor
from trials.access import memberships_of, not_found, refused
from trials.models import Membership, Site, Trial
from web.actors import actor_of
from web.navigation import navigation

View = Callable[..., HttpResponseBase]


class TrialRequest(HttpRequest):
    """A request inside a trial, as pages decorated with ``page`` receive it."""

    trial: Trial
    actor: Actor
    memberships: list[Membership]
    sites: list[Site]
    typed_by: str
    htmx: Any


@dataclass(frozen=True)
class PageInfo:
    """Whom a page lets in, by what they come to do."""

    permissions: tuple[Permission, ...]
    methods: tuple[str, ...]
    to_post: tuple[Permission, ...] = ()
    largest: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def asked(self, method: str) -> tuple[Permission, ...]:
        """The permissions of which one is needed: some pages are read by more people than fill them."""
        return self.to_post if method == "POST" and self.to_post else self.permissions


def enter(request: HttpRequest, code: str) -> Trial:
    """Enter a trial: sets ``request.trial``, ``actor`` and ``memberships``; NotFound unless the person works in it."""
    actor = actor_of(request)
    trial = Trial.objects.filter(code=code).first()
    memberships = memberships_of(actor, trial) if trial else []
    if trial is None or not memberships:
        raise not_found()
    request.trial, request.actor, request.memberships = trial, actor, memberships  # type: ignore[attr-defined]
    request.nav = navigation(request, trial, memberships)  # type: ignore[attr-defined]
    return trial


def page(
    *permissions: Permission,
    methods: tuple[str, ...] = ("GET",),
    to_post: tuple[Permission, ...] = (),
    largest: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
) -> Callable[[View], View]:
    """A page of a trial for those holding any of the permissions; ``request.sites`` is where they hold it.

    ``to_post``: where fewer may send the page than read it, those who may.

    ``largest``: how many bytes may be sent to it, files and all.

    The role is checked before any record is sought, so that a wrong role gets the same 403 for every id.
    """

    info = PageInfo(permissions, methods, to_post, largest)

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: TrialRequest, trial: str, **kwargs: Any) -> HttpResponseBase:
            enter(request, trial)
            request.sites = _sites(request, info.asked(request.method or ""))
            request.typed_by = mark_of(request.user)  # type: ignore[arg-type]
            return view(request, **kwargs)

        allowed = [*methods, "HEAD"] if "GET" in methods else list(methods)
        checked = require_http_methods(allowed)(wrapped)
        checked.page = info  # type: ignore[attr-defined]
        return checked

    return decorate


def _sites(request: TrialRequest, permissions: tuple[Permission, ...]) -> list[Site]:
    roles: set[Role] = set().union(*(roles_with(each) for each in permissions))
    held = [m for m in request.memberships if Role(m.role) in roles]
    if not held:
        raise refused()
    if any(m.site_id is None for m in held):
        return list(Site.objects.filter(trial=request.trial).order_by("code"))
    return [m.site for m in held if m.site is not None]
