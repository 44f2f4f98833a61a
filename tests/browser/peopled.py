"""A small trial with people in every state, by the real verbs."""

from typing import Any

from trials.models import Trial


def build(trial: Trial) -> dict[str, Any]:
    return {}
