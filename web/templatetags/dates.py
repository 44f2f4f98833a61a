"""``{{ day|date:"j F Y" }}`` with the first of a month as French writes it. A builtin of all templates."""

from typing import Any

from django import template
from django.template.defaultfilters import date as as_django_does

from core.dates import date_format

register = template.Library()


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, format: str | None = None) -> str:
    """Empty for no day, like Django's filter of this name."""
    return date_format(value, format) if hasattr(value, "day") else as_django_does(value, format)
