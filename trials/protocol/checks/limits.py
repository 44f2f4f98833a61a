"""What is made of scores as they come in: are they scores, and may those who are told know them?"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ..forms import scores_of
from ..limits import Limit
from ..schema import Protocol
from ..visits import FormPlan
from .finding import Finding, problem, twice, unknown

TOLD = "coordinator"


def findings(protocol: Protocol) -> Iterator[Finding]:
    for visit in protocol.visits:
        for form in visit.forms:
            path = f"visits[{visit.code}].forms[{form.instrument}]"
            yield from twice(f"{path}.limits", (limit.code for limit in form.limits))
            for limit in form.limits:
                yield from _limit(f"{path}.limits[{limit.code}]", limit, form, protocol)
            if form.shows_past is not None:
                yield from _past(f"{path}.shows_past", form.shows_past, form, protocol)


def _limit(path: str, limit: Limit, form: FormPlan, protocol: Protocol) -> Iterator[Finding]:
    if (limit.at_least is None) == (limit.at_most is None):
        yield problem(_("%(path)s: give either at_least or at_most."), path=path)
    yield from _score(path, limit.score, form)
    if form.breaks_blind or TOLD in _hidden_from(form, protocol):
        yield problem(
            _("%(path)s: the task would tell the coordinator what is hidden from them. Remove the limit."), path=path
        )


def _past(path: str, score: str, form: FormPlan, protocol: Protocol) -> Iterator[Finding]:
    yield from _score(path, score, form)
    if form.filled_by != "participant" or "participant" in _hidden_from(form, protocol):
        yield problem(_("%(path)s: participants are shown only what they answered and may know. Remove it."), path=path)


def _score(path: str, score: str, form: FormPlan) -> Iterator[Finding]:
    known = scores_of(form.instrument)
    if known is not None and score not in known:
        yield unknown(f"{path}.score", score, known)


def _hidden_from(form: FormPlan, protocol: Protocol) -> set[str]:
    factors = (each for each in protocol.strata if protocol.instrument_of(each.source) == form.instrument)
    return {*form.hidden_from, *(role for factor in factors for role in factor.concealed_from)}
