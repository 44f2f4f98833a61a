"""A trial, its cast, and a held clock."""

from collections.abc import Iterator

import pytest

from core import clock
from participants.models import Participant
from tests import cast as people
from trials.models import Trial


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.moved_to(people.MONDAY):
        yield


@pytest.fixture
def trial(db: None) -> Trial:
    return people.make_trial()


@pytest.fixture
def cast(trial: Trial) -> people.Cast:
    return people.cast_of(trial)


@pytest.fixture
def eligible(trial: Trial, cast: people.Cast) -> Participant:
    return people.screen_eligible(trial, cast)


@pytest.fixture
def consented(trial: Trial, cast: people.Cast) -> Participant:
    return people.consented(trial, cast)
