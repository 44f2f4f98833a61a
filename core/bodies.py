"""How much a request carries."""

from django.http import HttpRequest


def announced_length(request: HttpRequest) -> int:
    """How many bytes the request says it carries; what is no number is none. No more than that is ever read of it."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
