"""The columns of an item: its value (or one column an option), and why there is none."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from exports.tables import Column, Kind, Label
from instruments.answers import MISSING_LABELS
from instruments.definition import CODED, Definition, Item

_KINDS = {
    "choice": Kind.CODE,
    "multiple": Kind.CODES,
    "yes_no": Kind.CODE,
    "scale": Kind.INTEGER,
    "vas": Kind.INTEGER,
    "integer": Kind.INTEGER,
    "decimal": Kind.DECIMAL,
    "date": Kind.DATE,
    "partial_date": Kind.TEXT,
    "time": Kind.TIME,
    "text": Kind.TEXT,
}
NOT_SHOWN = "not_shown"
UNANSWERED = "unanswered"
MISSING_CODES: tuple[tuple[str, Label], ...] = (
    *((str(code), label) for code, label in MISSING_LABELS.items()),
    (NOT_SHOWN, _("Not asked after the earlier answers")),
    (UNANSWERED, _("Left empty")),
)


def item_columns(definition: Definition, item: Item) -> Iterator[Column]:
    """The value's column, or for an item with several answers a 0/1 column an option; then ``<item>_missing``."""
    if item.kind == "file":
        kept = partial(_kept, code=item.code)
        yield Column(item.code, Kind.YES_NO, item.text, kept, "outcomes.Response.answers", version=definition.version)
    elif item.kind == "multiple":
        yield from _option_columns(definition, item)
    else:
        yield Column(
            item.code,
            _KINDS[item.kind],
            item.text,
            partial(_value, code=item.code),
            "outcomes.Response.answers",
            unit=item.unit or "",
            codes=tuple((str(option.code), option.text) for option in item.options) if item.kind in CODED else (),
            low=item.minimum,
            high=item.maximum,
            version=definition.version,
            shared=item.kind != "text",
        )
    yield Column(
        f"{item.code}_missing",
        Kind.CODE,
        _("Why the item before has no value"),
        partial(why_missing, definition=definition, item=item),
        "outcomes.Response.missing",
        codes=MISSING_CODES,
        version=definition.version,
        shared=item.kind != "text",
    )


def _option_columns(definition: Definition, item: Item) -> Iterator[Column]:
    for option in item.options:
        text = {language: f"{words}: {option.text.get(language, '')}" for language, words in item.text.items()}
        yield Column(
            f"{item.code}___{option.code}",
            Kind.YES_NO,
            text,
            partial(_chosen, code=item.code, option=option.code),
            "outcomes.Response.answers",
            version=definition.version,
        )


def _value(row: Any, *, code: str) -> Any:
    return row.answers.get(code)


def _kept(row: Any, *, code: str) -> bool:
    """Whether a file is kept; the file itself leaves by no export."""
    return code in row.answers


def _chosen(row: Any, *, code: str, option: Any) -> bool | None:
    chosen = row.answers.get(code)
    return None if chosen is None else option in chosen


def why_missing(row: Any, *, definition: Definition, item: Item) -> str | None:
    """Why an item has no value; None when it has one."""
    if item.code in row.answers:
        return None
    if item.code in row.missing:
        return str(row.missing[item.code])
    if item.show_if and not item.show_if.holds(row.answers.get(item.show_if.item)):
        return NOT_SHOWN
    return UNANSWERED
