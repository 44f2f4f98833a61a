"""Whether one answer fits its question: kind, range, options."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from math import isfinite
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.problems import Problem, Sentence

from .criteria import Age, Choice, DateAsked, NumberAsked, Profile, Question, Score, YesNo


def problem_of(name: str, question: Question, answer: Any, today: date | None) -> list[Problem]:
    """The problems of one given answer (None excluded); [] when it fits."""
    check = _CHECKS[type(question)]
    return list(check(name, question, answer, today))


def _problem(name: str, code: str, sentence: Sentence, **params: Any) -> Problem:
    return Problem(f"eligibility.{code}", sentence, field=name, params=params)


def _yes_no(name: str, question: YesNo, answer: Any, today: date | None) -> Iterator[Problem]:
    if not isinstance(answer, bool):
        yield _problem(name, "kind", _("Answer yes or no."))


def _number(name: str, question: NumberAsked, answer: Any, today: date | None) -> Iterator[Problem]:
    if not _is_number(answer):
        yield _problem(name, "kind", _("Enter a number in %(unit)s."), unit=question.unit)
    elif question.whole and answer != int(answer):
        yield _problem(name, "whole", _("Enter a whole number of %(unit)s."), unit=question.unit)
    elif not question.min <= answer <= question.max:
        yield _problem(
            name,
            "range",
            _("Enter a number from %(low)s to %(high)s %(unit)s."),
            low=question.min,
            high=question.max,
            unit=question.unit,
        )


def _age(name: str, question: Age, answer: Any, today: date | None) -> Iterator[Problem]:
    if not _is_number(answer) or answer != int(answer) or not question.min <= answer <= question.max:
        yield _problem(
            name,
            "range",
            _("Enter the age in whole years, from %(low)s to %(high)s."),
            low=question.min,
            high=question.max,
        )


def _date(name: str, question: DateAsked, answer: Any, today: date | None) -> Iterator[Problem]:
    try:
        day = answer if isinstance(answer, date) else date.fromisoformat(answer)
    except (TypeError, ValueError):
        yield _problem(name, "kind", _("Enter a date, for example 3 May 2026."))
        return
    if today is not None and day > today and not question.future:
        yield _problem(name, "future", _("This date is in the future. Enter the day it happened."))


def _choice(name: str, question: Choice, answer: Any, today: date | None) -> Iterator[Problem]:
    codes = [option.code for option in question.options]
    if answer not in codes:
        yield _problem(name, "option", _("Choose one of: %(codes)s."), codes=", ".join(codes))


def _profile(name: str, question: Profile, answer: Any, today: date | None) -> Iterator[Problem]:
    if not isinstance(answer, dict):
        yield _problem(name, "kind", _("Choose a category for each domain."))
        return
    domains = {domain.code for domain in question.domains}
    categories = [category.code for category in question.categories]
    for key, value in answer.items():
        if key == "rated_by":
            continue
        if key not in domains:
            yield _problem(name, "domain", _('There is no domain "%(key)s". Leave it out.'), key=str(key)[:80])
        elif value is not None and value not in categories:
            yield _problem(f"{name}.{key}", "option", _("Choose one of: %(codes)s."), codes=", ".join(categories))
    rater = answer.get("rated_by")
    if not (isinstance(rater, str) and rater.strip()):
        yield _problem(f"{name}.rated_by", "rater", _("Enter the name of the clinician who rated this."))


def _score(name: str, question: Score, answer: Any, today: date | None) -> Iterator[Problem]:
    if not _is_number(answer):
        yield _problem(name, "kind", _("This score is computed from the form and cannot be typed."))


def _is_number(answer: Any) -> bool:
    return isinstance(answer, int | float) and not isinstance(answer, bool) and isfinite(answer)


_CHECKS: dict[type, Callable[[str, Any, Any, date | None], Iterator[Problem]]] = {
    YesNo: _yes_no,
    NumberAsked: _number,
    Age: _age,
    DateAsked: _date,
    Choice: _choice,
    Profile: _profile,
    Score: _score,
}
