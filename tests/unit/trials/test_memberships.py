"""Which roles one person may have in one trial, ever."""

from itertools import combinations

import pytest

from accounts.models import User
from accounts.roles import ROLES, Role
from audit.actors import Actor
from core import clock
from core.problems import Problem
from tests import cast
from trials.actions import memberships
from trials.models import Trial

BLINDED = {Role.COORDINATOR, Role.ASSESSOR, Role.INVESTIGATOR, Role.MONITOR, Role.DATA_MANAGER}
APART = {
    frozenset({Role.THERAPIST, Role.STATISTICIAN}): ("randomizes people", "knows the allocation list"),
    frozenset({Role.UNBLINDED_COORDINATOR, Role.STATISTICIAN}): ("enrols", "knows the allocation list"),
    frozenset({Role.THERAPIST, Role.UNBLINDED_COORDINATOR}): ("randomizes people", "sees everybody's arm"),
    frozenset({Role.THERAPIST, Role.SAFETY_PHYSICIAN}): ("randomizes people", "sees everybody's arm"),
}
"""Pairs of roles that both learn arms and are kept apart all the same, with words of the refusal."""


@pytest.fixture
def trial(db: None) -> Trial:
    with clock.moved_to(cast.MONDAY):
        return cast.make_trial(recruiting=False)


@pytest.fixture
def noor(trial: Trial) -> Actor:
    return cast.actor(cast.cast_of(trial).noor)


def refusal(user: User, trial: Trial, role: Role, noor: Actor) -> Problem | None:
    try:
        memberships.grant(user=user, trial=trial, role=role, by=noor)
    except Problem as problem:
        return problem
    return None


def test_every_pair_of_roles_is_allowed_or_refused_whichever_comes_first(trial: Trial, noor: Actor) -> None:
    for first, second in combinations(ROLES, 2):
        apart = (first in BLINDED) != (second in BLINDED) or frozenset({first, second}) in APART
        for order in ((first, second), (second, first)):
            user = User.objects.create_user(f"{'.'.join(order)}@example.org", "Sam Lee")
            assert refusal(user, trial, order[0], noor) is None
            problem = refusal(user, trial, order[1], noor)
            assert (problem is not None and problem.code == "membership.walls") == apart, order


@pytest.mark.parametrize("pair", APART, ids=lambda pair: "+".join(sorted(pair)))
def test_the_refusal_says_which_kinds_of_role_are_kept_apart(pair: frozenset[Role], trial: Trial, noor: Actor) -> None:
    for first, second in (sorted(pair), sorted(pair, reverse=True)):
        user = User.objects.create_user(f"{first}@example.org", "Sam Lee")
        assert refusal(user, trial, first, noor) is None
        problem = refusal(user, trial, second, noor)
        assert problem is not None
        assert problem.field == "role"
        assert "Sam Lee has had a role in this trial that" in problem.sentence
        for words in APART[pair]:
            assert words in problem.sentence


def test_a_role_that_ended_counts_for_good_and_in_its_trial_only(trial: Trial, noor: Actor) -> None:
    user = cast.cast_of(trial).marc
    (held,) = user.memberships.all()
    memberships.end(membership=held, reason="Left the clinic", by=noor)
    problem = refusal(user, trial, Role.STATISTICIAN, noor)
    assert problem is not None
    assert problem.code == "membership.walls"
    user = User.objects.create_user("sam@example.org", "Sam Lee")
    assert refusal(user, trial, Role.STATISTICIAN, noor) is None
    text = cast.STRONG_BACK.read_text(encoding="utf-8").replace("code: STRONG-BACK\n", "code: ANOTHER\n")
    assert refusal(user, cast.make_trial(text, recruiting=False), Role.THERAPIST, noor) is None
