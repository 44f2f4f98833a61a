"""What entries of the trail tell, those behind the wall opened."""

from typing import Any

from audit.models import Change, Entry
from core import blindfold
from randomization.trail import Content, content_of


def contents(**wanted: Any) -> list[Content]:
    """Of the entries that fit, in the order of the chain."""
    found = list(Entry.objects.filter(**wanted).order_by("number"))
    with blindfold.lifted():
        return [content_of(each, list(Change.objects.filter(entry_id=each.pk).order_by("order"))) for each in found]


def content(**wanted: Any) -> Content:
    """Of the only entry that fits."""
    (only,) = contents(**wanted)
    return only


def values(told: Content) -> dict[str, str | None]:
    """New values by field, as JSON text."""
    return {change.field: change.new for change in told.changes}
