"""How long the API remembers the keys of requests to randomize."""

from datetime import timedelta

from api.models import IdempotencyKey
from core import clock

KEPT_FOR = timedelta(days=90)
"""Longer than any outage after which a request is sent again. The allocation itself stays, and is never made twice."""


def forget_old() -> int:
    """Forget keys whose time is over; gives how many."""
    old = IdempotencyKey.objects.filter(used_at__lte=clock.now() - KEPT_FOR)
    # Asked first: to delete nothing would still hold up every writer.
    return old.delete()[0] if old.exists() else 0
