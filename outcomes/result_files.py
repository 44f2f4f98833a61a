"""Reads a file of results: one row for each form, one column for each item. Pure.

CSV in UTF-8, separated by comma, semicolon or tab as its first line is. The columns are ``number`` (the study
number), ``visit`` (its code in the protocol), ``occurrence`` (of a visit that recurs; 1 when left out) and the item
codes of the instrument, in any order. Cells hold what is typed into the form: a code, a number with a decimal point
or comma, a date as 2026-05-03; several codes of a list are separated by spaces. Where a value is lacking, the cell
says why in square brackets, with a code of ``instruments.answers.Missing``: [technical].
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.problems import Problem
from instruments.answers import Checked, Missing, check
from instruments.definition import Definition, Item
from instruments.problems import FileRefused
from instruments.typed import parse

LARGEST = 500_000
"""Bytes of a file; a few thousand rows of the widest form."""
MOST_ROWS = 2_000
LONGEST_CELL = 200
KEYS = ("number", "visit")
OCCURRENCE = "occurrence"
SEPARATORS = ",;\t"


@dataclass(frozen=True)
class Row:
    """One line of the file: whose form it is, the values of its cells and what is wrong with them.

    ``line`` counts lines of the file from 1, the heads being the first, as spreadsheets do.
    """

    line: int
    number: str
    visit: str
    occurrence: int
    checked: Checked = field(default_factory=Checked)

    @property
    def key(self) -> tuple[str, str, int]:
        """The form it belongs to."""
        return self.number, self.visit, self.occurrence


def heads(definition: Definition) -> list[str]:
    """The first line of a file for an instrument."""
    return [*KEYS, *definition.item_codes()]


def read_rows(definition: Definition, document: str) -> list[Row]:
    """The rows of a file, each checked against the instrument.

    Raises FileRefused, with every sentence at once, when the heads or the shape are wrong; what is wrong with the
    values of a row stands in the row.
    """
    lines = _lines(document)
    names = [name.strip() for name in lines[0][1]]
    mistakes = _head_mistakes(definition, names)
    for line, cells in lines[1:]:
        if len(cells) != len(names):
            facts = {"line": line, "found": len(cells), "wanted": len(names)}
            mistakes.append(_("Row %(line)s has %(found)s cells, the first row has %(wanted)s.") % facts)
    if mistakes:
        raise FileRefused(mistakes)
    return [_row(definition, line, dict(zip(names, cells, strict=True))) for line, cells in lines[1:]]


def _lines(document: str) -> list[tuple[int, list[str]]]:
    """The lines that hold anything, each with its number; FileRefused for a file without rows, or too many."""
    first = document.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        reader = csv.reader(io.StringIO(document, newline=""), delimiter=separator, strict=True)
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error:
        raise FileRefused([_("The file is not CSV. Save the table as CSV in UTF-8.")]) from None
    if "\x00" in document or len(lines) < 2:
        sentence = _("The file holds no rows. Write the heads into the first row, one form in each row below.")
        raise FileRefused([sentence])
    if len(lines) > MOST_ROWS + 1:
        raise FileRefused([_("The file holds more than %(most)s rows. Load it in parts.") % {"most": MOST_ROWS}])
    return lines


def _head_mistakes(definition: Definition, names: list[str]) -> list[str]:
    known = {*KEYS, OCCURRENCE, *definition.item_codes()}
    lacking = [name for name in heads(definition) if name not in names]
    lacking = [name for name in lacking if name in KEYS or not definition.item(name).optional]
    said = [_("The column %(name)s is lacking. Add it.") % {"name": name} for name in lacking]
    said += [
        _("The column %(name)s does not belong to this form. Remove it.") % {"name": name[:40] or "“”"}
        for name in dict.fromkeys(names)
        if name not in known
    ]
    twice = [name for name, count in Counter(names).items() if count > 1 and name in known]
    return said + [_("The column %(name)s is there twice. Keep one.") % {"name": name} for name in twice]


def _row(definition: Definition, line: int, cells: Mapping[str, str]) -> Row:
    """One row with its values. A cell that cannot be read is not called unanswered as well."""
    values, missing, unread = {}, {}, []
    for item in definition.items:
        text = cells.get(item.code, "").strip()
        if text[:1] == "[" and text[-1:] == "]":
            missing[item.code] = text[1:-1].strip()
            continue
        try:
            value = _value(item, text)
        except Problem as problem:
            unread.append(problem)
            continue
        if value is not None:
            values[item.code] = value
    refused = {problem.field for problem in unread}
    found = check(definition, values, missing)
    told = [each for each in found.problems if each.field not in refused]
    problems = [each for each in told if not _hangs_on(definition, each, refused)]
    checked = Checked(found.values, found.missing, [*unread, *problems], found.warnings)
    occurrence = cells.get(OCCURRENCE, "").strip()
    count = int(occurrence) if occurrence.isdecimal() and len(occurrence) < 4 else 0 if occurrence else 1
    return Row(line, cells["number"].strip(), cells["visit"].strip(), count, checked)


def _value(item: Item, text: str) -> Any:
    if item.kind != "text" and len(text) > LONGEST_CELL:
        text = text[:LONGEST_CELL]
    return parse(item, text.replace("|", " ").split() if item.kind == "multiple" else text)


def _hangs_on(definition: Definition, problem: Problem, refused: set[str | None]) -> bool:
    """Whether an item is wrong only since the earlier answer that shows it could not be read."""
    if problem.field not in definition.item_codes():
        return False
    rule = definition.item(str(problem.field)).show_if
    return rule is not None and rule.item in refused


def reasons_in_words() -> str:
    """The codes that may stand in square brackets."""
    return ", ".join(f"[{reason.value}]" for reason in Missing)
