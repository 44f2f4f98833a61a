"""What is said of an event in the tests: a mild strain that is over, changed where a test says so."""

from typing import Any

from safety.facts import STATUS_FIELDS, Facts, Status

STATUS: dict[str, Any] = {
    "severity": "mild",
    "serious": False,
    "criteria": (),
    "action": "none",
    "outcome": "resolved",
    "ended": "2026-03-02",
}
SERIOUS: dict[str, Any] = {"serious": True, "criteria": ("hospital",), "outcome": "ongoing", "ended": ""}
DANGER: dict[str, Any] = {**SERIOUS, "criteria": ("life_threatening",)}


def status(**changes: Any) -> Status:
    return Status(**{**STATUS, **changes})


def facts(**changes: Any) -> Facts:
    own = {name: changes.pop(name) for name in STATUS_FIELDS if name in changes}
    return Facts(**{"term": "strain", "onset": "2026-03-02", "found": "told", "status": status(**own), **changes})
