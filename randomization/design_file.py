"""A design in a YAML or JSON file, as the command line takes it. An uploaded table lies in a file beside it."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.problems import Problem
from instruments.files import load_yaml
from randomization.design import Design, read_design
from randomization.table import LARGEST_FILE, TableField, TableKey, read_table


def read_design_file(path: Path, *, slots: int | None = None) -> Design:
    """The design in a file. `slots`: the length of the list where the file does not say it.

    Raises `Problem` with one sentence or several.
    """
    data = load_yaml(path)
    if not isinstance(data, dict):
        raise Problem("design.file", _("The file does not hold a design: it names no method, ratio or block sizes."))
    if data.get("method") == "uploaded_table" and "sha256" not in data:
        return _read_table_beside(path, data)
    if slots is not None and data.get("method") != "uploaded_table":
        data.setdefault("slots_per_stratum", slots)
    return read_design(data)


def _read_table_beside(path: Path, data: dict[Any, Any]) -> Design:
    """The table that a design names, its path taken from where the design is."""
    unknown = [str(name) for name in data if name not in {"method", "ratio", "table", "arm_codes", "factors"}]
    ratio, name = data.get("ratio"), data.get("table")
    if unknown:
        sentence = _("%(entry)s is no part of this method. Remove it or choose another method.")
        raise Problem("design.file", sentence, params={"entry": unknown[0]})
    if not isinstance(ratio, dict) or not all(isinstance(arm, str) for arm in ratio):
        raise Problem("design.file", _("Write the ratio as arms with their weights, such as {A: 1, B: 1}."))
    if not isinstance(name, str):
        raise Problem("design.file", _("Name the file of the allocation table at: table."))
    codes = _codes(data.get("arm_codes", list(ratio)), "arm_codes")
    fields = data.get("factors", [])
    if not isinstance(fields, list):
        raise _bad_factor()
    key = TableKey(codes, [_field(field) for field in fields])
    return read_table(_bytes_of(path.parent / name), key=key, ratio=ratio)


def _field(data: Any) -> TableField:
    if not isinstance(data, dict) or not set(data) <= {"code", "column", "levels"}:
        raise _bad_factor()
    code = data.get("code")
    column = data.get("column", code)
    if not isinstance(code, str) or not isinstance(column, str):
        raise _bad_factor()
    return TableField(column, code, _codes(data.get("levels"), code))


def _codes(data: Any, name: str) -> dict[str, str]:
    """{code in the file: meaning}; a list names codes that mean themselves."""
    pairs = data.items() if isinstance(data, dict) else zip(data, data, strict=True) if isinstance(data, list) else ()
    codes = {str(code): str(meaning) for code, meaning in pairs if isinstance(meaning, str | int)}
    if not codes or len(codes) != len(data):
        sentence = _("%(name)s: list the codes, or write {code in the file: meaning}.")
        raise Problem("design.file", sentence, params={"name": name})
    return codes


def _bad_factor() -> Problem:
    return Problem("design.file", _("Write each factor as {code: name, column: header, levels: [codes]}."))


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        sentence = _("%(name)s cannot be opened (%(why)s). Check the path.")
        raise Problem("design.file", sentence, params={"name": str(path), "why": error.strerror}) from None
