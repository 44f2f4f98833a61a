"""Reads what was typed into a form field: "32,5", "22h30", "10:30 pm", " 7 "."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from core.problems import Problem
from instruments.answers import CHOOSE, CHOOSE_SOME, DECIMAL, TIME, WHOLE, checked_text, checked_value
from instruments.definition import NUMERIC, Item

LONGEST_NUMBER = 20
CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:\s*:\s*(?P<minute>[0-9]{2})|\s*[hH]\s*(?P<past>[0-9]{2})?)"
    r"\s*(?:(?P<half>[aApP])\.?\s*[mM]\.?)?"
)


def parse(item: Item, raw: str | Sequence[str]) -> Any:
    """Return the value of a form field, or None when it was left empty.

    A list is taken for `multiple` items only. Raises Problem when it cannot be the item's answer:
    text too long, not a number, infinite, out of range, an unknown option.
    """
    if item.kind == "multiple":
        codes = [raw] if isinstance(raw, str) else list(raw)
        chosen = [option_code(item, code, CHOOSE_SOME) for code in codes if code.strip()]
        return checked_value(item, chosen) if chosen else None
    if not isinstance(raw, str):
        raise Problem("answers.option", CHOOSE, field=item.code)
    if item.kind == "text":
        return checked_text(item, raw) if raw.strip() else None
    text = raw[: LONGEST_NUMBER + 100].strip()
    if not text and len(raw) <= LONGEST_NUMBER + 100:
        return None
    if item.kind in NUMERIC:
        return checked_value(item, number(item, text))
    if item.kind == "time":
        return checked_value(item, clock(item, text))
    if item.kind in {"date", "partial_date", "file"}:
        return checked_value(item, text)
    return option_code(item, text, CHOOSE)


def option_code(item: Item, raw: str, sentence: Any) -> int | str:
    for code in item.option_codes():
        if str(code) == raw.strip():
            return code
    raise Problem("answers.option", sentence, field=item.code)


def number(item: Item, text: str) -> int | float:
    """Return the number in ASCII digits with a point or a comma; raises Problem."""
    whole = item.kind != "decimal"
    plain = text.replace("\u2212", "-").replace(",", ".")
    pattern = r"[-+]?[0-9]+(\.0*)?" if whole else r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
    if len(plain) > LONGEST_NUMBER or not re.fullmatch(pattern, plain):
        raise Problem("answers.number", WHOLE if whole else DECIMAL, field=item.code)
    return int(plain.split(".")[0]) if whole else float(plain)


def clock(item: Item, text: str) -> str:
    """Return hh:mm for "22:30", "22h30", "7 h" or "10:30 pm"; raises Problem."""
    found = CLOCK.fullmatch(text)
    if not found:
        raise Problem("answers.time", TIME, field=item.code)
    hour, minute = int(found["hour"]), int(found["minute"] or found["past"] or 0)
    half = (found["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise Problem("answers.time", TIME, field=item.code)
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02d}:{minute:02d}"
