"""Both worlds, one after the other in the same database, each looked through and then undone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from tests.rules.swap import extras
from tests.rules.swap.answers import Answer
from tests.rules.swap.crawler import Asked, Crawl
from tests.rules.swap.leaks import Leak
from tests.rules.swap.post import next_letters
from tests.rules.swap.visitors import VISITORS
from tests.rules.swap.worlds import Who, World, build


@dataclass
class Look:
    """What was seen of one world."""

    arms: dict[str, tuple[str, int]]
    post: list[tuple[Any, ...]]
    answers: dict[Asked, Answer] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)


@contextmanager
def told(who: Sequence[Who], *, exchanged: bool, with_second: bool) -> Iterator[World]:
    """A world that is gone afterwards."""
    with transaction.atomic():
        yield build(who, exchanged=exchanged, with_second=with_second)
        transaction.set_rollback(True)


def look_at(world: World) -> Look:
    """Everything that the blinded can see of a world."""
    crawl = Crawl(world)
    with undone():
        crawl.run()
    return Look(extras.arms(world.company), world.post + next_letters(), crawl.answers, crawl.opened)


def look_with(leak: Leak, world: World) -> Look:
    """What one visitor sees at some addresses while a leak is planted."""
    with undone(), leak.plant():
        if leak.visitor == "post":
            return Look({}, next_letters())
        crawl = Crawl(world, tuple(each for each in VISITORS if each.name == leak.visitor), leak.addresses)
        crawl.run()
    return Look({}, [], crawl.answers, crawl.opened)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
