"""Numbers are rounded, never cut off, and have the decimals of their column."""

import pytest
from django.utils import translation

from core.numbers import to_places


@pytest.mark.parametrize(
    ("value", "places", "words"),
    [
        (66.66, 1, "66.7"),
        (0.0496, 3, "0.050"),
        (15, 1, "15.0"),
        (-0.04, 1, "0.0"),
        (0.00001, 4, "0.0000"),
        (17.5, 0, "18"),
    ],
)
def test_the_last_decimal_is_rounded(value: float, places: int, words: str) -> None:
    with translation.override("en"):
        assert to_places(value, places) == words


def test_in_french_with_a_comma() -> None:
    with translation.override("fr"):
        assert to_places(66.66, 1) == "66,7"
