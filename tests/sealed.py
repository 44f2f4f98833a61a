"""What was put into a sealed table, for tests that ask whether it was kept."""

from typing import TypeVar

from audit.records import Record
from core import blindfold

Row = TypeVar("Row", bound=Record)


def rows(model: type[Row]) -> list[Row]:
    """All rows of a sealed table, with every column."""
    with blindfold.lifted():
        return list(model.objects.all())


def only(model: type[Row]) -> Row:
    """The one row of a sealed table."""
    (row,) = rows(model)
    return row
