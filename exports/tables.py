"""A table of a dataset: named columns that say what they hold, and rows that are read one after the other."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Any, TextIO, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation
from django.utils.functional import Promise

from exports.cells import as_text

T = TypeVar("T")
Label = str | Promise | Mapping[str, str]
CHUNK = 100
"""Rows fetched at a time: memory does not grow with the trial. More are no faster."""


class Kind(StrEnum):
    TEXT = "text"
    CODE = "code"
    CODES = "codes"
    INTEGER = "integer"
    DECIMAL = "decimal"
    YES_NO = "yes_no"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"


@dataclass(frozen=True)
class Column:
    """One column. ``source`` is the stored field it comes from, as ``app.Model.field``.

    ``shared`` is False for what is left out of data given to others: sites and free text.
    """

    name: str
    kind: Kind
    label: Label
    read: Callable[[Any], Any]
    source: str
    unit: Label = ""
    codes: tuple[tuple[str, Label], ...] = ()
    low: float | None = None
    high: float | None = None
    rule: str = ""
    version: str = ""
    shared: bool = True


@dataclass(frozen=True)
class Table:
    """A tidy table. ``rows`` is asked anew for each reading, and never makes a list of all."""

    name: str
    label: Label
    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[Any]]

    @property
    def head(self) -> list[str]:
        return [column.name for column in self.columns]

    def lines(self) -> Iterator[list[str]]:
        """Every row as text, in the order of the columns."""
        readers = [column.read for column in self.columns]
        for row in self.rows():
            yield [as_text(read(row)) for read in readers]

    def for_sharing(self) -> "Table":
        """The table without sites and free text."""
        return replace(self, columns=tuple(column for column in self.columns if column.shared))


def flat(rows: QuerySet[Any], *names: str) -> Iterator[Any]:
    """The named fields of each row, by attributes of the same names, and no model around them: it is by far
    the dearest part of a large table."""
    return rows.values_list(*names, named=True).iterator(chunk_size=CHUNK)


def chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Rows in lists of at most ``size``."""
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


def by_participant(rows: QuerySet[Any], keys: list[UUID], *names: str) -> dict[UUID, list[Any]]:
    """The flat rows of some participants, by participant, in the order of ``rows``.

    Prefetched models would point at each other in circles, and stay in memory until the collector comes by.
    """
    found: dict[UUID, list[Any]] = {}
    for row in flat(rows.filter(participant__in=keys), "participant_id", *names):
        found.setdefault(row.participant_id, []).append(row)
    return found


def in_language(label: Label, language: str) -> str:
    """A label in a language; English where it has none."""
    if isinstance(label, Mapping):
        return label.get(language) or label.get("en") or next(iter(label.values()), "")
    with translation.override(language):
        return str(label)


def write(head: list[str], lines: Iterable[list[str]], to: TextIO) -> int:
    """Write CSV as RFC 4180 has it (comma, double quotes, CRLF); returns the number of lines below the head."""
    writer = csv.writer(to, lineterminator="\r\n")
    writer.writerow(head)
    count = 0
    for line in lines:
        writer.writerow(line)
        count += 1
    return count
