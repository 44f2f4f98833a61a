"""Setting a form aside that comes from a login that has run out."""

from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import keeping
from accounts.models import KeptEntry

MARK = "typed_by"
"""The field of a form that names the person whose page it is."""
NUMBER = "kept"
"""What stands in the address of a page that shows kept entries again."""
NEVER_KEPT = ("csrfmiddlewaretoken", MARK, "code")
"""``code`` is that of a second factor; one from a list of such codes would still be good."""
LONGEST_ADDRESS = 400


def set_aside(request: HttpRequest) -> KeptEntry | None:
    """Keep what a form of the trial's pages carries; None when there is nothing, or nobody whose it is."""
    owner = keeping.owner_of(request.POST.get(MARK, "")) if _methods(request) else None
    typed = typed_in(request)
    if owner is None or not any(any(values) for values in typed.values()):
        return None
    return keeping.keep(user=owner, page=page_of(request), action=request.path[:LONGEST_ADDRESS], typed=typed)


def typed_in(request: HttpRequest) -> dict[str, list[str]]:
    """What the form carries, without tokens, and without what proves who somebody is, which is never kept."""
    return {
        name: [str(value) for value in values]
        for name, values in request.POST.lists()
        if name not in NEVER_KEPT and "password" not in name.casefold()
    }


def page_of(request: HttpRequest) -> str:
    """The page on which the form was filled in: its own address, or for a form that only posts the page before."""
    own = request.get_full_path()
    if "GET" not in _methods(request):
        before = request.headers.get("Referer", "")
        if url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure()):
            parts = urlsplit(before)
            own = urlunsplit(("", "", parts.path, parts.query, ""))
    plain = without_number(own)
    is_ours = len(plain) <= LONGEST_ADDRESS and url_has_allowed_host_and_scheme(plain, None)
    return plain if is_ours else request.path[:LONGEST_ADDRESS]


def address_of(entry: KeptEntry) -> str:
    """The page again, with what was kept."""
    return f"{entry.page}{'&' if '?' in entry.page else '?'}{urlencode({NUMBER: entry.pk})}"


def without_number(address: str) -> str:
    """An address without the number of what was kept."""
    parts = urlsplit(address)
    query = QueryDict(parts.query, mutable=True)
    if NUMBER not in query:
        return address
    del query[NUMBER]
    return urlunsplit(("", "", parts.path, query.urlencode(), ""))


def number_in(request: HttpRequest) -> UUID | None:
    """The number of kept entries in the address of a request."""
    try:
        return UUID(request.GET.get(NUMBER, ""))
    except ValueError:
        return None


def asks_for_part(request: HttpRequest) -> bool:
    """Whether a script asks, which keeps its page and everything on it."""
    return request.headers.get("Accept", "") == "application/json" or "HX-Request" in request.headers


def _methods(request: HttpRequest) -> tuple[str, ...]:
    """The methods of a page of a trial; none for anything else."""
    view = request.resolver_match.func if request.resolver_match else None
    page = getattr(view, "page", None)
    return tuple(page.methods) if page else ()
