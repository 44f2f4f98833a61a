"""Every address of a trial before every role: who is let in follows from the permissions of the page, and nothing else.

Whoever is kept out is told the same for every record, whether it is there or not.
"""

from dataclasses import dataclass, field

import pytest
from pytest_django.plugin import DjangoDbBlocker

from accounts.permissions import Permission
from accounts.roles import Role, roles_with
from tests.rules.swap.addresses import Address, addresses
from tests.rules.swap.differences import difference
from tests.rules.swap.looking import told
from tests.rules.swap.standing import NO_TRIAL, NOBODY, OUTSIDER, Heard, Standing
from tests.rules.swap.stories import SMALL

WITHOUT_PAGE_INFO = {"trial_home": "Leads every member of the trial to the first page of their role."}
NARROWER = {
    "coordinators:randomize": "Only where the protocol names the coordinator: the same for every participant.",
    "coordinators:receipt": "Only where the protocol names the coordinator: the same for every participant.",
    "api:allocation": "Only for the roles that the protocol names: the same for every participant.",
}
"""Pages that refuse some who hold the permission, and by what."""
FORM_PAGES = {"form", "form_correct", "form_not_done"}
"""Who fills forms of one kind is refused at those of another, and learns nothing: the same person reads the form."""
OF_ONE_SITE = {
    "number",
    "form",
    "visit",
    "appointment",
    "task",
    "asked",
    "query",
    "message",
    "event",
    "deviation",
    "delivery",
}
"""Arguments that name a record of one site; all others are of the trial."""
PAGES = [each for each in addresses() if "trial" in each.arguments]


def methods_of(address: Address) -> tuple[str, ...]:
    """What is asked of an address."""
    return ("GET",) if address.name in WITHOUT_PAGE_INFO else address.methods


def permissions_of(address: Address, method: str) -> tuple[Permission, ...]:
    """What a page or a door asks for; nothing: every role of the trial."""
    page, door = getattr(address.view, "page", None), getattr(address.view, "view_class", None)
    if page is not None:
        return tuple(page.asked(method))
    return tuple(getattr(door, method.lower()).operation.permissions) if door is not None else ()


def admitted(address: Address, method: str) -> frozenset[Role]:
    permissions = permissions_of(address, method)
    return frozenset().union(*map(roles_with, permissions)) if permissions else frozenset(Role)


@dataclass
class Outcome:
    """What was heard at one address by one method: (there, not there) for each role, and the other cases."""

    by_role: dict[Role, tuple[Heard, Heard]] = field(default_factory=dict)
    elsewhere: dict[Role, tuple[Heard, Heard]] = field(default_factory=dict)
    outsider: tuple[Heard, Heard] | None = None
    nobody: tuple[Heard, Heard] | None = None


@pytest.fixture(scope="module")
def outcomes(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[tuple[str, str], Outcome]:
    """Everybody before every address, by its name and the method."""
    with django_db_blocker.unblock(), told(SMALL, exchanged=False, with_second=False) as world:
        standing = Standing(world)
        return {(page.name, method): _try(standing, page, method) for page in PAGES for method in methods_of(page)}


def _try(standing: Standing, page: Address, method: str) -> Outcome:
    there, not_there = standing.there(page), standing.not_there(page)

    def pair(name: str) -> tuple[Heard, Heard]:
        return standing.hear(name, method, page, there), standing.hear(name, method, page, not_there)

    no_trial = {**there, "trial": NO_TRIAL}
    found = Outcome({role: pair(role) for role in Role})
    if OF_ONE_SITE & set(page.arguments):
        found.elsewhere = {role: pair(f"{role} elsewhere") for role in admitted(page, method)}
    found.outsider = tuple(standing.hear(OUTSIDER, method, page, each) for each in (there, no_trial))  # type: ignore[assignment]
    found.nobody = pair(NOBODY)
    return found


def apart(there: Heard, not_there: Heard) -> str:
    """Where two answers differ."""
    return difference(there.lines(), not_there.lines())


CASES = [pytest.param(page, method, id=f"{method} {page.name}") for page in PAGES for method in methods_of(page)]
each_page = pytest.mark.parametrize(("address", "method"), CASES)
Outcomes = dict[tuple[str, str], Outcome]


@pytest.mark.parametrize("address", PAGES, ids=lambda address: address.name)
def test_every_page_says_who_may(address: Address) -> None:
    if address.name not in WITHOUT_PAGE_INFO:
        assert hasattr(address.view, "page") or hasattr(address.view, "view_class")
        for method in address.methods:
            permissions_of(address, method)


@each_page
def test_a_wrong_role_is_refused_alike_for_every_record(address: Address, method: str, outcomes: Outcomes) -> None:
    for role in frozenset(Role) - admitted(address, method):
        there, not_there = outcomes[address.name, method].by_role[role]
        assert (there.status, not_there.status) == (403, 403), role
        assert there == not_there, (role, apart(there, not_there))


@each_page
def test_a_right_role_is_let_in_and_told_what_is_not_there(address: Address, method: str, outcomes: Outcomes) -> None:
    record = len(address.arguments) > 1
    for role in admitted(address, method):
        there, not_there = outcomes[address.name, method].by_role[role]
        if address.name in NARROWER and there.status == 403:
            assert there == not_there, (role, apart(there, not_there))
            continue
        if address.name in FORM_PAGES and there.status == 403:
            reads, reads_not = outcomes["form", "GET"].by_role[role]
            assert (reads.status, reads_not.status) == (200, 404), role
            assert not_there.status == 404, role
            continue
        assert there.status < 500, role
        assert there.status != 403, role
        if record:
            assert not_there.status in ((404,) if method == "GET" else (400, 404, 422)), role


@each_page
def test_a_record_of_another_site_is_not_there(address: Address, method: str, outcomes: Outcomes) -> None:
    for role, (there, not_there) in outcomes[address.name, method].elsewhere.items():
        assert there == not_there, (role, apart(there, not_there))
        assert there.status in (403, 404) or (there.status in (400, 422) and address.name.startswith("api:")), role


@each_page
def test_somebody_who_does_not_work_in_the_trial_cannot_tell_whether_it_exists(
    address: Address, method: str, outcomes: Outcomes
) -> None:
    there, not_there = outcomes[address.name, method].outsider or ()
    assert there.status == 404
    assert there == not_there, apart(there, not_there)


@each_page
def test_nobody_gets_past_the_login(address: Address, method: str, outcomes: Outcomes) -> None:
    for heard in outcomes[address.name, method].nobody or ():
        if address.name.startswith("api:"):
            assert heard.status == 401
        else:
            assert heard.status == 302
            assert heard.location.startswith("/accounts/login/")
