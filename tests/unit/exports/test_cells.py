"""What a cell may hold, and what no spreadsheet may run."""

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from exports.cells import as_text
from exports.tables import write


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "1"),
        (False, "0"),
        (-3, "-3"),
        (-0.5, "-0.5"),
        ("-3", "-3"),
        ("+3.25", "+3.25"),
        (date(2026, 5, 3), "2026-05-03"),
        (datetime(2026, 5, 3, 9, 30, tzinfo=timezone(timedelta(hours=-4))), "2026-05-03T13:30:00Z"),
        (datetime(2026, 5, 3, 9, 30, tzinfo=UTC), "2026-05-03T09:30:00Z"),
        (["b", "a"], "b;a"),
        ({"b", "a"}, "a;b"),
        ("Élise", "Élise"),
    ],
)
def test_values_are_written_one_way(value: Any, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize(
    "text", ["=1+1", "+1 514 555 0100", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "－1+1", ["=1"]]
)
def test_what_a_spreadsheet_would_run_is_kept_as_text(text: Any) -> None:
    written = as_text(text)
    assert written.startswith("'")
    assert written[1:] == (text if isinstance(text, str) else text[0])


def test_quotes_commas_and_line_breaks_survive_the_way_there_and_back() -> None:
    line = ['say "yes", now', "two\nlines", "œ≥µ", ""]
    to = io.StringIO(newline="")
    assert write(["a", "b", "c", "d"], [line], to) == 1
    assert to.getvalue().startswith("a,b,c,d\r\n")
    assert list(csv.reader(io.StringIO(to.getvalue(), newline="")))[1] == line
