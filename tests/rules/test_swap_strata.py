"""The proof for the stratum: mirror everybody across the cut, and therapists and participants notice nothing."""

import re

import pytest
from pytest_django.plugin import DjangoDbBlocker

from participants.models import Participant
from tests.rules.swap.answers import Answer
from tests.rules.swap.crawler import Asked
from tests.rules.swap.differences import difference, first_difference
from tests.rules.swap.looking import Look, look_at, told
from tests.rules.swap.stories import SOME
from tests.rules.swap.visitors import BY_LINK, CONCEALED_FROM, WITHOUT_STRATUM

Pair = tuple[Look, Look]
CHOSEN = re.compile(rb" checked|<dd>(Yes|No|Oui|Non)</dd>")
OWN_ANSWERS = ("participants:question", "participants:cards", "participants:check")
"""Pages on which participants read what they answered so far."""


def is_own_answer(asked: Asked, look: Look) -> bool:
    """Whether somebody answering the form of the factor sees their own answers to it: the one thing left out.

    They know them, since they have just given them; a total, a level or a word about it is on none of these pages.
    """
    keys = look.forms_of_the_factor
    return asked.who == BY_LINK.name and asked.name in OWN_ANSWERS and any(key in asked.url for key in keys)


def all_else(look: Look) -> dict[Asked, Answer]:
    return {asked: answer for asked, answer in look.answers.items() if not is_own_answer(asked, look)}


@pytest.fixture(scope="module")
def pair(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Pair:
    """Both worlds, looked through by everybody from whom the stratum is concealed."""
    looks = []
    with django_db_blocker.unblock():
        for mirrored in (False, True):
            with told(SOME, mirrored=mirrored) as world:
                looks.append(look_at(world, WITHOUT_STRATUM))
    return looks[0], looks[1]


def test_everybody_is_in_the_same_arm_and_in_the_other_stratum(pair: Pair) -> None:
    here, there = pair
    assert here.arms == there.arms
    assert {arm for arm, _sessions in here.arms.values()} == {"MC+ILEX", "RT"}
    assert here.strata.keys() == there.strata.keys() == here.arms.keys()
    assert {*here.strata.values()} == {"lsiq=high", "lsiq=low"}
    assert all(here.strata[number] != there.strata[number] for number in here.strata)


def test_the_protocol_conceals_the_stratum_from_who_looks(pair: Pair) -> None:
    assert pair[0].concealed_from == CONCEALED_FROM


def test_nothing_that_they_can_fetch_differs(pair: Pair) -> None:
    here, there = map(all_else, pair)
    assert not (found := first_difference(here, there)), found


def test_their_own_answers_are_what_is_left_out_and_no_more(pair: Pair) -> None:
    here, there = pair
    left_out = [asked for asked in here.answers if is_own_answer(asked, here)]
    differing = [asked for asked in left_out if there.answers[asked] != here.answers[asked]]
    assert differing
    for asked in differing:
        assert same_but_for_the_choice(here.answers[asked]) == same_but_for_the_choice(there.answers[asked]), asked


def same_but_for_the_choice(answer: Answer) -> bytes:
    """A page without which of the answers is chosen, or read back."""
    return CHOSEN.sub(b"", answer.body)


def test_every_letter_and_line_of_the_log_is_the_same(pair: Pair) -> None:
    here, there = ([*map(str, look.post), *look.log] for look in pair)
    assert here
    assert here == there, difference(here, there)


def test_they_saw_participants(pair: Pair) -> None:
    assert {"therapists:participant", "therapists:home", "api:therapists:treated", "participants:question"} <= pair[
        0
    ].opened
    assert Participant.State.RANDOMIZED in pair[0].states.values()
