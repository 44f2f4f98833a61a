"""What a protocol must know of the instruments it names: that they exist, who fills them, their scores."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from instruments import catalogue
from instruments.problems import FileRefused, UnknownInstrument

# Whom a definition's filler allows a visit to name. Imported results may also be typed from a report.
FILLERS: dict[str, tuple[str, ...]] = {
    "participant": ("participant",),
    "assessor": ("assessor",),
    "interviewer": ("interviewer",),
    "staff": ("coordinator", "therapist", "assessor"),
    "imported": ("imported", "assessor", "coordinator"),
}

MOST_VALUES = 10_000


class Unknown(Exception):
    """A source whose values cannot be told; the message says why, without a full stop."""


def known_instruments() -> frozenset[str]:
    return frozenset(catalogue.all_codes())


def fillers(instrument: str) -> tuple[str, ...]:
    """Roles that may fill the form; () when its definition cannot be read."""
    try:
        return FILLERS[catalogue.load(instrument).filler]
    except (UnknownInstrument, FileRefused):
        return ()


def languages_of(instrument: str) -> tuple[str, ...]:
    """Languages the definition has texts in; () when it cannot be read."""
    try:
        return tuple(catalogue.load(instrument).languages)
    except (UnknownInstrument, FileRefused):
        return ()


def scores_of(instrument: str) -> tuple[str, ...] | None:
    """The names of its scores; () when it has none, None when its definition cannot be read."""
    from instruments.scoring import RULES

    try:
        rule = catalogue.load(instrument).scoring
    except (UnknownInstrument, FileRefused):
        return None
    return RULES[rule].scores if rule else ()


def attainable_scores(instrument: str, score: str) -> Sequence[int | float | str]:
    """Every value the score can take, in order. Raises Unknown."""
    from instruments.attainable import attainable

    try:
        values = attainable(instrument, score).values
    except UnknownInstrument:
        raise Unknown(
            _('the form "%(form)s" has no score "%(score)s"') % {"form": instrument, "score": score}
        ) from None
    if not values or len(values) > MOST_VALUES:
        raise Unknown(
            _('the score "%(score)s" of the form "%(form)s" has no countable values')
            % {"form": instrument, "score": score}
        )
    return tuple(values)


def item_values(instrument: str, field: str) -> Sequence[int | str]:
    """Every code an item can be answered with. Raises Unknown."""
    try:
        item = catalogue.load(instrument).item(field)
    except (UnknownInstrument, FileRefused, KeyError):
        raise Unknown(_('the form "%(form)s" has no item "%(item)s"') % {"form": instrument, "item": field}) from None
    if item.options and item.kind != "multiple":
        return tuple(item.option_codes())
    low, high = item.minimum, item.maximum
    whole = isinstance(low, int) and isinstance(high, int) and item.kind in ("scale", "integer")
    if whole and high - low <= MOST_VALUES:  # type: ignore[operator]
        return tuple(range(low, high + 1))  # type: ignore[arg-type,operator]
    raise Unknown(
        _('the item "%(item)s" of the form "%(form)s" has no countable values') % {"form": instrument, "item": field}
    )
