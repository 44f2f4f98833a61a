"""Data for analysts: exchange the arms, and only the letters are exchanged. Nothing in them names an arm."""

import csv
import io
import re
from collections.abc import Mapping

import pytest
from pytest_django.plugin import DjangoDbBlocker

from core import clock
from exports.unblinded.dummy import export_dummy
from randomization.blindfold import Purpose, unblinded
from randomization.dummy_codes import letters_of
from randomization.queries import arms_of
from tests.rules.swap.extras import MORE_THERAPISTS, NOW
from tests.rules.swap.known_ids import known_ids
from tests.rules.swap.looking import told
from tests.rules.swap.stories import SMALL, WHOLE
from tests.rules.swap.worlds import ARMS, World
from tests.unit.exports.world import files_of

WHY = "Blinded analysis by Dr. Hale"
PEOPLE = (*SMALL, *WHOLE[1:4])
NAMES = ("Targeted exercise programme", "General exercise programme", "Programme d'exercices ciblés")
TELLING: tuple[str, ...] = (*ARMS, *NAMES, "Marc", "Priya", *(name for _key, name, _qualified in MORE_THERAPISTS))
"""Codes and names of arms, and who treats in which."""


def exported(world: World) -> dict[str, bytes]:
    with clock.moved_to(NOW), known_ids("dummy"):
        return files_of(export_dummy(trial=world.trial, by=world.company.by("samuel"), purpose=WHY))


def true_letters(world: World) -> dict[str, str]:
    """The letter of each participant, from the seal and the list."""
    by = world.company.by("samuel")
    with clock.moved_to(NOW), unblinded(by=by, trial=world.trial, purpose=Purpose.EXPORT, reason=WHY) as grant:
        letters = letters_of(world.trial, grant)
        people = {each.pk: each.number for each in world.trial.participants.all()}
        return {people[key]: letters[arm] for key, arm in arms_of(people).items()}


def letters_in(files: Mapping[str, bytes]) -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(files["arms.csv"].decode(), newline=""))
    return {row["number"]: row["arm"] for row in rows}


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[dict[str, bytes]]:
    """The file of each world."""
    made = []
    with django_db_blocker.unblock():
        for exchanged in (False, True):
            with told(PEOPLE, exchanged=exchanged, with_second=False) as world:
                files = exported(world)
                assert letters_in(files) == true_letters(world)
                made.append(files)
    return made


def test_exchanged_arms_exchange_the_letters(both: list[dict[str, bytes]]) -> None:
    here, there = (letters_in(files) for files in both)
    assert len(here) > 3
    assert set(here.values()) == {"A", "B"}
    other = {"A": "B", "B": "A"}
    assert {number: other[letter] for number, letter in there.items()} == here


def test_nothing_else_differs(both: list[dict[str, bytes]]) -> None:
    here, there = both
    assert list(here) == list(there)
    for name in here.keys() - {"arms.csv", "manifest.json"}:
        assert here[name] == there[name], name
    without = [
        b"\n".join(line for line in files["arms.csv"].splitlines() if b",A," not in line and b",B," not in line)
        for files in both
    ]
    assert without[0] == without[1]


@pytest.mark.parametrize("word", TELLING)
def test_nothing_names_an_arm(word: str, both: list[dict[str, bytes]]) -> None:
    whole_word = re.compile(rf"\b{re.escape(word)}\b")
    for name, content in both[0].items():
        lines = content.decode().splitlines()
        assert not [(name, line) for line in lines if whole_word.search(line)]
