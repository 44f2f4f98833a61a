"""The instruments that are shipped: definitions/<code>.yaml, each read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from instruments.definition import Definition
from instruments.definition_reader import read_definition
from instruments.files import load_yaml
from instruments.problems import FileRefused, UnknownInstrument

FOLDER = Path(__file__).parent / "definitions"


@cache
def all_codes() -> tuple[str, ...]:
    """Return the codes of all instruments in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def exists(code: str) -> bool:
    return code in all_codes()


def with_items(data: Any) -> Any:
    """The data of a file that names another instrument in `items_of`, with the items and answers of that one.

    Two versions that differ in their scoring only then keep one set of words.
    """
    if not isinstance(data, dict) or "items_of" not in data:
        return data
    other = data["items_of"]
    if not isinstance(other, str) or not exists(other) or {"items", "answer_sets"} & set(data):
        raise FileRefused([f"items_of: is {other!r}. Name another instrument, and write no items of your own."])
    rest = {key: value for key, value in data.items() if key != "items_of"}
    shared = load_yaml(FOLDER / f"{other}.yaml")
    return rest | {key: shared[key] for key in ("items", "answer_sets") if key in shared}


@cache
def load(code: str) -> Definition:
    """Return an instrument; raises UnknownInstrument, or FileRefused with every mistake in it."""
    if not exists(code):
        known = ", ".join(all_codes())
        raise UnknownInstrument("instruments.unknown", f"There is no instrument {code!r}. Use one of: {known}.")
    definition = read_definition(with_items(load_yaml(FOLDER / f"{code}.yaml")))
    if definition.code != code:
        raise FileRefused([f"code: is {definition.code!r}. Write {code!r}, as the file is named."])
    return definition
