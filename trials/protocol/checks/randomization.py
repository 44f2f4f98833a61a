"""Strata that cover every value once; preconditions that can be met before randomization."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.roles import roles_with

from .. import strata
from ..factors import Factor, Randomization, RequiredForm
from ..schema import Protocol
from .finding import Finding, problem, twice, unknown
from .visits import root_of

BEFORE_RANDOMIZATION = frozenset({"screening", "consent", "first_session_booked"})


def findings(protocol: Protocol) -> Iterator[Finding]:
    yield from twice("strata", (factor.code for factor in protocol.strata))
    for factor in protocol.strata:
        yield from _factor(factor, protocol)
    if protocol.randomization is not None:
        yield from _roles(protocol.randomization)
        yield from _anchor(protocol.randomization, protocol)
        yield from _before(protocol.randomization, protocol)


def _factor(factor: Factor, protocol: Protocol) -> Iterator[Finding]:
    path = f"strata[{factor.code}]"
    source = factor.source
    given = [bool(source.instrument), bool(source.question), source.site]
    whole = (source.score is None) != (source.field is None)
    if sum(given) != 1 or bool(source.instrument) != whole:
        yield problem(
            _("%(path)s.source: name exactly one: an instrument with its score or field, a question, or site: true."),
            path=path,
        )
        return
    yield from twice(f"{path}.levels", (level.code for level in factor.levels))
    if source.instrument and source.instrument not in protocol.instruments:
        yield problem(
            _('%(path)s.source: no visit has the form "%(form)s". Add it to a visit.'),
            path=path,
            form=source.instrument,
        )
    elif source.instrument and not _is_required(source.instrument, protocol):
        yield problem(
            _(
                '%(path)s.source: "%(form)s" is not required before randomization. '
                "Name it in randomization.before.forms."
            ),
            path=path,
            form=source.instrument,
        )
    for sentence in strata.problems_of(protocol, factor):
        yield Finding(sentence)


def _is_required(instrument: str, protocol: Protocol) -> bool:
    plan = protocol.randomization
    return plan is None or instrument in {form.instrument for form in plan.before.forms}


def _roles(plan: Randomization) -> Iterator[Finding]:
    for role in plan.roles:
        if role not in roles_with(Permission.RANDOMIZE):
            yield problem(_('randomization.roles: "%(role)s" may never randomize. Name another role.'), role=role)


def _anchor(plan: Randomization, protocol: Protocol) -> Iterator[Finding]:
    if plan.anchor != "first_session_booked":
        return
    for arm in protocol.design.arms:
        if arm.programme is None:
            yield problem(
                _(
                    'randomization.anchor: "%(arm)s" has no sessions, so no first session can be booked '
                    "without telling the arm. Use baseline_complete."
                ),
                arm=arm.code,
            )


def _before(plan: Randomization, protocol: Protocol) -> Iterator[Finding]:
    stages = [stage.code for stage in protocol.eligibility.stages]
    for stage in plan.before.eligibility:
        if stage not in stages:
            yield unknown("randomization.before.eligibility", stage, stages)
    for form in plan.before.forms:
        yield from _required_form(form, protocol)


def _required_form(form: RequiredForm, protocol: Protocol) -> Iterator[Finding]:
    path = "randomization.before.forms"
    codes = [visit.code for visit in protocol.visits]
    if form.visit not in codes:
        yield unknown(path, form.visit, codes)
        return
    visit = protocol.visit(form.visit)
    if form.instrument not in {plan.instrument for plan in visit.forms}:
        yield unknown(f"{path}[{form.visit}]", form.instrument, (plan.instrument for plan in visit.forms))
        return
    try:
        root = root_of(visit, protocol)
    except KeyError:
        return
    if root is not None and root[0].milestone not in BEFORE_RANDOMIZATION:
        yield problem(
            _(
                '%(path)s: "%(visit)s" only opens after randomization, so nobody could ever be randomized. '
                "Name an earlier visit."
            ),
            path=path,
            visit=form.visit,
        )
