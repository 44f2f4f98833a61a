"""What reports count: who was randomized, their values at the baseline, and the states of their forms.

Values are by participant; which group a participant is in, these reads neither know nor ask.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from outcomes.audiences import may_read
from outcomes.models import Form, Response, Visit
from outcomes.schedule import secrecy_of
from participants.models import Consent, Milestone
from trials.models import Site
from trials.protocol import Protocol

OUTCOMES = ("primary", "secondary", "moderator")
"""The outcomes that are reported at the baseline, by their part in the trial."""
SEX = ("sociodemographic", "sex")
COUNTS = re.compile(r"(^|_)n_")
"""Scores that only count: questions answered, trials made."""
Values = Mapping[UUID, Any]
States = Mapping[tuple[str, str], Mapping[UUID, list[str]]]
"""{(visit, form): {participant: states}}; a recurring visit has several."""


def randomized_at(sites: Sequence[Site]) -> list[UUID]:
    """Everybody randomized at some sites, whatever became of them, by study number."""
    held = Milestone.objects.filter(kind=Milestone.Kind.RANDOMIZED, participant__site__in=[site.pk for site in sites])
    return list(held.exclude(day=None).order_by("participant__number", "pk").values_list("participant_id", flat=True))


def ages(keys: Collection[UUID]) -> Values:
    """Years on the day of the newest consent."""
    rows = Consent.objects.filter(participant__in=list(keys)).order_by("signed_at", "recorded_at", "-pk")
    return {key: age for key, age in rows.values_list("participant_id", "age") if age is not None}


def sexes(keys: Collection[UUID]) -> Values:
    """The code of the first answer."""
    form, item = SEX
    rows = Response.objects.filter(participant__in=list(keys), instrument=form).order_by("-submitted_at", "-pk")
    return {key: answers.get(item) for key, answers in rows.values_list("participant_id", "answers")}


def baseline_scores(
    keys: Collection[UUID], protocol: Protocol, audience: Collection[str]
) -> Iterator[tuple[str, str, Values]]:
    """(form, score, values) of each numeric score at the baseline that the reader may read, in the protocol's order."""
    for visit, instrument in _baseline_forms(protocol, audience):
        rows = Response.objects.filter(participant__in=list(keys), instrument=instrument, form__visit__code=visit)
        found: defaultdict[str, dict[UUID, float]] = defaultdict(dict)
        for key, scores in rows.order_by("-submitted_at", "-pk").values_list("participant_id", "scores"):
            for name, value in _numbers(scores or {}):
                found[name][key] = value
        wanted = {each.score for each in protocol.outcomes if each.instrument == instrument}
        for name, values in found.items():
            if wanted == {None} or name in wanted:
                yield instrument, name, values


def states_of(keys: Collection[UUID], today: date) -> States:
    """The states of the forms that have opened."""
    found: defaultdict[tuple[str, str], defaultdict[UUID, list[str]]] = defaultdict(lambda: defaultdict(list))
    forms = Form.objects.filter(participant__in=list(keys), opens_on__lte=today)
    own = ("participant_id", "visit__code", "instrument", "state")
    for key, visit, instrument, state in forms.values_list(*own).iterator():
        found[visit, instrument][key].append(state)
    return found


def counted(states: Mapping[UUID, list[str]], keys: Collection[UUID]) -> Counter[str]:
    """The states of the forms of some participants."""
    return Counter(state for key in keys for state in states.get(key, ()))


def _baseline_forms(protocol: Protocol, audience: Collection[str]) -> Iterator[tuple[str, str]]:
    """(visit, form) of what is asked at the visits that must be complete before randomization."""
    before = {form.visit for form in protocol.randomization.before.forms} if protocol.randomization else set()
    reported = {each.instrument for each in protocol.outcomes if each.role in OUTCOMES}
    for visit in protocol.visits:
        for plan in visit.forms if visit.code in before else ():
            secrecy = secrecy_of(protocol, plan).value
            form = Form(
                instrument=plan.instrument, filled_by=plan.filled_by, visit=Visit(code=visit.code), secrecy=secrecy
            )
            if plan.instrument in reported and not plan.breaks_blind and may_read(form, audience, protocol):
                yield visit.code, plan.instrument


def _numbers(scores: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Scores that are numbers, those inside scores too; a T-score by its value. No counts of answers."""
    for name, value in scores.items():
        if isinstance(value, Mapping):
            yield from [(name, value["t"])] if value.get("t") is not None else _numbers(value)
        elif isinstance(value, int | float) and not isinstance(value, bool) and not COUNTS.search(name):
            yield name, value
