"""Where a form meets a login that has run out: at the login, and at the check of its token."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as refuse

from accounts import keeping
from accounts.models import KeptEntry
from web.keeping.aside import MARK, address_of, asks_for_part, page_of, set_aside


class SignInMiddleware(LoginRequiredMiddleware):
    """Nobody without a login gets further; what they had typed is there again once they have signed in."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        found: HttpResponseBase | None = super().process_view(request, view_func, view_args, view_kwargs)
        if found is None and request.method == "POST" and is_anothers(request):
            return answer(request, set_aside(request))
        return found

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseBase:  # type: ignore[override]
        if asks_for_part(request):
            return signed_out(401)
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        entry = set_aside(request)
        return answer(request, entry) if entry else redirect_to_login(page_of(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page opened before the last sign-in carries an old token: what was typed on it is shown again instead."""
    if request.method != "POST" or not is_ours(request):
        return refuse(request, reason)
    if asks_for_part(request):
        return signed_out(403)
    entry = set_aside(request)
    return answer(request, entry) if entry else refuse(request, reason)


def answer(request: HttpRequest, entry: KeptEntry | None) -> HttpResponse:
    """What follows once a form was set aside: its page again, the sign-in, or for another person a sentence."""
    if request.user.is_authenticated and entry is not None and entry.user_id == request.user.pk:
        return redirect(address_of(entry))
    if request.user.is_authenticated or entry is None:
        sentence = _(
            "This page belongs to somebody who is not signed in any more. Nothing was sent. What was typed is kept "
            "for them alone: they find it within 12 hours after signing in."
        )
        return render(request, "errors/problem.html", {"status": 409, "sentence": sentence}, status=409)
    messages.info(
        request,
        _("You were signed out meanwhile, and nothing was sent. Sign in: what you typed is kept and will be shown."),
    )
    return redirect_to_login(address_of(entry))


def signed_out(status: int) -> JsonResponse:
    """What a script is told, whose page keeps everything."""
    sentence = _("You were signed out, so this is not saved yet. Press the button: you sign in and find it all again.")
    return JsonResponse({"sentence": sentence}, status=status)


def is_anothers(request: HttpRequest) -> bool:
    """Whether the page was opened under another login than the one that sends it."""
    if not request.user.is_authenticated:
        return False  # Asked first: what a program or a participant sends is read where it is answered.
    mark = request.POST.get(MARK, "")
    return bool(mark) and not keeping.names(mark, request.user)


def is_ours(request: HttpRequest) -> bool:
    """Whether the form was sent from a page of this house."""
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(sender, {request.get_host()}, require_https=request.is_secure())
    # A frame without an origin says "null", which would read as an address of ours.
    return bool(urlsplit(sender).netloc) and ours
