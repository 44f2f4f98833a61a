"""The instruments that are shipped: definitions/<code>.yaml, each read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

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


@cache
def load(code: str) -> Definition:
    """Return an instrument; raises UnknownInstrument, or FileRefused with every mistake in it."""
    if not exists(code):
        known = ", ".join(all_codes())
        raise UnknownInstrument("instruments.unknown", f"There is no instrument {code!r}. Use one of: {known}.")
    definition = read_definition(load_yaml(FOLDER / f"{code}.yaml"))
    if definition.code != code:
        raise FileRefused([f"code: is {definition.code!r}. Write {code!r}, as the file is named."])
    return definition
