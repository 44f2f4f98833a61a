"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from web.viewing import banner


def house(request: HttpRequest) -> dict[str, Any]:
    """Whether this is the demo, and the navigation the page's view has set."""
    return {
        "demo_mode": settings.ARMSLENGTH_DEMO,
        "trial": getattr(request, "trial", None),
        "nav": getattr(request, "nav", []),
        "memberships": getattr(request, "memberships", []),
        "viewing": banner(request),
    }
