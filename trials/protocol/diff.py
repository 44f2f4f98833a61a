"""Says in words what an amendment changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from .schema import Protocol
from .words import Part, Text


def describe_changes(before: Protocol, after: Protocol) -> list[str]:
    """One sentence for each value added, removed or changed, in the document's order; [] when equal."""
    return list(_changes("", before, after))


def _changes(path: str, before: Any, after: Any) -> Iterator[str]:
    if before == after:
        return
    if isinstance(before, Text) and isinstance(after, Text):
        yield from _changed_entries(path, before.root, after.root)
    elif isinstance(before, Part) and type(before) is type(after):
        for name in type(before).model_fields:
            step = f"{path}.{name}" if path else name
            yield from _changes(step, getattr(before, name), getattr(after, name))
    elif isinstance(before, dict) and isinstance(after, dict):
        yield from _changed_entries(path, before, after)
    elif isinstance(before, tuple) and isinstance(after, tuple) and _keys(before) and _keys(after):
        yield from _changed_parts(path, before, after)
    else:
        yield _changed(path, before, after)


def _changed_entries(path: str, before: dict[Any, Any], after: dict[Any, Any]) -> Iterator[str]:
    for key in dict.fromkeys([*before, *after]):
        yield from _changes(f"{path}.{key}", before.get(key), after.get(key))


def _changed_parts(path: str, before: tuple[Any, ...], after: tuple[Any, ...]) -> Iterator[str]:
    """Parts that are named by a code are followed by it, wherever they stand."""
    old = dict(zip(_keys(before), before, strict=True))
    new = dict(zip(_keys(after), after, strict=True))
    for key in dict.fromkeys([*old, *new]):
        if key not in new:
            yield _("%(path)s[%(code)s]: removed.") % {"path": path, "code": key}
        elif key not in old:
            yield _("%(path)s[%(code)s]: added.") % {"path": path, "code": key}
        else:
            yield from _changes(f"{path}[{key}]", old[key], new[key])
    shared = [key for key in old if key in new]
    if shared != [key for key in new if key in old]:
        yield _("%(path)s: in another order: %(order)s.") % {"path": path, "order": ", ".join(new)}


def _keys(parts: tuple[Any, ...]) -> list[str]:
    """What names each part: code, question name or instrument; [] when not all have one, once each."""
    keys = []
    for part in parts:
        key = next(
            (
                str(value)
                for name in ("code", "name", "instrument", "question")
                if (value := getattr(part, name, None)) is not None
            ),
            "",
        )
        keys.append(key)
    return keys if all(keys) and len(set(keys)) == len(keys) else []


def _changed(path: str, before: Any, after: Any) -> str:
    facts = {"path": path, "before": _words(before), "after": _words(after)}
    if before is None or before == ():
        return _("%(path)s: is now %(after)s; it was not given.") % facts
    if after is None or after == ():
        return _("%(path)s: is no longer given; it was %(before)s.") % facts
    return _("%(path)s: is now %(after)s; it was %(before)s.") % facts


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        return ", ".join(_words(each) for each in value)
    if isinstance(value, Text):
        return f'"{value}"'
    if isinstance(value, Part):
        given = {name: getattr(value, name) for name in type(value).model_fields}
        return ", ".join(f"{name} {_words(each)}" for name, each in given.items() if each not in (None, ()))
    return f'"{value}"' if isinstance(value, str) else str(value)
