"""Foreign keys of a sealed room. See docs/decisions/0001."""

from typing import Any

from django.db import models


def sealed_key(to: Any, **options: Any) -> Any:
    """A key that makes no way back into this room; without a constraint unless it stays inside."""
    options = {"db_constraint": False, **options}
    return models.ForeignKey(to, on_delete=models.DO_NOTHING, related_name="+", **options)
