"""A trial that was made once is made again by its rows: most tests begin with the same one, and verbs take time."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from accounts.models import User
from audit.models import Change, Entry, Head
from audit.records import writing
from core import ids
from trials.models import Membership, ProtocolVersion, Site, Trial

MADE: tuple[type[Model], ...] = (User, Trial, ProtocolVersion, Site, Membership, Entry, Change, Head)
"""Where making a trial leaves rows, in the order in which they refer to each other."""


@dataclass(frozen=True)
class Remembered:
    """What making a trial left: its key, all rows, and how far the seeded chance had come."""

    trial: Any
    rows: list[list[Model]]
    chance: Any


_remembered: dict[Any, Remembered] = {}


def again(key: Any, make: Callable[[], Trial]) -> Trial:
    """The trial of ``make``: told by the verbs the first time, and wherever the database is not empty."""
    if any(model._default_manager.exists() for model in MADE):
        return make()
    key = (key, _chance())
    if key not in _remembered:
        trial = make()
        rows = [list(model._default_manager.all()) for model in MADE]
        _remembered[key] = Remembered(trial.pk, rows, _chance())
        return trial
    held = _remembered[key]
    with writing():
        for model, rows in zip(MADE, held.rows, strict=True):
            model._default_manager.bulk_create([copy(each) for each in rows])
    if held.chance is not None:
        ids._source.get().setstate(held.chance)  # type: ignore[union-attr]
    return Trial.objects.get(pk=held.trial)


def _chance() -> Any:
    source = ids._source.get()
    return source.getstate() if source else None
