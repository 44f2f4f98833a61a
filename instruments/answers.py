"""Checks answers against a definition, and reads what was typed into a form.

Values are plain JSON: int, float, str ("2026-05-03" for a date, "2026" or "2026-05" for one known in part,
"22:30" for a time) or a list of option codes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.problems import Problem
from instruments.definition import NUMERIC, Definition, Item


class Missing(StrEnum):
    """Why an item holds no answer."""

    SKIPPED = "skipped"
    PREFERS_NOT_TO_SAY = "prefers_not_to_say"
    DOES_NOT_KNOW = "does_not_know"
    NOT_APPLICABLE = "not_applicable"
    NOT_DONE = "not_done"
    NOT_PRESENTED = "not_presented"
    TECHNICAL = "technical"

    @property
    def label(self) -> str:
        return str(MISSING_LABELS[self])


MISSING_LABELS = {
    Missing.SKIPPED: _("Skipped"),
    Missing.PREFERS_NOT_TO_SAY: _("Prefers not to say"),
    Missing.DOES_NOT_KNOW: _("Does not know"),
    Missing.NOT_APPLICABLE: _("Not applicable"),
    Missing.NOT_DONE: _("Not done"),
    Missing.NOT_PRESENTED: _("Not presented"),
    Missing.TECHNICAL: _("Technical failure"),
}


@dataclass(frozen=True)
class Checked:
    """The result of a check. `problems` forbid saving; `warnings` ask to confirm or correct.

    Each is a Problem whose `field` is the item code.
    """

    values: dict[str, Any] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return not self.problems and not self.warnings


def check(
    definition: Definition,
    answers: Mapping[str, Any],
    missing: Mapping[str, str] | None = None,
    *,
    confirmed: Collection[str] = (),
    whole: bool = True,
) -> Checked:
    """Return what may be stored and everything that is wrong, all at once.

    `missing` gives a reason for each item without an answer; `confirmed` names the items whose
    unlikely value was confirmed; with `whole=False` (a draft) items may still be unanswered.
    """
    given = {code: value for code, value in answers.items() if value is not None}
    reasons = dict(missing or {})
    checked = Checked()
    for code in {**given, **reasons}:
        if code not in definition.item_codes():
            checked.problems.append(Problem("answers.unknown_item", UNKNOWN, field=str(code)[:40]))
    for item in definition.items:
        shown = item.show_if is None or item.show_if.holds(checked.values.get(item.show_if.item))
        if not shown:
            if item.code in given or item.code in reasons:
                checked.problems.append(Problem("answers.hidden", HIDDEN, field=item.code))
        elif item.code in given:
            keep_value(checked, item, given[item.code], item.code in confirmed)
            if item.code in reasons:
                checked.problems.append(Problem("answers.both", BOTH, field=item.code))
        elif item.code in reasons:
            keep_reason(checked, item, reasons[item.code])
        elif whole and not item.optional:
            checked.problems.append(Problem("answers.unanswered", UNANSWERED, field=item.code))
    return checked


def shown_items(definition: Definition, answers: Mapping[str, Any]) -> list[Item]:
    """Return the items that the answers so far leave to be shown, in order."""
    shown: list[Item] = []
    values: dict[str, Any] = {}
    for item in definition.items:
        if item.show_if is None or item.show_if.holds(values.get(item.show_if.item)):
            shown.append(item)
            values[item.code] = answers.get(item.code)
    return shown


UNKNOWN = _("This form has no such question. Reload the page.")
HIDDEN = _("This question does not apply after your earlier answers. Remove its answer.")
BOTH = _("There is both an answer and a reason for none. Keep one of them.")
UNANSWERED = _("Answer this question, or say why it has no answer.")
REASON = _("This reason for no answer is not known. Choose one of the list.")
CHOOSE = _("Choose one of the options.")
CHOOSE_SOME = _("Choose from the options, each once.")
CHOOSE_ALONE = _("This option cannot be combined with others. Choose it alone, or the others.")
WHOLE = _("Enter a whole number, for example 4.")
DECIMAL = _("Enter a number, for example 32.5.")
RANGE = _("Enter a number from %(low)s to %(high)s.")
DECIMALS = _("Enter at most %(decimals)s decimals.")
UNLIKELY = _("This value is unusual: expected is %(low)s to %(high)s. Confirm it or correct it.")
DATE = _("Enter a date that exists, as year-month-day.")
FILE = _("Choose a file on the page of the form.")
PARTIAL_DATE = _("Enter a year, a year and month, or a date, for example 2026, 2026-05 or 2026-05-03.")
TIME = _("Enter a time from 00:00 to 23:59, for example 22:30.")
TEXT = _("Enter text of at most %(longest)s characters.")


def keep_value(checked: Checked, item: Item, value: Any, confirmed: bool) -> None:
    try:
        checked.values[item.code] = checked_value(item, value)
    except Problem as problem:
        checked.problems.append(problem)
        return
    warning = None if confirmed else unlikely(item, checked.values[item.code])
    if warning:
        checked.warnings.append(warning)


def keep_reason(checked: Checked, item: Item, reason: Any) -> None:
    if isinstance(reason, str) and reason in set(Missing):
        checked.missing[item.code] = str(reason)
    else:
        checked.problems.append(Problem("answers.reason", REASON, field=item.code))


def checked_value(item: Item, value: Any) -> Any:
    """Return the value as it is stored; raises Problem when the item cannot hold it."""
    if item.kind in NUMERIC:
        return checked_number(item, value)
    if item.kind == "multiple":
        return checked_choices(item, value)
    if item.kind in {"choice", "yes_no"}:
        known = [code for code in item.option_codes() if same_code(code, value)]
        if not known:
            raise Problem("answers.option", CHOOSE, field=item.code)
        return known[0]
    if item.kind == "date":
        return checked_date(item, value)
    if item.kind == "partial_date":
        return checked_partial_date(item, value)
    if item.kind == "file":
        return checked_key(item, value)
    if item.kind == "time":
        if isinstance(value, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
            return value
        raise Problem("answers.time", TIME, field=item.code)
    return checked_text(item, value)


def same_code(code: int | str, value: Any) -> bool:
    """Return whether both are the same, never taking True for 1 or 1.0 for 1."""
    return type(code) is type(value) and code == value


def checked_number(item: Item, value: Any) -> int | float:
    if item.kind == "decimal":
        if type(value) not in (int, float) or not finite(value):
            raise Problem("answers.number", DECIMAL, field=item.code)
    elif type(value) is not int:
        raise Problem("answers.number", WHOLE, field=item.code)
    low, high = item.minimum, item.maximum
    if low is None or high is None or not low <= value <= high:
        raise Problem("answers.range", RANGE, field=item.code, params=ends(low, high))
    if item.kind == "decimal" and round(value, item.decimals) != value:
        raise Problem("answers.decimals", DECIMALS, field=item.code, params={"decimals": item.decimals})
    return value  # type: ignore[no-any-return]


def finite(value: int | float) -> bool:
    return isinstance(value, int) or math.isfinite(value)


def ends(low: float | None, high: float | None) -> dict[str, str]:
    return {"low": f"{low:g}", "high": f"{high:g}"}


def unlikely(item: Item, value: Any) -> Problem | None:
    """Return the question to confirm or correct, for a value outside the plausible range."""
    if item.kind not in NUMERIC:
        return None
    low = item.minimum if item.plausible_minimum is None else item.plausible_minimum
    high = item.maximum if item.plausible_maximum is None else item.plausible_maximum
    if low is None or high is None or low <= value <= high:
        return None
    return Problem("answers.unlikely", UNLIKELY, field=item.code, params=ends(low, high))


def checked_choices(item: Item, value: Any) -> list[int | str]:
    if not isinstance(value, list) or not value or len(value) > len(item.options):
        raise Problem("answers.options", CHOOSE_SOME, field=item.code)
    chosen = [option for option in item.options if any(same_code(option.code, code) for code in value)]
    if len(chosen) != len(value):
        raise Problem("answers.options", CHOOSE_SOME, field=item.code)
    if len(chosen) > 1 and any(option.exclusive for option in chosen):
        raise Problem("answers.exclusive", CHOOSE_ALONE, field=item.code)
    return [option.code for option in chosen]


def checked_date(item: Item, value: Any) -> str:
    try:
        if isinstance(value, str) and re.fullmatch(r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise Problem("answers.date", DATE, field=item.code)


def checked_partial_date(item: Item, value: Any) -> str:
    """Return a year, a month or a day: what is not known is left out, never made up."""
    if isinstance(value, str):
        if re.fullmatch(r"(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?", value):
            return value
        if re.fullmatch(r"[0-9-]{10}", value):
            return checked_date(item, value)
    raise Problem("answers.date", PARTIAL_DATE, field=item.code)


def checked_key(item: Item, value: Any) -> str:
    """Return the key under which a file is kept; that it is there is checked where files are."""
    if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        return value
    raise Problem("answers.file", FILE, field=item.code)


def checked_text(item: Item, value: Any) -> str:
    problem = Problem("answers.text", TEXT, field=item.code, params={"longest": item.longest})
    if not isinstance(value, str) or len(value) > item.longest or "\x00" in value:
        raise problem
    if not value.strip():
        raise problem
    return value.strip()
