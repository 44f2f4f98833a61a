"""Both worlds, one after the other in the same database, each looked through and then undone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import transaction

from tests.rules.swap import extras
from tests.rules.swap.answers import Answer
from tests.rules.swap.crawler import Asked, Crawl
from tests.rules.swap.leaks import Leak
from tests.rules.swap.logs import logged
from tests.rules.swap.post import next_letters
from tests.rules.swap.stories import Who
from tests.rules.swap.visitors import EVERYBODY, VISITORS, Visitor
from tests.rules.swap.worlds import World, build


@dataclass
class Look:
    """What was seen of one world."""

    arms: dict[str, tuple[str, int]]
    post: list[tuple[Any, ...]]
    answers: dict[Asked, Answer] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    log: list[str] = field(default_factory=list)
    differs: str = ""
    states: dict[str, str] = field(default_factory=dict)
    strata: dict[str, str] = field(default_factory=dict)
    concealed_from: frozenset[str] = frozenset()
    forms_of_the_factor: frozenset[str] = frozenset()

    @cached_property
    def ways(self) -> set[tuple[str, str]]:
        """Who asked for which address."""
        return {(each.who, each.name) for each in self.answers}


@contextmanager
def told(
    who: Sequence[Who], *, exchanged: bool = False, mirrored: bool = False, with_second: bool = False
) -> Iterator[World]:
    """A world that is gone afterwards."""
    with transaction.atomic():
        yield build(who, exchanged=exchanged, mirrored=mirrored, with_second=with_second)
        transaction.set_rollback(True)


def look_at(world: World, visitors: Sequence[Visitor] = VISITORS) -> Look:
    """Everything that the blinded, or some of them, can see of a world."""
    crawl = Crawl(world, tuple(visitors))
    with undone():
        crawl.run()
    with logged() as log:
        post = world.post + next_letters()
    return Look(
        extras.arms(world.company),
        post,
        crawl.answers,
        crawl.opened,
        world.log + log,
        states=dict(world.trial.participants.values_list("number", "state")),
        strata=extras.strata(world.company),
        concealed_from=frozenset(extras.concealed_from(world.trial)),
        forms_of_the_factor=frozenset(extras.forms_of_the_factor(world.trial)),
    )


def look_with(leak: Leak, world: World, other: Look | None = None) -> Look:
    """What one visitor sees at some addresses while a leak is planted; up to the first difference from the other."""
    with undone(), leak.plant():
        if leak.visitor == "post":
            with logged() as log:
                post = next_letters()
            found = Look({}, post, log=log)
            found.differs = "the letters" if other and (other.post, other.log) != (post, log) else ""
            return found
        visitors = tuple(each for each in EVERYBODY if each.name == leak.visitor)
        crawl = Crawl(world, visitors, leak.addresses, against=other.answers if other else None)
        crawl.run()
    return Look({}, [], crawl.answers, crawl.opened, differs=str(crawl.differs or ""))


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
