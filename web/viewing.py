"""Viewing as a blinded role: what is kept of it in the login, the banner, and that nothing is sent meanwhile.

What the role may see is decided in ``trials.access``; this only says, with every request, that somebody views. A login
that ends takes it along.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.roles import ROLES, Role
from audit.actors import Viewing
from audit.acts import only_viewing
from trials.models import Site
from web.keeping.aside import asks_for_part

KEY = "viewing"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN = frozenset({"viewing_stop", "account_logout", "set_language"})
"""What may be sent all the same: to stop, to sign out, and the language one reads in."""


@dataclass(frozen=True)
class Banner:
    """What every page says meanwhile; ``site`` is empty for all sites."""

    role: Any
    site: str


def viewing_in(request: HttpRequest) -> Viewing | None:
    """What the person of a request views, or None."""
    kept = getattr(request, "session", {}).get(KEY)
    if not kept:
        return None
    site = UUID(kept["site"]) if kept["site"] else None
    return Viewing(UUID(kept["trial"]), kept["role"], site, kept["own_role"])


def keep(request: HttpRequest, viewing: Viewing) -> None:
    """From now on this login views."""
    request.session[KEY] = {
        "trial": str(viewing.trial_id),
        "role": viewing.role,
        "site": str(viewing.site_id) if viewing.site_id else "",
        "own_role": viewing.own_role,
    }


def forget(request: HttpRequest) -> None:
    """From now on this login works again."""
    request.session.pop(KEY, None)


def banner(request: HttpRequest) -> Banner | None:
    """The words of the banner; None for everybody who works as themselves."""
    viewing = viewing_in(request)
    if viewing is None:
        return None
    site = Site.objects.filter(pk=viewing.site_id).first() if viewing.site_id else None
    return Banner(ROLES[Role(viewing.role)].label, site.name if site else "")


class ViewingMiddleware:
    """Whoever views sends nothing: every page and every script that tries is told so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if request.method in READING or viewing_in(request) is None:
            return None
        if request.resolver_match and request.resolver_match.view_name in OPEN:
            return None
        sentence = only_viewing().sentence
        if asks_for_part(request):
            return JsonResponse({"sentence": str(sentence)}, status=403)
        return render(request, "errors/problem.html", {"status": 403, "sentence": sentence}, status=403)
