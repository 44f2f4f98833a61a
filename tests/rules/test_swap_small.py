"""The proof of the blind in a small world, quick enough for every change; ``test_swap.py`` is the whole of it."""

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.rules.swap.differences import difference, first_difference
from tests.rules.swap.looking import Look, look_at, told
from tests.rules.swap.stories import SMALL

Pair = tuple[Look, Look]


@pytest.fixture(scope="module")
def small(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Pair:
    """Five people here, and there in the other arm, looked through by everybody who is blinded."""
    looks = []
    with django_db_blocker.unblock():
        for exchanged in (False, True):
            with told(SMALL, exchanged=exchanged) as world:
                looks.append(look_at(world))
    return looks[0], looks[1]


def test_everybody_is_in_the_other_arm(small: Pair) -> None:
    here, there = ({number: arm for number, (arm, _sessions) in look.arms.items()} for look in small)
    assert here.keys() == there.keys()
    assert {*here.values()} == {"MC+ILEX", "RT"}
    assert all(here[number] != there[number] for number in here)


def test_nothing_that_the_blinded_can_fetch_differs(small: Pair) -> None:
    here, there = small
    assert not (found := first_difference(here.answers, there.answers)), found


def test_no_letter_and_no_line_of_the_log_differs(small: Pair) -> None:
    here, there = ([str(letter) for letter in look.post] + look.log for look in small)
    assert here == there, difference(here, there)
