"""Believable answers: what somebody with this much trouble would tick, and what a device would show."""

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from instruments.definition import CODED, Definition, Item

_BETTER_IS_HIGHER = ("PFA", "SRPPER")


@dataclass
class Body:
    """How somebody is: ``trouble`` from 0 (none) to 1 (most), ``strength`` around 1, and their own chance."""

    trouble: float
    strength: float
    instability: float
    chance: random.Random


def answer(definition: Definition, body: Body, day: date) -> dict[str, Any]:
    """Answers to every item that is shown, in the order of the form."""
    if definition.code == "sleep_diary":
        return _night(body)
    answers: dict[str, Any] = {}
    for item in definition.items:
        if item.show_if is None or item.show_if.holds(answers.get(item.show_if.item)):
            answers[item.code] = _value(definition, item, body, day)
    return answers


def _value(definition: Definition, item: Item, body: Body, day: date) -> Any:
    if definition.code == "lsiq":
        return int(body.chance.random() < body.instability)
    if item.kind == "date":
        return day.isoformat()
    if item.kind == "text":
        return "AX3-17482" if "serial" in item.code else "Version 2"
    if item.kind == "time":
        return "22:30"
    if item.kind in CODED:
        return _coded(definition, item, body)
    return _number(definition, item, body)


def _coded(definition: Definition, item: Item, body: Body) -> Any:
    codes = [option.code for option in item.options if not option.exclusive] or [0, 1]
    if item.kind == "multiple":
        return [codes[0]]
    if item.kind == "yes_no":
        return int(item.code.endswith(("done", "recorded", "transcribed", "removed")) or item.code == "done")
    if definition.code in ("odi", "promis29", "sf12v1"):
        level = min(max(body.trouble + body.chance.gauss(0, 0.12), 0), 1)
        if item.code.startswith(_BETTER_IS_HIGHER) or definition.code == "sf12v1":
            level = 1 - level
        return codes[round(level * (len(codes) - 1))]
    return codes[0] if item.code in ("unit", "wrist") else body.chance.choice(codes[:3])


def _number(definition: Definition, item: Item, body: Body) -> float | int:
    if item.kind in ("scale", "vas"):
        good = item.code.startswith(("sri_sat", "confidence", "expected"))
        level = 1 - body.trouble if good else body.trouble
        low, high = item.minimum or 0, item.maximum or 10
        return round(min(max(low + (high - low) * (level + body.chance.gauss(0, 0.08)), low), high))
    if definition.code == "ipaq_sf":
        return _activity(item, body)
    low = item.plausible_minimum if item.plausible_minimum is not None else item.minimum or 0
    high = item.plausible_maximum if item.plausible_maximum is not None else item.maximum or 10
    place = min(max(0.4 * body.strength + body.chance.gauss(0, 0.03), 0.05), 0.95)
    value = low + (high - low) * place
    return round(value, item.decimals) if item.kind == "decimal" else round(value)


def _activity(item: Item, body: Body) -> int:
    if item.code.endswith("_days"):
        return body.chance.choice([2, 3, 4, 5])
    if item.code.endswith("_hours"):
        return 6 if item.code.startswith("sit") else 0
    return body.chance.choice([20, 30, 45])


def _night(body: Body) -> dict[str, Any]:
    awake = body.chance.randint(0, 3)
    late = body.chance.choice(["22:15", "22:40", "23:05", "23:30"])
    times: dict[str, Any] = {
        "into_bed": late,
        "try_sleep": f"{late[:3]}{int(late[3:]) + 10:02d}",
        "sol_min": round(10 + 40 * body.trouble * body.chance.random()),
        "n_awakenings": awake,
        "waso_min": awake * round(4 + 12 * body.trouble),
        "final_awakening": body.chance.choice(["06:20", "06:45", "07:05"]),
        "tasafa_min": body.chance.choice([0, 5, 10]),
        "out_of_bed": "07:20",
        "quality": max(1, min(5, round(5 - 4 * body.trouble + body.chance.gauss(0, 0.5)))),
    }
    if not awake:
        del times["waso_min"]
    return times
