"""Reads the YAML and JSON files that people write: instruments, protocols, content packs.

YAML 1.1 turns NO into False, 22:30 into 1350 and 010 into 8. This loader does none of that: only
`true` and `false` are booleans, only plain decimal numbers are numbers, and dates stay text.
Repeated keys, aliases and very large or deep files are refused.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from instruments.problems import FileRefused

MAXIMUM_BYTES = 1_000_000


class PlainLoader(yaml.SafeLoader):
    """A SafeLoader with the YAML 1.2 idea of numbers and booleans, and no aliases."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.get_event()
            raise yaml.constructor.ConstructorError(
                None,
                None,
                f"the alias *{event.anchor} is not allowed: write the value out",
                event.start_mark,
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen if isinstance(key.value, str) else False:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} is given twice: keep one", key.start_mark
                )
            if isinstance(key.value, str):
                seen.add(key.value)
        return super().construct_mapping(node, deep)


PlainLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", ["~", "n", ""]),
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,17})", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?",
        "-+.0123456789",
    ),
):
    PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first))


def load_yaml(source: Path | str) -> Any:
    """Return the data of a YAML file (a Path) or of YAML text (a str).

    Raises FileRefused with a sentence that names line and column.
    """
    text = read_text(source) if isinstance(source, Path) else source
    if len(text) > MAXIMUM_BYTES:
        raise FileRefused(["The file is larger than 1 MB. Split it or remove what is not needed."])
    try:
        return yaml.load(text, Loader=PlainLoader)  # noqa: S506  PlainLoader is a SafeLoader
    except yaml.YAMLError as error:
        raise FileRefused([_sentence(error)]) from None
    except RecursionError:
        raise FileRefused(["The file is nested too deeply. Flatten it."]) from None
    except (ValueError, TypeError) as error:
        raise FileRefused([f"The file cannot be read as YAML: {error}. Correct it."]) from None


def read_text(path: Path) -> str:
    """Return the text of a file of at most 1 MB in UTF-8; raises FileRefused."""
    try:
        with path.open("rb") as file:
            data = file.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        raise FileRefused([f"{path}: cannot be opened ({error.strerror}). Check the path."]) from None
    return _decoded(data, str(path))


def read_given(name: str) -> str:
    """The text of the file that somebody named on the command line, of standard input for ``-``.

    Of at most 1 MB in UTF-8; raises FileRefused. What lies outside a container reaches a command inside it this way.
    """
    if name != "-":
        return read_text(Path(name))
    return _decoded(sys.stdin.buffer.read(MAXIMUM_BYTES + 1), "Standard input")


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MAXIMUM_BYTES:
        raise FileRefused([f"{name}: is larger than 1 MB. Split it or remove what is not needed."])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused([f"{name}: is not UTF-8 text. Save it as UTF-8."]) from None


def _sentence(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.reader.ReaderError):
        return f"Character {error.position + 1} cannot stand in a text file ({error.reason}). Remove it."
    mark = getattr(error, "problem_mark", None)
    where = f"Line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    what = getattr(error, "problem", None) or str(error)
    return f"{where}{what}."
