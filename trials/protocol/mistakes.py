"""Turns what pydantic found into sentences that name the path, the value and the cure."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from instruments.sentences import path as path_of
from instruments.sentences import sentence as plain_sentence
from instruments.sentences import shown

from .words import EXAMPLES, Part

# What only the people who prepare the list may know; enrolling people can read a protocol.
SEALED = frozenset({
    "method", "block", "blocks", "block_size", "block_sizes", "sizes", "weights", "seed", "sequence", "table", "salt",
})  # fmt: skip

LISTS = frozenset({"tuple_type", "list_type"})
PARTS = frozenset({"model_type", "model_attributes_type", "dict_type"})


def sentences_of(error: ValidationError, data: Any) -> list[str]:
    """One sentence for each mistake, in the order of the file."""
    details = error.errors(include_url=False)
    return list(dict.fromkeys(_sentence(each, data) for each in details if not _is_echo(each, details)))


def _is_echo(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """A list counts as too short when an entry of it is wrong; only the entry is worth a sentence."""
    above = detail["loc"]
    return detail["type"] == "too_short" and any(
        each["loc"][: len(above)] == above for each in details if len(each["loc"]) > len(above)
    )


def _sentence(detail: ErrorDetails, data: Any) -> str:
    location = tuple(_without_tags(detail["loc"], data))
    where = path_of(location, data)
    kind, value = detail["type"], shown(detail["input"])
    facts = {"path": where, "value": value}
    if kind == "extra_forbidden":
        return _unknown_key(where, location)
    if kind in LISTS:
        return _("%(path)s: is %(value)s. Write a list, each entry after a dash.") % facts
    if kind in PARTS:
        return _("%(path)s: is %(value)s. Write keys with values.") % facts + _language_hint(location)
    if kind == "too_short":
        return _("%(path)s: has too few entries. Add at least one.") % facts
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _("%(path)s: does not say which kind of question it is. Give a kind: %(kinds)s.") % {
            "path": where,
            "kinds": "yes_no, number, age, date, choice, profile, score",
        }
    if kind == "string_pattern_mismatch":
        pattern = (detail.get("ctx") or {})["pattern"]
        return _("%(path)s: %(value)s is not written as expected. Write it like %(example)s.") % {
            **facts,
            "example": EXAMPLES.get(pattern, pattern),
        }
    if kind == "value_error":
        return _("%(path)s: %(value)s %(why)s.") % {**facts, "why": (detail.get("ctx") or {})["error"]}
    return plain_sentence({**detail, "loc": location}, data)


def _without_tags(location: tuple[int | str, ...], data: Any) -> Iterator[int | str]:
    """The steps that exist in the file: pydantic adds the kind of a question, which people did not write."""
    for number, step in enumerate(location):
        last = number == len(location) - 1
        if isinstance(data, dict) and step not in data and not last:
            continue
        if step == "[key]":
            continue
        yield step
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None


def _unknown_key(where: str, location: tuple[int | str, ...]) -> str:
    key = str(location[-1])
    if key in SEALED and "randomization" in location:
        return _(
            "%(path)s: does not belong in a protocol, since people who enrol can read it. "
            "Enter method, block sizes and seed in the sequence room."
        ) % {"path": where}
    near = difflib.get_close_matches(key, sorted(_all_keys()), n=1)
    if near:
        return _('%(path)s: the key "%(key)s" is not known. Did you mean "%(near)s"?') % {
            "path": where,
            "key": key,
            "near": near[0],
        }
    return _('%(path)s: the key "%(key)s" is not known. Correct its spelling or remove it.') % {
        "path": where,
        "key": key,
    }


def _all_keys() -> set[str]:
    keys: set[str] = set()
    waiting = list(Part.__subclasses__())
    while waiting:
        part = waiting.pop()
        keys.update(part.model_fields)
        waiting.extend(part.__subclasses__())
    return keys


def _language_hint(location: tuple[int | str, ...]) -> str:
    texts = {"label", "wording", "title", "public_title", "summary", "public_name", "statement", "why", "setting"}
    if location and location[-1] in texts:
        return " " + _("Give the words by language, such as {en: ..., fr: ...}.")
    return ""
