"""Many lives under one clock: each yields the moment it wants to go on, and all go on in order of time."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import count

from core import clock

Life = Iterator[datetime]


def live(lives: Iterable[Life], *, until: datetime, tell: Callable[[datetime], None]) -> None:
    """Run the lives up to a moment; ``tell`` is called as time goes on. What a life wanted later does not happen."""
    order = count()
    waiting = [(moment, next(order), life) for life in lives if (moment := next(life, None)) is not None]
    heapq.heapify(waiting)
    while waiting and waiting[0][0] <= until:
        moment, _place, life = heapq.heappop(waiting)
        tell(moment)
        with clock.moved_to(moment):
            following = next(life, None)
        if following is not None:
            heapq.heappush(waiting, (max(following, moment), next(order), life))
