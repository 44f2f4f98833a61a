"""Decides eligibility from answers: pure, three-valued, the same on the page and on the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from core.problems import Problem

from . import rules
from .answers import problem_of
from .criteria import Criterion, DateAsked, Profile, Question
from .schema import Protocol

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Assessment:
    """The outcome and why: codes of criteria that exclude, and of those not yet answered."""

    outcome: Literal["eligible", "ineligible", "undecided"]
    reasons: tuple[str, ...]
    unanswered: tuple[str, ...]


def criteria_at(protocol: Protocol, stage: str, group: str | None = None) -> tuple[Criterion, ...]:
    """The criteria decided or reconfirmed at `stage`, in the document's order."""
    return tuple(
        criterion
        for criterion in protocol.eligibility.criteria
        if criterion.is_asked_at(stage) and criterion.is_for(group)
    )


def assess(
    protocol: Protocol,
    stage: str,
    answers: Answers,
    group: str | None = None,
    on: date | None = None,
) -> Assessment:
    """Decide every criterion of `stage`.

    `answers` maps question names to typed answers (see trials.protocol.criteria); absent or None is
    unanswered. `on` is the day that dates are counted back from. One criterion that fails makes the
    outcome ineligible even while others are unanswered. Raises RuleError for an answer of a wrong kind.
    """
    values = flatten(protocol, answers, on)
    reasons, unanswered = [], []
    for criterion in criteria_at(protocol, stage, group):
        met = is_met(criterion, values)
        if met is None:
            unanswered.append(criterion.code)
        elif met != (criterion.kind == "inclusion"):
            reasons.append(criterion.code)
    outcome: Literal["eligible", "ineligible", "undecided"] = "eligible"
    if reasons:
        outcome = "ineligible"
    elif unanswered:
        outcome = "undecided"
    return Assessment(outcome, tuple(reasons), tuple(unanswered))


def is_met(criterion: Criterion, values: Mapping[str, Any]) -> bool | None:
    """Whether the criterion's rule holds over flattened values; None while undecided."""
    return rules.evaluate(rules.parse(criterion.rule), with_own_answer(criterion, values))


def with_own_answer(criterion: Criterion, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values in which `answer` (and `answer.part`) stand for the criterion's own question."""
    own = {}
    for name, value in values.items():
        if name == criterion.code or name.startswith(f"{criterion.code}."):
            own["answer" + name[len(criterion.code) :]] = value
    return {**values, **own}


def flatten(protocol: Protocol, answers: Answers, on: date | None = None) -> dict[str, Any]:
    """Answers by the dotted names that rules read."""
    values: dict[str, Any] = {}
    for name, question in protocol.questions_asked.items():
        answer = answers.get(name)
        if answer is None:
            continue
        if isinstance(question, Profile):
            values.update({f"{name}.{d.code}": answer.get(d.code) for d in question.domains})
        elif isinstance(question, DateAsked):
            values.update(_elapsed(name, answer, on))
        else:
            values[name] = answer
    return values


def _elapsed(name: str, answer: date | str, on: date | None) -> dict[str, int]:
    if on is None:
        return {}
    day = date.fromisoformat(answer) if isinstance(answer, str) else answer
    months = (on.year - day.year) * 12 + on.month - day.month - (on.day < day.day)
    return {
        f"{name}.days_ago": (on - day).days,
        f"{name}.months_ago": months,
        f"{name}.years_ago": months // 12,
    }


def age_on(born: date, day: date) -> int:
    """Age in whole years on `day`; someone born on 29 February turns a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def validate_answers(
    protocol: Protocol,
    stage: str,
    answers: Answers,
    group: str | None = None,
    today: date | None = None,
) -> list[Problem]:
    """What is wrong with the given answers, one Problem each, `field` naming the question.

    Parts of a profile are named `question.domain` and `question.rated_by`. Absent and None answers
    are no problem: unanswered is a state.
    """
    asked: dict[str, Question] = {}
    for criterion in criteria_at(protocol, stage, group):
        asked.update(criterion.questions)
    problems: list[Problem] = []
    for name, answer in answers.items():
        if name not in asked:
            problems.append(_unknown(protocol, name))
        elif answer is not None:
            problems.extend(problem_of(name, asked[name], answer, today))
    return problems


def _unknown(protocol: Protocol, name: str) -> Problem:
    if name in protocol.questions_asked:
        sentence = _('The question "%(name)s" is not asked at this stage. Leave it out.')
    else:
        sentence = _('The protocol asks no question "%(name)s". Leave it out.')
    return Problem("eligibility.unknown", sentence, field=str(name)[:80], params={"name": str(name)[:80]})
