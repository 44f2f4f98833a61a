"""Around every page: nothing is cached, and a problem becomes a page with its sentence."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import bad_request

from audit.refusals import met
from core.bodies import announced_length
from core.problems import Problem

View = Callable[[HttpRequest], HttpResponse]


class NoStoreMiddleware:
    """Health data stays out of every cache; static files are served before this point."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response


class BodyLimitMiddleware:
    """Nobody sends more than the page takes: asked by the length that was announced, before a byte of it is read.

    Django limits the fields of a form, not its files, and writes those to disk before any login or token is checked.
    A body without an announced length is not read at all. The API reads its own bodies.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> None:
        page = getattr(view, "page", None)
        most = page.largest if page else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if announced_length(request) > most and not request.path.startswith("/api/"):
            raise RequestDataTooBig(f"More than {most} bytes were announced.")


class ProblemMiddleware:
    """Problems that no page caught: the sentence, and the status that belongs to it."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """No database stores the character NUL, and nobody types it: it is left out."""
        # The API reads bodies of its own, and refuses it.
        if request.path.startswith("/api/"):
            return
        if _has_nul(request.GET):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        if _has_nul(request.POST):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Problem):
            met(exception)
            return answer(request, exception.status, exception.sentence)
        return None


def refuse_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be read at all, wherever that is found out: already at the check of a form's token, mostly."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return answer(
            request,
            413,
            _("This is more than a form can take. Shorten the text, or choose a smaller file, and send it again."),
        )
    return bad_request(request, exception)


def _has_nul(sent: QueryDict) -> bool:
    return any("\0" in text for name, values in sent.lists() for text in (name, *values))


def _without_nul(sent: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True)
    for name, values in sent.lists():
        for value in values:
            clean.appendlist(name.replace("\0", ""), value.replace("\0", ""))
    clean._mutable = False
    return clean


def answer(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """The page for a problem. 403 and 404 have one text each, whatever was asked for."""
    context = {"status": status, "sentence": sentence}
    return render(request, "errors/problem.html", context, status=status)
