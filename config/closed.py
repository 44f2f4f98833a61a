"""Addresses of the login package that this house does not offer."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse


@login_not_required
def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Not there, for everybody."""
    raise Http404
