"""Leaks, planted one at a time, to see that the swap test catches them."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any
from unittest.mock import patch

from audit.models import Entry
from core.blindfold import lifted
from participants.models import Participant
from randomization.queries import arms_of
from therapy.models import Session
from trials.access import not_found

ARM = "RT"
Plant = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Leak:
    """What is planted, and who is to find it at which addresses. ``visitor`` "post": in the letters."""

    name: str
    visitor: str
    addresses: frozenset[str]
    plant: Plant


LEAKS: list[Leak] = []
"""Of the arm."""


def leak(visitor: str, *addresses: str, into: list[Leak] = LEAKS) -> Callable[[Plant], Plant]:
    """Declare a planted leak."""

    def declare(plant: Plant) -> Plant:
        into.append(Leak(plant.__name__, visitor, frozenset(addresses), contextmanager(plant)))  # type: ignore[arg-type]
        return plant

    return declare


def sessions_held() -> int:
    """What no blinded person may learn: how many sessions are recorded."""
    with lifted():
        return Session.objects.count()


def in_arm(participant: Participant) -> bool:
    """Whether somebody is in one of the arms."""
    with lifted():
        return arms_of([participant.pk]).get(participant.pk) == ARM


def wrapped(target: str, change: Callable[[Any], Any]) -> Any:
    """Replace a function by one whose result is changed."""
    original = held(target)
    return patch(target, lambda *args, **kwargs: change(original(*args, **kwargs)))


def altered(change: Callable[[Any], Any]) -> Any:
    """Change every answer as it leaves."""

    def changed(response: Any) -> Any:
        change(response)
        return response

    return wrapped("web.middleware.NoStoreMiddleware.__call__", changed)


def held(target: str) -> Any:
    """What stands at a dotted path."""
    return resolve_name(target)


@leak("assessor", "record")
def a_count_of_sessions_on_the_record() -> Iterator[None]:
    with wrapped("web.shared.record._lead", lambda lead: f"{lead} {sessions_held()}"):
        yield


@leak("monitor", "api:participants")
def an_order_by_allocation() -> Iterator[None]:
    with wrapped("api.participants.participants_of", lambda found: sorted(found, key=lambda p: (in_arm(p), p.number))):
        yield


@leak("data_manager", "monitors:exports")
def an_arm_in_a_file_name() -> Iterator[None]:
    def renamed(made: Any) -> Any:
        return dataclasses.replace(made, name=made.name.replace(".zip", f"-{sessions_held()}.zip"))

    with wrapped("exports.blinded.export", renamed):
        yield


@leak("coordinator", "monitors:exports")
def a_line_in_a_table_of_the_export() -> Iterator[None]:
    original = held("exports.tables.write")

    def write(head: Any, lines: Any, to: Any) -> Any:
        return original(head, [*lines, [str(sessions_held()), *[""] * (len(list(head)) - 1)]], to)

    with patch("exports.bundle.write", write):
        yield


@leak("monitor", "monitors:audit_download")
def sessions_in_the_audit_trail() -> Iterator[None]:
    def everything(audience: Any, trial_id: Any, **_: Any) -> Any:
        return Entry.objects.filter(chain=str(trial_id)).order_by("-at", "-number")

    with patch("audit.queries.entries_for", everything):
        yield


@leak("investigator", "record")
def a_record_that_is_not_found_in_one_arm() -> Iterator[None]:
    def only_the_other(participant: Participant) -> Participant:
        if in_arm(participant):
            raise not_found()
        return participant

    with wrapped("web.shared.record.participant_by_number", only_the_other):
        yield


@leak("coordinator", "therapists:participant")
def a_refusal_that_differs() -> Iterator[None]:
    original = held("web.middleware.answer")

    def answer(request: Any, status: int, sentence: str) -> Any:
        return original(request, status, f"{sentence} ({sessions_held()})")

    with patch("web.middleware.answer", answer):
        yield


@leak("visitor", "account_login")
def a_header_for_anybody() -> Iterator[None]:
    def with_header(response: Any) -> Any:
        response["X-Rows"] = str(sessions_held())
        return response

    with wrapped("web.middleware.NoStoreMiddleware.__call__", with_header):
        yield


@leak("participant", "participants:open")
def a_page_by_link_that_is_longer_in_one_arm() -> Iterator[None]:
    def padded(response: Any) -> Any:
        response.content += b" " * sessions_held()
        return response

    with wrapped("web.participants.starting.render", padded):
        yield


@leak("post")
def a_word_in_a_reminder() -> Iterator[None]:
    def with_count(letter: Any) -> Any:
        return dataclasses.replace(letter, body=f"{letter.body}{sessions_held()}\n")

    with wrapped("reminders.letters._render", with_count):
        yield
