"""Reading request bodies: JSON of a bounded size that every database can hold."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from api.problems import TooLarge
from core.bodies import announced_length
from core.problems import Problem

LARGEST_NUMBER = 2**53 - 1
"""Beyond this not every program reads the same number (RFC 7493)."""


class StrictJSON(BaseParser):
    """JSON as RFC 7493 has it: names once, finite numbers, no text that cannot be stored."""

    media_type = "application/json"

    def parse(self, stream: IO[Any], media_type: str | None = None, context: Mapping[str, Any] | None = None) -> Any:
        if announced_length((context or {})["request"]) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge("request.too_large", _("This is more than a request can take. Send less at once."))
        try:
            data = json.loads(stream.read().decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
            _check(data)
        except (ValueError, RecursionError) as error:
            raise _unreadable() from error
        return data


class OnlyJSON(BaseContentNegotiation):
    """Whatever is asked for, the answer is JSON."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        kind = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(  # type: ignore[override]
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], str(renderers[0].media_type)


def _unreadable() -> Problem:
    return Problem(
        "request.unreadable",
        _("The body is not JSON as it can be stored: send UTF-8, each name once, finite numbers, printable text."),
        of_state=False,
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("A name is given twice.")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _check(data: Any) -> None:
    if isinstance(data, str):
        if "\x00" in data or any("\ud800" <= sign <= "\udfff" for sign in data):
            raise ValueError("This text cannot be stored.")
    elif isinstance(data, float) and not math.isfinite(data):
        raise ValueError("This number is not finite.")
    elif isinstance(data, int | float) and abs(data) > LARGEST_NUMBER:
        raise ValueError("This number is too large.")
    elif isinstance(data, dict):
        for name, inner in data.items():
            _check(name)
            _check(inner)
    elif isinstance(data, list):
        for inner in data:
            _check(inner)
