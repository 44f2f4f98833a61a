"""The door of the pages by link: who the link belongs to, in which language, and what a bad link is told."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from core import clock
from core.addresses import client_address
from core.encryption import keyed_hash
from core.problems import Conflict, Problem
from outcomes.actions import links
from outcomes.models import Link

logger = logging.getLogger(__name__)
LANGUAGE_COOKIE = "questionnaire_language"
BAD_LINKS = 20
"""So many bad links from one address within `BAD_LINKS_SECONDS`, and the answer becomes "wait"."""
BAD_LINKS_SECONDS = 600
REQUESTS = 300
"""So many requests by one link within `REQUESTS_SECONDS`, and the answer becomes "wait": several times what a phone
sends that saves the answers to a whole visit at once."""
REQUESTS_SECONDS = 60
GONE = frozenset({"link.revoked", "link.moved", "link.expired", "link.too_late"})

View = Callable[..., HttpResponse]


class LinkRequest(HttpRequest):
    """A request by an opened link; ``told`` is what is to be said of another device."""

    link: Link
    told: str


def by_link(*methods: str) -> Callable[[View], View]:
    """A page for whoever holds the link; ``request.link`` is the opened one.

    A good link is never held up by other people's bad ones, nor by their good ones: many live behind one address.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: LinkRequest, token: str, **kwargs: Any) -> HttpResponse:
            request.told = ""
            try:
                request.link = links.open(token)
            except Problem as problem:
                with translation.override(chosen_language(request) or translation.get_language()):
                    return turned_away(request, problem)
            with translation.override(language_of(request)):
                response = answered(request, view, token, kwargs)
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return login_not_required(require_http_methods(list(methods or ("GET", "HEAD")))(opened))

    return decorate


def answered(request: LinkRequest, view: View, token: str, kwargs: dict[str, Any]) -> HttpResponse:
    """What the view answers; what it refuses becomes a calm page with the sentence."""
    if count(f"link-requests:{request.link.pk}", REQUESTS_SECONDS) > REQUESTS:
        return too_fast(request, token)
    try:
        return view(request, token=token, **kwargs)
    except Problem as problem:
        if wants_json(request):
            return JsonResponse({"sentence": problem.sentence}, status=problem.status)
        # Of what crossed with another device nothing went wrong: it was done already.
        title = _("Nothing more to do here") if isinstance(problem, Conflict) else _("This is not open")
        return refused(request, token, title, problem.sentence, problem.status)


def too_fast(request: LinkRequest, token: str) -> HttpResponse:
    """Somebody's program rather than a person: what was saved stays, and the page's script tries again by itself."""
    sentence = _("Too much was sent by this link at once. Your saved answers are kept. Wait a minute, then go on.")
    if wants_json(request):
        response: HttpResponse = JsonResponse({"sentence": sentence}, status=429)
    else:
        response = refused(request, token, _("Please wait a moment"), sentence, 429)
    response["Retry-After"] = str(REQUESTS_SECONDS)
    return response


def refused(request: LinkRequest, token: str, title: str, sentence: str, status: int) -> HttpResponse:
    """A calm page with the sentence and the way back."""
    context = {"token": token, "title": title, "sentence": sentence}
    return render(request, "participants/refused.html", context, status=status)


def wants_json(request: HttpRequest) -> bool:
    """Whether the script asks, which shows a sentence where it stands."""
    return request.headers.get("Accept", "") == "application/json"


def chosen_language(request: HttpRequest) -> str:
    """The language chosen on this device; empty when none was."""
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in dict(settings.LANGUAGES) else ""


def language_of(request: LinkRequest) -> str:
    """The language chosen on this device, else the participant's."""
    own = str(request.link.participant.language)
    return chosen_language(request) or (own if own in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


def keep_language(request: HttpRequest, response: HttpResponse, language: str) -> None:
    """Remember the choice on this device, for the pages by link only."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            LANGUAGE_COOKIE, language, path="/q/", httponly=True, samesite="Lax", secure=request.is_secure()
        )


def turned_away(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The page of a link that does not open: the sentence, and whom to call."""
    if count_bad_link(request) > BAD_LINKS:
        sentence = _("Too many links that do not work were tried from here. Wait ten minutes, then try again.")
        response = render(request, "participants/closed.html", {"sentence": sentence}, status=429)
        response["Retry-After"] = str(BAD_LINKS_SECONDS)
        return response
    if wants_json(request):
        return JsonResponse({"sentence": problem.sentence}, status=410)
    status = 410 if problem.code in GONE or isinstance(problem, Conflict) else 404
    return render(request, "participants/closed.html", {"sentence": problem.sentence}, status=status)


def count_bad_link(request: HttpRequest) -> int:
    """How many bad links came from this address lately, this one included; the address is kept as a hash."""
    return count("bad-links:" + keyed_hash(client_address(request), purpose="bad-links"), BAD_LINKS_SECONDS)


def count(key: str, seconds: int) -> int:
    """How often this happened in the running span of so many seconds, this time included.

    The span is in the key: not every cache keeps the time at which a counted key ends. Nobody who answers is turned
    away because the cache is out of reach.
    """
    span = f"{key}:{int(clock.machine_time() // seconds)}"
    try:
        cache.add(span, 0, 2 * seconds)
        return cache.incr(span)
    except ValueError:  # it was pushed out in between
        return 1
    except RedisError:
        logger.warning("Requests by link could not be counted.")
        return 0
