"""The first of a month in French, in Python and in templates; all else is Django's."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from core.dates import date_format

FIRST, SECOND = date(2028, 4, 1), date(2028, 4, 2)


@pytest.mark.parametrize(
    ("language", "day", "form", "words"),
    [
        ("fr", FIRST, "j F Y", "1er avril 2028"),
        ("fr", SECOND, "j F Y", "2 avril 2028"),
        ("fr", FIRST, "F Y", "avril 2028"),
        ("fr", datetime(2028, 4, 1, 11, 1, tzinfo=UTC), "l j F Y, H:i", "samedi 1er avril 2028, 11:01"),
        ("fr-ca", FIRST, "j F", "1er avril"),
        ("en", FIRST, "j F Y", "1 April 2028"),
    ],
)
def test_a_date_in_words(language: str, day: date, form: str, words: str) -> None:
    with translation.override(language):
        assert date_format(day, form) == words
        assert Template(f'{{{{ day|date:"{form}" }}}}').render(Context({"day": day})) == words


def test_no_day_is_empty() -> None:
    assert Template('{{ day|date:"j F Y" }}').render(Context({"day": None})) == ""
