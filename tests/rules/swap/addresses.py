"""Every address of the product, from the resolver itself, so that a new one joins by being there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
"""``<uuid:form>`` as well as ``(?P<key>...)``."""


@dataclass(frozen=True)
class Address:
    """An address with its arguments and the view behind it; one without a name is called by its route."""

    name: str
    route: str
    view: Any
    arguments: tuple[str, ...]

    @property
    def room(self) -> str:
        """The module of the view, as in ``web.monitors.audit``."""
        view = getattr(self.view, "view_class", self.view)
        return str(view.__module__)

    @property
    def methods(self) -> tuple[str, ...]:
        """What may be asked of it."""
        page, door = getattr(self.view, "page", None), getattr(self.view, "view_class", None)
        if page is not None:
            return tuple(page.methods)
        if door is not None:
            return tuple(method for method in ("GET", "POST") if hasattr(door, method.lower()))
        return ("GET", "POST")


def addresses() -> list[Address]:
    """All of them, in the order of the resolver."""
    return list(_under(get_resolver(), "", ""))


def _under(resolver: URLResolver, route: str, space: str) -> Iterator[Address]:
    for each in resolver.url_patterns:
        whole = route + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from _under(each, whole, inner)
        elif isinstance(each, URLPattern):
            # The resolver's own table of converters is shared between equal patterns, so the route is read.
            yield Address(f"{space}{each.name or whole}", whole, each.callback, tuple(ARGUMENT.findall(whole)))
