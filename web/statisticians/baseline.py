"""Scores from before randomization, as the test for selection bias can use them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from outcomes.audiences import may_read
from outcomes.models import Response
from trials.models import Trial
from trials.protocol import Protocol
from web.instrument_forms.score_words import score_name
from web.shared.record_words import instrument_name

COUNTS = {"n_answered", "n_required", "n_trials", "n_angles", "raw", "se"}
"""Numbers beside a score that say nothing of prognosis."""


@dataclass
class Baseline:
    """One score, {participant: value}; ``code`` such as ``odi.score_pct`` names it in the form."""

    code: str
    name: str
    values: dict[UUID, float] = field(default_factory=dict)


def baselines(
    trial: Trial, protocol: Protocol, randomized: Mapping[UUID, datetime], audience: Collection[str]
) -> list[Baseline]:
    """The scores of forms that randomization waits for, and of others at those visits, by instrument.

    Only what was submitted before the person was randomized, and may be read by all of these roles. ``randomized``:
    {participant: when}.
    """
    visits = {form.visit for form in protocol.randomization.before.forms} if protocol.randomization else set()
    held = Response.objects.filter(
        trial=trial, participant__in=list(randomized), form__visit__code__in=visits, form__visit__number=1
    )
    found: dict[str, Baseline] = {}
    for each in held.select_related("form__visit").order_by("instrument", "submitted_at"):
        if each.submitted_at > randomized[each.participant_id] or not may_read(each.form, audience, protocol):
            continue
        for path, value in _numbers(each.scores):
            code = ".".join((each.instrument, *path))
            known = found.setdefault(code, Baseline(code, _name(each.instrument, path)))
            known.values[each.participant_id] = value
    # A score that is the same for all tells nothing.
    return [each for each in found.values() if len(set(each.values.values())) > 1]


def _numbers(scores: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], float]]:
    for name, value in scores.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, (*above, name))
        elif isinstance(value, int | float) and name not in COUNTS:
            yield (*above, name), float(value)


def _name(instrument: str, path: tuple[str, ...]) -> str:
    # A T-score is called by its domain: the last part of its path is only "t".
    names = [score_name(part) for part in path if part != "t"]
    return f"{instrument_name(instrument)}: {', '.join(names)}"
