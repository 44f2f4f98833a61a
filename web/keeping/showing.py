"""Showing kept entries again on the page where they were typed. It is only shown: sending is the person's own act."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts import keeping
from accounts.keeping import Kept
from web.keeping.aside import number_in, without_number
from web.keeping.filling import Filled, fill

LEFT_OUT = frozenset({"step", "check", "once", "revision", "seen", "version", "another_person_asked"})
"""Buttons and counters: nothing that somebody typed. What confirms a value is asked again with the value."""
CREATED = 201
"""What a script is answered when the whole form was saved; a browser is sent on to another page."""


class KeptEntriesMiddleware:
    """Fills a page with what was kept of its reader, and forgets it once it was sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = number_in(request)
        if number is None or not request.user.is_authenticated:
            return self.get_response(request)
        if request.method == "POST":
            response = self.get_response(request)
            if 300 <= response.status_code < 400 or response.status_code == CREATED:
                keeping.forget(request.user, number)
            return response
        kept = keeping.kept_of(request.user, number) if request.method == "GET" else None
        if kept is None or kept.page != without_number(request.get_full_path()):
            return self.get_response(request)
        request.kept = kept.typed  # type: ignore[attr-defined]
        return shown(request, self.get_response(request), kept)


def kept_in(request: HttpRequest) -> Mapping[str, list[str]]:
    """What is shown again on this page, for pages whose fields depend on it; mostly nothing."""
    return getattr(request, "kept", {})


def shown(request: HttpRequest, response: HttpResponse, kept: Kept) -> HttpResponse:
    """The page filled in, or where it does not open any more a list of what was typed."""
    is_page = response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")
    filled = Filled("", kept.typed) if response.streaming or not is_page else fill(response.content.decode(), kept)
    typed = {name: each for name, each in filled.rest.items() if not is_left_out(name)}
    rest = {name: " · ".join(value for value in values if value) for name, values in typed.items() if any(values)}
    context = {"rest": rest, "is_filled": filled.place > 0}
    if not filled.place:
        return render(request, "shared/kept.html", context | {"page": kept.page})
    notice = render_to_string("components/kept.html", context, request)
    response.content = filled.html[: filled.place] + notice + filled.html[filled.place :]
    return response


def is_left_out(name: str) -> bool:
    """Whether a field holds nothing that somebody typed."""
    return name in LEFT_OUT or name.endswith("-confirmed")
