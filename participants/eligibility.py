"""What the answers say: outcome and reasons, computed here and never taken from the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.problems import Invalid, Problem
from participants.codes import DeclineReason
from trials.protocol import Protocol
from trials.protocol.criteria import Age, Score
from trials.protocol.eligibility import Assessment, age_on, assess, criteria_at, is_met, validate_answers
from trials.protocol.eligibility import flatten as flatten_answers


@dataclass(frozen=True)
class Verdict:
    """An outcome, the codes of the criteria that exclude, and the answers as they are stored."""

    outcome: str
    reasons: tuple[str, ...]
    answers: Mapping[str, Any]
    declined_reason: str = ""


def verdict_at_screening(
    protocol: Protocol,
    answers: Mapping[str, Any],
    group: str | None,
    day: date,
    details: Mapping[str, Any],
    declined_reason: str = "",
) -> Verdict:
    """Eligible, ineligible with reasons, or declined with a coded reason. Undecided raises Invalid."""
    stage = protocol.eligibility.stages[0].code
    _check(protocol, stage, answers, group, day)
    stored = storable(answers)
    if declined_reason:
        if declined_reason not in DeclineReason.values:
            raise Problem("screening.declined", _("Choose a reason from the list."), field="declined_reason")
        return Verdict("declined", (), stored, declined_reason)
    _check_age_fits(protocol, answers, details.get("date_of_birth"), day)
    assessment = assess(protocol, stage, answers, group, day)
    _check_decided(protocol, stage, assessment, answers, group)
    return Verdict(assessment.outcome, assessment.reasons, stored)


def decide_stage(
    protocol: Protocol,
    stage: str,
    answers: Mapping[str, Any],
    earlier: Mapping[str, Any],
    group: str,
    day: date,
    scores: Mapping[str, Any],
) -> Verdict:
    """The verdict of a later stage. Rules may read earlier answers, but what is asked again counts as asked anew."""
    of_group = group or None
    _check(protocol, stage, answers, of_group, day)
    asked = {name for criterion in criteria_at(protocol, stage, of_group) for name, _q in criterion.questions}
    given = {**answers, **{name: value for name, value in scores.items() if name in asked}}
    known = {name: value for name, value in earlier.items() if name not in asked}
    assessment = assess(protocol, stage, {**known, **given}, of_group, day)
    _check_decided(protocol, stage, assessment, given, of_group)
    return Verdict(assessment.outcome, assessment.reasons, storable(given))


def preview(protocol: Protocol, stage: str, answers: Mapping[str, Any], group: str, day: date) -> Assessment:
    """What the answers say so far, for a page that tells as people type. Raises Invalid on answers that do not fit."""
    _check(protocol, stage, answers, group or None, day)
    return assess(protocol, stage, answers, group or None, day)


def check_age_on_consent(
    protocol: Protocol, answers: Mapping[str, Any], born: date | None, day: date, group: str
) -> int | None:
    """The age on the day of consent, from the birth date. Raises Problem if a criterion on age fails on that day."""
    if born is None:
        return None
    age = age_on(born, day)
    counted = {n for n, q in protocol.questions_asked.items() if isinstance(q, Age) and q.counts_on == "consent"}
    values = flatten_answers(protocol, {**answers, **dict.fromkeys(counted, age)}, day)
    for criterion in protocol.eligibility.criteria:
        if not criterion.is_for(group or None) or not counted & {name for name, _q in criterion.questions}:
            continue
        failing = criterion.kind == "exclusion"
        if is_met(criterion, values) is failing:
            raise Problem(
                "consent.age",
                _(
                    "By the date of birth the participant is %(age)s on the day of consent, which the protocol does "
                    "not admit. Check both dates, or screen again."
                ),
                field="signed_at",
                params={"age": age},
            )
    return age


def storable(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as they are stored: dates as text, unanswered ones left out."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in answers.items()
        if value is not None
    }


def _check(protocol: Protocol, stage: str, answers: Mapping[str, Any], group: str | None, day: date) -> None:
    problems = validate_answers(protocol, stage, answers, group, day)
    typed = [name for name in answers if isinstance(protocol.questions_asked.get(name), Score)]
    problems += [
        Problem("eligibility.score", _("This score is read from the form and cannot be typed."), field=name)
        for name in typed
    ]
    if problems:
        raise Invalid(problems)


def _check_age_fits(protocol: Protocol, answers: Mapping[str, Any], born: date | None, day: date) -> None:
    if born is None:
        return
    age = age_on(born, day)
    for name, question in protocol.questions_asked.items():
        # Age may count on a later day than today, so a birthday in between is allowed for.
        if isinstance(question, Age) and answers.get(name) not in (None, age, age + 1):
            raise Problem(
                "screening.age",
                _("The date of birth makes this person %(age)s today, but the age entered is %(entered)s. Check both."),
                field=name,
                params={"age": age, "entered": answers[name]},
            )


def _check_decided(
    protocol: Protocol, stage: str, assessment: Assessment, answers: Mapping[str, Any], group: str | None
) -> None:
    if assessment.outcome == "undecided":
        raise Invalid(list(_missing(protocol, stage, assessment.unanswered, answers, group)))


def _missing(
    protocol: Protocol, stage: str, criteria: Sequence[str], answers: Mapping[str, Any], group: str | None
) -> list[Problem]:
    sentence = _("Answer this question: eligibility cannot be decided without it.")
    problems: list[Problem] = []
    for criterion in criteria_at(protocol, stage, group):
        if criterion.code not in criteria:
            continue
        open_ones = [name for name, _q in criterion.questions if answers.get(name) is None]
        problems += [Problem("eligibility.unanswered", sentence, field=name) for name in open_ones or [criterion.code]]
    return problems
