"""Turns pydantic's errors into sentences that name the path, the value and the cure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError
from pydantic_core import ErrorDetails

WRONG_TYPES = {
    "string_type": gettext_lazy('Write text, in "quotes" if it looks like a number.'),
    "int_type": gettext_lazy("Write a whole number, without quotes."),
    "int_from_float": gettext_lazy("Write a whole number."),
    "float_type": gettext_lazy("Write a number, without quotes."),
    "bool_type": gettext_lazy("Write true or false, without quotes."),
    "list_type": gettext_lazy("Write a list."),
    "dict_type": gettext_lazy("Write keys with values."),
    "model_type": gettext_lazy("Write keys with values."),
    "model_attributes_type": gettext_lazy("Write keys with values."),
}


def sentences(error: ValidationError, data: Any) -> list[str]:
    """Return one sentence for each mistake, in the order of the file.

    `data` is what was validated: list elements that have a `code` are named by it.
    """
    return [sentence(detail, data) for detail in error.errors(include_url=False)]


def sentence(detail: ErrorDetails, data: Any) -> str:
    where = path(detail["loc"], data)
    kind, value = detail["type"], shown(detail["input"])
    context: dict[str, Any] = detail.get("ctx") or {}
    facts = {"path": where, "value": value}
    if kind == "missing":
        return _("%(path)s: is missing. Add it.") % facts
    if kind == "extra_forbidden":
        said = _("%(path)s: the key %(key)s is not known. Correct its spelling or remove it.")
        return said % {**facts, "key": repr(str(detail["loc"][-1]))}
    if kind in {"literal_error", "enum"}:
        said = _("%(path)s: is %(value)s. Use %(expected)s.") % {**facts, "expected": context["expected"]}
        return said + closest(detail["input"], context)
    if kind in WRONG_TYPES:
        return _("%(path)s: is %(value)s. %(cure)s") % {**facts, "cure": WRONG_TYPES[kind]}
    if kind == "value_error":
        return f"{where}: {context['error']}"
    if kind in ("string_too_short", "too_short"):
        return _("%(path)s: is empty. Fill it in.") % facts
    if kind == "string_too_long":
        return _("%(path)s: is longer than %(limit)s characters. Shorten it.") % {
            **facts,
            "limit": context["max_length"],
        }
    message = detail["msg"][0].lower() + detail["msg"][1:]
    return _("%(path)s: is %(value)s; %(why)s. Correct it.") % {**facts, "why": message}


def path(location: Iterable[int | str], data: Any) -> str:
    """Return `items[odi_3].options[0].text.fr` for a location inside data."""
    words = ""
    for step in location:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        if isinstance(step, int):
            code = data.get("code") if isinstance(data, dict) else None
            words += f"[{code if isinstance(code, str | int) else step}]"
        else:
            words += f".{step}" if words else step
    return words or _("the file")


def shown(value: Any) -> str:
    """Return a value as a person wrote it, cut at 60 characters."""
    if value is None:
        return _("empty")
    words = repr(value)
    return words if len(words) <= 60 else words[:57] + "..."


def closest(value: Any, context: dict[str, Any]) -> str:
    allowed = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
    near = difflib.get_close_matches(str(value), allowed, n=1)
    return " " + _("Did you mean %(near)s?") % {"near": repr(near[0])} if near else ""
