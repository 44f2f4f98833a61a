"""Refusals in the trail: that somebody signed in wanted something which their role, or the state of things, forbids.

Doors tell here what they answer with (``met``). Once a request is over, and whatever it began is committed or rolled
back, ``note`` writes the entry in a transaction of its own; so a refusal stays although all else of it is gone.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from enum import StrEnum

from audit.actors import Grant
from audit.acts import act
from audit.classes import FieldClass
from audit.models import Entry
from audit.sealing import mark_of
from core import clock
from core.problems import Invalid, Problem, Refused

AGAIN_AFTER = timedelta(hours=1)
_met: ContextVar[list[Problem] | None] = ContextVar("refusals_met", default=None)


class Kind(StrEnum):
    """What refused; the verb of the entry."""

    ROLE = "refusal.role"
    STATE = "refusal.state"


@contextmanager
def gathered() -> Iterator[list[Problem]]:
    """The problems that are met inside the block."""
    problems: list[Problem] = []
    token = _met.set(problems)
    try:
        yield problems
    finally:
        _met.reset(token)


def met(problem: Problem) -> None:
    """A door answers with this problem. Nothing happens where nobody gathers, as in commands and tasks."""
    problems = _met.get()
    if problems is not None:
        problems.append(problem)


def codes_of(problems: Iterable[Problem], kind: Kind) -> list[str]:
    """The codes of those that are refusals of a kind, in order of the alphabet: never a sentence or what it names."""
    parts = [part for each in problems for part in (each.problems if isinstance(each, Invalid) else [each])]
    if kind is Kind.ROLE:
        return sorted({part.code for part in parts if isinstance(part, Refused)})
    return sorted({part.code for part in parts if part.of_state})


def note(*, kind: Kind, door: str, codes: list[str], grant: Grant, secrecy: FieldClass) -> None:
    """Leave an entry of a refusal: who, where and the codes; no record, so that it is the same for each.

    The same refusal of the same person is noted once an hour. Counting every one instead would let a script that
    knocks on one door lengthen the chain, and lock its head, as fast as it can ask; what a reader wants to know is
    that somebody keeps trying, and an entry an hour tells that.
    """
    mark = mark_of(kind, str(grant.trial_id), grant.actor.id, door, *codes)
    if not _noted_lately(kind, mark, grant):
        with act(kind, grant=grant, secrecy=secrecy, mark=mark) as a:
            a.note(door=door, codes=codes)


def _noted_lately(kind: Kind, mark: str, grant: Grant) -> bool:
    lately = Entry.objects.filter(chain=str(grant.trial_id), at__gt=clock.now() - AGAIN_AFTER)
    return lately.filter(verb=kind, mark=mark).exists()
