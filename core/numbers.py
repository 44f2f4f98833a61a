"""Numbers as they are read on a page."""

from django.utils.formats import number_format


def to_places(value: float, places: int) -> str:
    """Rounded, with so many decimals. Django's own ``number_format`` cuts off what it does not show."""
    return number_format(round(value, places) + 0.0, places)
