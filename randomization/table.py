"""An allocation table in REDCap's format, read into a design. Every fault is a sentence with its row.

The header names ``redcap_randomization_number`` and ``redcap_randomization_group``, then one column for each
stratum field. The arm is read from the group, or from the number where no group is given. The order of rows is
the order of use within each stratum. Rows without a value in any named column are left out, and so are notes:
a column named NOTES, or anything after two empty columns.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from core.problems import Invalid, Problem
from randomization.design import LONGEST_LIST, UploadedTable, read_design
from randomization.strata import key_of

NUMBER_COLUMN = "redcap_randomization_number"
GROUP_COLUMN = "redcap_randomization_group"
LARGEST_FILE = 5_000_000
MOST_PROBLEMS = 20
_EMPTY_BEFORE_NOTES = 2
# A sign before a plain number is a code such as -1; anything else that begins so is run by a spreadsheet.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9]+(\.[0-9]+)?$)")


@dataclass(frozen=True)
class TableField:
    """A column of strata: its header, the factor it stands for, and {code in the file: level}, levels in order."""

    column: str
    factor: str
    levels: Mapping[str, str]


@dataclass(frozen=True)
class TableKey:
    """What the codes of a file mean: {code in the file: arm}, and the columns of strata in the trial's order."""

    arm_codes: Mapping[str, str]
    fields: Sequence[TableField] = ()

    def strata(self) -> list[str]:
        """The names of all strata: every combination of levels."""
        factors = [each.factor for each in self.fields]
        levels = (dict.fromkeys(each.levels.values()) for each in self.fields)
        return [key_of(dict(zip(factors, combination, strict=True))) for combination in product(*levels)]


class _Reading:
    """What was found so far: the arms by stratum, and the faults."""

    def __init__(self, strata: Sequence[str]) -> None:
        self.arms: dict[str, list[str]] = {stratum: [] for stratum in strata}
        self.problems: list[Problem] = []

    def add(self, kind: str, sentence: Any, **params: Any) -> None:
        """Note a fault; raises `Invalid` once there are too many to read."""
        self.problems.append(_problem(kind, sentence, **params))
        if len(self.problems) >= MOST_PROBLEMS:
            raise Invalid(self.problems)


def read_table(data: bytes, *, key: TableKey, ratio: Mapping[str, int]) -> UploadedTable:
    """The design of an uploaded file. `ratio`: {arm: weight}, as the trial intends it.

    Raises `Problem` when the file cannot be read at all, `Invalid` with every faulty row (20 at most).
    """
    arms = list(ratio)
    _check_key(key, arms)
    header, rows = _header_and_rows(data)
    columns, gap = _columns(header, key)
    reading = _Reading(key.strata())
    grouped = any(_cell(row, columns.get(GROUP_COLUMN)) for _number, row in rows)
    for number, row in rows:
        _check_gap(reading, number, row, gap)
        if any(_cell(row, place) for place in columns.values()):
            _read_row(reading, number, row, columns, key, GROUP_COLUMN if grouped else NUMBER_COLUMN)
    _check_strata(reading)
    if reading.problems:
        raise Invalid(reading.problems)
    document = {
        "method": "uploaded_table",
        "ratio": dict(ratio),
        "strata": list(reading.arms),
        "sha256": hashlib.sha256(data).hexdigest(),
        "table": [[arms.index(arm) for arm in listed] for listed in reading.arms.values()],
    }
    return cast(UploadedTable, read_design(document))


def _header_and_rows(data: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header and the rows that hold anything, each with its number in a spreadsheet (the header is row 1)."""
    if len(data) > LARGEST_FILE:
        sentence = _("The file is larger than %(most)d MB. An allocation table is smaller: choose the right file.")
        raise _problem("size", sentence, most=LARGEST_FILE // 1_000_000)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise _problem("encoding", _("Row %(row)d is not UTF-8 text. Save the file as CSV UTF-8."), row=row) from None
    if "\0" in text:
        raise _problem("encoding", _("The file is not text. Save the table as CSV UTF-8."))
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    table: list[tuple[int, list[str]]] = []
    try:
        for number, line in enumerate(lines, start=1):
            table.append((number, [cell.strip() for cell in line]))
    except csv.Error:
        sentence = _("Row %(row)d cannot be read as CSV: a quotation mark is missing or a cell is too long.")
        raise _problem("csv", sentence, row=len(table) + 1) from None
    if not table or not any(table[0][1]):
        raise _problem("header", _("Row 1 is empty. It has to name the columns."))
    return table[0][1], [(number, row) for number, row in table[1:] if any(row)]


def _columns(header: list[str], key: TableKey) -> tuple[dict[str, int], range]:
    """{column name: place} of the named columns, and the places between them and the notes.

    Raises `Invalid` with every fault of the header.
    """
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        raise _problem("delimiter", _("The columns are not separated by commas. Save the file with commas."))
    known = {NUMBER_COLUMN, GROUP_COLUMN, *(each.column for each in key.fields)}
    end, gap = _end(header)
    columns: dict[str, int] = {}
    problems = []
    for place, name in enumerate(header[:end]):
        if not name:
            sentence = _("Row 1, column %(column)d: the header is empty. Name the column or remove it.")
            problems.append(_problem("header", sentence, column=place + 1))
        elif name not in known:
            sentence = _("Row 1: the column %(name)s is unknown. The columns are %(known)s.")
            problems.append(_problem("column", sentence, name=name[:60], known=", ".join(sorted(known))))
        elif name in columns:
            problems.append(_problem("duplicate", _("Row 1 names the column %(name)s twice."), name=name))
        else:
            columns[name] = place
    problems += _missing_columns(columns, key)
    if problems:
        raise Invalid(problems)
    return columns, gap


def _missing_columns(columns: Mapping[str, int], key: TableKey) -> Iterator[Problem]:
    for name in (each.column for each in key.fields):
        if name not in columns:
            yield _problem("missing", _("The column %(name)s of the strata is missing."), name=name)
    if not {NUMBER_COLUMN, GROUP_COLUMN} & set(columns):
        sentence = _("The arm is missing: name a column %(group)s or %(number)s.")
        yield _problem("missing", sentence, group=GROUP_COLUMN, number=NUMBER_COLUMN)


def _end(header: list[str]) -> tuple[int, range]:
    """Where the named columns end, and the columns after them that have to be empty."""
    notes = next((place for place, name in enumerate(header) if name.rstrip(":").upper() == "NOTES"), None)
    last = len(header) if notes is None else notes
    for place in range(last):
        after = header[place : min(place + _EMPTY_BEFORE_NOTES, last)]
        if not any(after):
            return place, range(place, place + _EMPTY_BEFORE_NOTES if notes is None else notes)
    return last, range(last, last + (_EMPTY_BEFORE_NOTES if notes is None else 0))


def _check_gap(reading: _Reading, number: int, row: list[str], gap: range) -> None:
    for place in gap:
        if _cell(row, place):
            sentence = _("Row %(row)d, column %(column)d holds a value, but row 1 does not name the column.")
            reading.add("gap", sentence, row=number, column=place + 1)


def _read_row(
    reading: _Reading, number: int, row: list[str], columns: Mapping[str, int], key: TableKey, arm_column: str
) -> None:
    """Add the arm of a row to its stratum, or the row's faults to the problems."""
    before = len(reading.problems)
    for name, place in columns.items():
        if _FORMULA.match(_cell(row, place)):
            sentence = _("Row %(row)d: %(name)s holds a formula. Save the table with values only.")
            reading.add("formula", sentence, row=number, name=name)
    if len(reading.problems) > before:
        return
    arm = _meaning(reading, number, arm_column, _cell(row, columns.get(arm_column)), key.arm_codes)
    levels = {
        each.factor: _meaning(reading, number, each.column, _cell(row, columns[each.column]), each.levels)
        for each in key.fields
    }
    if len(reading.problems) > before:
        return
    listed = reading.arms[key_of(levels)]
    if len(listed) == LONGEST_LIST:
        raise _problem("length", _("The list of a stratum has 1 to %(most)d slots."), most=LONGEST_LIST)
    listed.append(arm)


def _meaning(reading: _Reading, number: int, name: str, code: str, known: Mapping[str, str]) -> str:
    """What a code of the file stands for; a fault of the row if nothing."""
    if code in known:
        return known[code]
    params = {"row": number, "name": name, "known": ", ".join(known)}
    if not code:
        reading.add("blank", _("Row %(row)d: %(name)s is empty. Its codes are %(known)s."), **params)
    else:
        sentence = _("Row %(row)d: %(name)s cannot be %(code)s. Its codes are %(known)s.")
        reading.add("code", sentence, **params, code=code[:40])
    return ""


def _check_strata(reading: _Reading) -> None:
    """Every combination of levels has a list."""
    # A faulty row may be the one that is missing, so faults of rows are told alone.
    if reading.problems:
        return
    for stratum, arms in reading.arms.items():
        if not arms:
            reading.add("stratum", _("The table has no row for the stratum %(stratum)s."), stratum=stratum)


def _check_key(key: TableKey, arms: Sequence[str]) -> None:
    """Every code stands for an arm of the trial."""
    unknown = sorted(set(key.arm_codes.values()) - set(arms))
    if unknown:
        raise _problem("arms", _("The trial has no arm %(arm)s."), arm=unknown[0])


def _cell(row: Sequence[str], place: int | None) -> str:
    """A cell, empty where the row is shorter."""
    return row[place] if place is not None and place < len(row) else ""


def _problem(kind: str, sentence: Any, **params: Any) -> Problem:
    return Problem(f"table.{kind}", sentence, params=params, field="table")
