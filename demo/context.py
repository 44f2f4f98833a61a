"""What the demo adds to every page: the cast that the sign-in page offers."""

from typing import Any

from django.http import HttpRequest

from accounts.roles import ROLES
from demo.cast import CAST


def cast(request: HttpRequest) -> dict[str, Any]:
    """Key, name and role of everybody in the cast."""
    people = [{"key": each.key, "name": each.name, "role": ROLES[each.role].label} for each in CAST]
    return {"demo_cast": people}
