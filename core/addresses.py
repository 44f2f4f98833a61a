"""From which address somebody connects, behind as many proxies as the installation says it runs."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The visitor's address.

    Each trusted proxy adds the address it was called from at the end of X-Forwarded-For; what stands before
    these was written by the visitor and is not believed. Without trusted proxies the header means nothing.
    """
    connecting = str(request.META.get("REMOTE_ADDR", ""))
    trusted: int = settings.TRUSTED_PROXIES
    named = [each.strip() for each in str(request.headers.get("X-Forwarded-For", "")).split(",")]
    if trusted < 1 or len(named) < trusted:
        return connecting
    try:
        return str(ip_address(named[-trusted]))
    except ValueError:
        return connecting
