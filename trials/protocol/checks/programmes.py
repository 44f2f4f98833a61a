"""Are programmes complete: every type in the pattern, every dose with its ends in order?"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ..programmes import Exercise, Programme, SessionType, Span
from ..schema import Protocol
from .finding import Finding, problem, twice, unknown, warning

SPANS = ("reps", "seconds", "effort", "rest", "angle", "time_under_load")


def findings(protocol: Protocol) -> Iterator[Finding]:
    yield from twice("programmes", (programme.code for programme in protocol.programmes))
    qualifications = [qualification.code for qualification in protocol.qualifications]
    for programme in protocol.programmes:
        path = f"programmes[{programme.code}]"
        for code in programme.delivered_by:
            if code not in qualifications:
                yield unknown(f"{path}.delivered_by", code, qualifications)
        yield from _pattern(path, programme)
        yield from _bounds(path, programme)
        yield from twice(f"{path}.fidelity", (item.code for item in programme.fidelity))
        yield from _said_and_not(path, programme)
        yield from twice(f"{path}.session_types", (kind.code for kind in programme.session_types))
        for kind in programme.session_types:
            yield from _exercises(f"{path}.session_types[{kind.code}]", kind)


def _pattern(path: str, programme: Programme) -> Iterator[Finding]:
    codes = [kind.code for kind in programme.session_types]
    for code in programme.alternation.pattern:
        if code not in codes:
            yield unknown(f"{path}.alternation.pattern", code, codes)
    for code in codes:
        if code not in programme.alternation.pattern:
            yield warning(
                _('%(path)s.alternation.pattern: the session type "%(code)s" never comes up.'),
                path=path,
                code=code,
            )


def _bounds(path: str, programme: Programme) -> Iterator[Finding]:
    if programme.minutes.at_least > programme.minutes.planned:
        yield problem(_("%(path)s.minutes: at_least is greater than planned. Exchange them."), path=path)
    goals = programme.goals
    if goals is not None and goals.at_least > goals.at_most:
        yield problem(_("%(path)s.goals: at_least is greater than at_most. Exchange them."), path=path)


def _said_and_not(path: str, part: Programme | Exercise) -> Iterator[Finding]:
    """Nothing is both told and declared as not collected."""
    for name in part.not_collected:
        if getattr(part, name) not in (None, ()):
            yield problem(
                _("%(path)s.not_collected: %(name)s is given, so it is collected. Remove one of them."),
                path=path,
                name=name,
            )


def _exercises(path: str, kind: SessionType) -> Iterator[Finding]:
    yield from twice(f"{path}.exercises", (exercise.code for exercise in kind.exercises))
    for exercise in kind.exercises:
        where = f"{path}.exercises[{exercise.code}]"
        spans = {name: getattr(exercise, name) for name in SPANS}
        yield from _said_and_not(where, exercise)
        for name, span in spans.items():
            if isinstance(span, Span) and span.min > span.max:
                yield problem(
                    _("%(path)s: min %(low)s is greater than max %(high)s. Exchange them."),
                    path=f"{where}.{name}",
                    low=span.min,
                    high=span.max,
                )
        if exercise.reps is None and exercise.seconds is None:
            yield warning(_("%(path)s: has no planned dose. Give reps or seconds."), path=where)
