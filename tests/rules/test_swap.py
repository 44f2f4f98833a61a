"""The proof of the blind: exchange the arms, and nothing that a blinded person can fetch changes by one byte."""

import pytest
from pytest_django.plugin import DjangoDbBlocker

from participants.models import Participant
from tests.rules.swap.crawler import addresses_of_blinded_rooms
from tests.rules.swap.differences import difference, first_difference
from tests.rules.swap.exempt import EXEMPT, NEVER_OPENED
from tests.rules.swap.leaks import Leak
from tests.rules.swap.leaks_beside import ALL_LEAKS
from tests.rules.swap.looking import Look, look_at, told
from tests.rules.swap.stories import WHOLE
from tests.rules.swap.visitors import BLINDED, roles_looking

Pair = tuple[Look, Look]


@pytest.fixture(scope="module")
def whole(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Pair:
    """Both worlds with somebody in every state, looked through by everybody who is blinded."""
    looks = []
    with django_db_blocker.unblock():
        for exchanged in (False, True):
            with told(WHOLE, exchanged=exchanged, with_second=True) as world:
                looks.append(look_at(world))
    return looks[0], looks[1]


def test_everybody_is_in_the_other_arm_and_sessions_differ(whole: Pair) -> None:
    here, there = (look.arms for look in whole)
    assert here.keys() == there.keys()
    assert {arm for arm, _sessions in here.values()} == {"MC+ILEX", "RT"}
    assert all(here[number][0] != there[number][0] for number in here)
    assert any(here[number][1] != there[number][1] for number in here)


def test_there_are_at_least_sixty_people_and_somebody_in_every_state(whole: Pair) -> None:
    states = whole[0].states
    assert len(states) >= 60
    # Screening ends on one page: nobody is found in the middle of it.
    assert set(states.values()) == set(Participant.State) - {Participant.State.SCREENING}


def test_nothing_that_the_blinded_can_fetch_differs(whole: Pair) -> None:
    here, there = whole
    assert not (found := first_difference(here.answers, there.answers)), found


def test_every_letter_is_the_same(whole: Pair) -> None:
    here, there = ([str(letter) for letter in look.post] for look in whole)
    assert here
    assert here == there, difference(here, there)


def test_every_line_of_the_log_is_the_same(whole: Pair) -> None:
    here, there = (look.log for look in whole)
    assert here == there, difference(here, there)
    assert any(answer.log for answer in whole[0].answers.values())


def test_every_blinded_role_looks() -> None:
    assert roles_looking() == BLINDED


def test_every_page_of_the_blinded_was_opened_by_somebody(whole: Pair) -> None:
    names = {each.name for each in addresses_of_blinded_rooms()} - EXEMPT.keys()
    unseen = sorted(names - whole[0].opened - NEVER_OPENED.keys())
    assert unseen == []


@pytest.mark.parametrize("leak", ALL_LEAKS, ids=lambda leak: leak.name)
def test_a_planted_leak_lies_on_the_way_of_the_whole_search(leak: Leak, whole: Pair) -> None:
    assert leak.visitor == "post" or all((leak.visitor, name) in whole[0].ways for name in leak.addresses)
