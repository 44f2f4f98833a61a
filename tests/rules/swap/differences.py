"""The first difference between two worlds, so that a person can see what leaks where."""

from collections.abc import Mapping
from difflib import unified_diff

from tests.rules.swap.answers import Answer
from tests.rules.swap.crawler import Asked

AROUND = 3
MOST_LINES = 40
MOST_CHARACTERS = 300


def first_difference(here: Mapping[Asked, Answer], there: Mapping[Asked, Answer]) -> str:
    """What differs first, with a few lines around it; "" if nothing does."""
    for asked, answer in here.items():
        if asked not in there:
            return f"{told(asked)} is there in one world only."
        if there[asked] != answer:
            return f"{told(asked)} differs between the worlds:\n{difference(answer.lines(), there[asked].lines())}"
    more = next((asked for asked in there if asked not in here), None)
    return f"{told(more)} is there in one world only." if more else ""


def told(asked: Asked) -> str:
    variant = f", body {asked.variant}" if asked.variant else ""
    return f"{asked.method} {asked.url} as {asked.who}{variant}"


def difference(here: list[str], there: list[str]) -> str:
    """The first lines that differ."""
    lines = list(unified_diff(here, there, "one world", "the other", n=AROUND, lineterm=""))
    return "\n".join(line[:MOST_CHARACTERS] for line in lines[:MOST_LINES])
