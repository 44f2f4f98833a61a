"""The proof can fail: whatever is planted, the same search finds it in a small world."""

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.rules.swap.leaks import Leak
from tests.rules.swap.leaks_beside import ALL_LEAKS
from tests.rules.swap.leaks_strata import STRATA_LEAKS
from tests.rules.swap.looking import Look, look_with, told
from tests.rules.swap.stories import SMALL

AT_LEAST = 25
EVERY = [*ALL_LEAKS, *STRATA_LEAKS]


@pytest.fixture(scope="module")
def looks(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> dict[str, tuple[Look, Look]]:
    """What was seen with each of the wanted leaks, here and there; there only up to the first difference."""
    wanted = [each for each in EVERY if any(item.name.endswith(f"[{each.name}]") for item in request.session.items)]
    here: dict[str, Look] = {}
    there: dict[str, Look] = {}
    with django_db_blocker.unblock():
        with told(SMALL) as world:
            here = {each.name: look_with(each, world) for each in wanted}
        for leaks, exchanged in ((ALL_LEAKS, True), (STRATA_LEAKS, False)):
            with told(SMALL, exchanged=exchanged, mirrored=not exchanged) as world:
                there |= {each.name: look_with(each, world, here[each.name]) for each in wanted if each in leaks}
    return {name: (look, there[name]) for name, look in here.items()}


@pytest.mark.parametrize("leak", EVERY, ids=lambda leak: leak.name)
def test_a_planted_leak_is_caught(leak: Leak, looks: dict[str, tuple[Look, Look]]) -> None:
    here, there = looks[leak.name]
    assert here.answers or here.post
    assert there.differs


def test_there_are_many() -> None:
    assert len({each.name for each in ALL_LEAKS}) >= AT_LEAST
    assert len({each.name for each in EVERY}) == len(EVERY)
