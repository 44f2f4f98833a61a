"""Days of which only the month or the year is known."""

from datetime import date

import pytest

from safety.partial_dates import is_surely_after, is_surely_before, span


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("0026-01", date(26, 1, 1), date(26, 1, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-03-17", date(2026, 3, 17), date(2026, 3, 17)),
    ],
)
def test_what_a_date_can_mean(text: str, first: date, last: date) -> None:
    assert span(text) == (first, last)


@pytest.mark.parametrize("text", ["", "26", "2026-3", "2026-13", "2026-02-30", "2026-03-17-1", "soon"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=text or "^$"):
        span(text)


def test_only_what_is_sure_is_held_against_somebody() -> None:
    assert is_surely_after("2026-04", date(2026, 3, 31))
    assert not is_surely_after("2026-03", date(2026, 3, 2))
    assert is_surely_before("2026-02", date(2026, 3, 1))
    assert not is_surely_before("2026", date(2026, 3, 1))
