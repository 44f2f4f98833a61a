"""The ways one page can be asked for: every page of a list, every value of its filters, every order."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

from rest_framework import serializers

from tests.rules.swap.addresses import Address
from tests.rules.swap.answers import Answer

SOUGHT = "MTL"
"""What is typed into a search."""
FEW = 25
"""Rows of a page, where a list lets choose."""


class _Forms(HTMLParser):
    """The fields of a page's forms that only read: (name, value) pairs to ask for, one at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []
        self._reads = False
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._reads = held.get("method", "get").lower() == "get"
        elif not self._reads:
            return
        elif tag == "select":
            self._select = held.get("name", "")
        elif tag == "option" and self._select and held.get("value"):
            self.asked.append((self._select, held["value"]))
        elif tag == "input" and held.get("name"):
            kind = held.get("type", "text")
            if kind in ("checkbox", "radio"):
                self.asked.append((held["name"], held.get("value", "on")))
            elif kind in ("text", "search"):
                self.asked.append((held["name"], SOUGHT))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._reads = False
        elif tag == "select":
            self._select = ""


def filters(url: str, address: Address | None, answer: Answer) -> Iterator[str]:
    """A page once for each value of each of its filters."""
    asked: list[tuple[str, str]] = []
    if is_html(answer):
        forms = _Forms()
        forms.feed(answer.body.decode())
        asked = forms.asked
    elif address is not None and hasattr(address.view, "view_class"):
        asked = list(_of_program(address.view.view_class))
    for name, value in dict.fromkeys(asked):
        yield f"{urlsplit(url).path}?{urlencode({name: value})}"


def _of_program(door: Any) -> Iterator[tuple[str, str]]:
    """The values that a door of the API takes, as it says itself."""
    query = getattr(getattr(door, "get", None), "operation", None)
    if query is None or query.query is None:
        return
    for name, field in query.query().fields.items():
        if isinstance(field, serializers.ChoiceField):
            yield from ((name, str(choice)) for choice in field.choices)
        elif isinstance(field, serializers.IntegerField) and name == "per_page":
            yield name, str(FEW)
        elif isinstance(field, serializers.CharField):
            yield name, SOUGHT


def next_page(url: str, answer: Answer) -> str:
    """The page of a list after this one, as the API counts them; "" if there is none."""
    if not url.startswith("/api/") or answer.status != 200 or not answer.body.startswith(b"{"):
        return ""
    held = json.loads(answer.body)
    page, pages = held.get("page"), held.get("pages")
    if not isinstance(page, int) or not isinstance(pages, int) or page >= pages:
        return ""
    kept = [each for each in urlsplit(url).query.split("&") if each and not each.startswith("page=")]
    return f"{urlsplit(url).path}?{'&'.join([*kept, f'page={page + 1}'])}"


def is_html(answer: Answer) -> bool:
    """Whether a browser would show it as a page."""
    return any(name == "Content-Type" and value.startswith("text/html") for name, value in answer.headers)
