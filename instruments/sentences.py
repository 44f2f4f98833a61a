"""Turns pydantic's errors into sentences that name the path, the value and the cure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

WRONG_TYPES = {
    "string_type": 'Write text, in "quotes" if it looks like a number',
    "int_type": "Write a whole number, without quotes",
    "int_from_float": "Write a whole number",
    "float_type": "Write a number, without quotes",
    "bool_type": "Write true or false, without quotes",
    "list_type": "Write a list",
    "dict_type": "Write keys with values",
    "model_type": "Write keys with values",
    "model_attributes_type": "Write keys with values",
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
    if kind == "missing":
        return f"{where}: is missing. Add it."
    if kind == "extra_forbidden":
        key = str(detail["loc"][-1])
        return f"{where}: the key {key!r} is not known. Correct its spelling or remove it."
    if kind in {"literal_error", "enum"}:
        return f"{where}: is {value}. Use {context['expected']}.{closest(detail['input'], context)}"
    if kind in WRONG_TYPES:
        return f"{where}: is {value}. {WRONG_TYPES[kind]}."
    if kind == "value_error":
        return f"{where}: {context['error']}"
    message = detail["msg"][0].lower() + detail["msg"][1:]
    return f"{where}: is {value}; {message}. Correct it."


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
    return words or "the file"


def shown(value: Any) -> str:
    """Return a value as a person wrote it, cut at 60 characters."""
    if value is None:
        return "empty"
    words = repr(value)
    return words if len(words) <= 60 else words[:57] + "..."


def closest(value: Any, context: dict[str, Any]) -> str:
    allowed = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
    near = difflib.get_close_matches(str(value), allowed, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""
