"""Can every criterion be answered, and can it come out both ways?"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.roles import roles_with

from ..criteria import Age, Choice, Criterion, NumberAsked, Profile, Question, Score
from ..forms import Unknown, attainable_scores, known_instruments
from ..rules import Rule, RuleError, names, parse
from ..schema import Protocol
from . import outcomes_of_rules
from .finding import Finding, problem, twice, unknown, warning


def findings(protocol: Protocol) -> Iterator[Finding]:
    criteria = protocol.eligibility.criteria
    stages = [stage.code for stage in protocol.eligibility.stages]
    yield from twice("eligibility.stages", stages)
    yield from twice("eligibility.criteria", (criterion.code for criterion in criteria))
    yield from twice("eligibility", (name for each in criteria for name, _question in each.questions if name))
    for stage in protocol.eligibility.stages:
        if stage.after_form is not None and stage.after_form not in protocol.instruments:
            yield unknown(f"eligibility.stages[{stage.code}].after_form", stage.after_form, protocol.instruments)
    for criterion in criteria:
        path = f"eligibility.criteria[{criterion.code}]"
        yield from _stages(path, criterion, stages)
        yield from _groups(path, criterion, protocol)
        for name, question in criterion.questions:
            yield from _question(f"{path}.{name or 'asks'}", name, question, protocol)
        yield from _own_name(path, criterion)
        yield from _rule(path, criterion, protocol)


def _stages(path: str, criterion: Criterion, stages: list[str]) -> Iterator[Finding]:
    for stage in (criterion.stage, *criterion.reconfirm_at):
        if stage not in stages:
            yield unknown(path, stage, stages)
            return
    for stage in criterion.reconfirm_at:
        if stages.index(stage) <= stages.index(criterion.stage):
            yield problem(
                _('%(path)s: is reconfirmed at "%(stage)s", which is not after "%(first)s". Reorder.'),
                path=path,
                stage=stage,
                first=criterion.stage,
            )


def _groups(path: str, criterion: Criterion, protocol: Protocol) -> Iterator[Finding]:
    known = [group.code for group in protocol.design.groups]
    for group in criterion.groups:
        if group not in known:
            yield unknown(f"{path}.groups", group, known)


def _own_name(path: str, criterion: Criterion) -> Iterator[Finding]:
    if criterion.answer is not None and criterion.answer.name not in (None, criterion.code):
        yield problem(
            _('%(path)s.answer: is called "%(code)s" already. Remove its name, or use asks.'),
            path=path,
            code=criterion.code,
        )


def _question(path: str, name: str, question: Question, protocol: Protocol) -> Iterator[Finding]:
    if not name:
        yield problem(_("%(path)s: a question has no name. Name it, so that rules can read it."), path=path)
    if name in ("answer", "rated_by"):
        yield problem(_('%(path)s: the name "%(name)s" is taken. Choose another.'), path=path, name=name)
    match question:
        case NumberAsked() | Age() if question.min > question.max:
            yield problem(
                _("%(path)s: no number lies between min %(low)s and max %(high)s. Exchange them."),
                path=path,
                low=question.min,
                high=question.max,
            )
        case Choice():
            yield from twice(path, (option.code for option in question.options))
        case Profile():
            yield from twice(path, (domain.code for domain in question.domains))
            yield from twice(path, (category.code for category in question.categories))
        case Score():
            yield from _score(path, question, protocol)


def _score(path: str, question: Score, protocol: Protocol) -> Iterator[Finding]:
    if question.instrument not in known_instruments():
        yield unknown(path, question.instrument, sorted(known_instruments()))
    elif question.instrument not in protocol.instruments:
        yield problem(
            _('%(path)s: can never be answered, since no visit has the form "%(form)s". Add it to a visit.'),
            path=path,
            form=question.instrument,
        )
    else:
        try:
            attainable_scores(question.instrument, question.score)
        except Unknown as why:
            yield problem(_("%(path)s: %(why)s. Correct the score."), path=path, why=str(why))
        yield from _readable(path, question, protocol)


def _readable(path: str, question: Score, protocol: Protocol) -> Iterator[Finding]:
    """Whoever screens reads the score as a yes or no: of a concealed one that tells something of the stratum."""
    screening = {str(role) for role in roles_with(Permission.SCREEN)}
    for factor in protocol.strata:
        roles = sorted(screening & set(factor.concealed_from))
        if protocol.instrument_of(factor.source) == question.instrument and roles:
            yield warning(
                _(
                    '%(path)s: "%(form)s" makes the stratum "%(stratum)s", which is concealed from those who screen '
                    "(%(roles)s): whether somebody is eligible tells them something of it. Use another form, or "
                    "take the role out of concealed_from."
                ),
                path=path,
                form=question.instrument,
                stratum=factor.code,
                roles=", ".join(roles),
            )


def _rule(path: str, criterion: Criterion, protocol: Protocol) -> Iterator[Finding]:
    try:
        rule = parse(criterion.rule)
    except RuleError as error:
        yield problem(_('%(path)s.rule: "%(rule)s". %(why)s'), path=path, rule=criterion.rule[:80], why=error.sentence)
        return
    kinds = outcomes_of_rules.kinds_for(criterion, protocol)
    mismatches = list(outcomes_of_rules.mismatches(rule, kinds))
    for sentence in mismatches:
        yield problem(_("%(path)s.rule: %(why)s"), path=path, why=sentence)
    if not mismatches:
        yield from _asked_in_time(path, criterion, rule, protocol)
        yield from _both_ways(path, criterion, rule, kinds)


def _asked_in_time(path: str, criterion: Criterion, rule: Rule, protocol: Protocol) -> Iterator[Finding]:
    order = [stage.code for stage in protocol.eligibility.stages]
    asked_by = {name: each for each in protocol.eligibility.criteria for name, _question in each.questions}
    for name in names(rule):
        owner = asked_by.get(name.split(".")[0])
        if owner is None or owner is criterion or {owner.stage, criterion.stage} - set(order):
            continue
        if order.index(owner.stage) > order.index(criterion.stage):
            yield problem(
                _(
                    '%(path)s.rule: cannot be answered at "%(stage)s", since "%(name)s" is only asked at '
                    '"%(later)s". Ask it earlier or decide the criterion later.'
                ),
                path=path,
                stage=criterion.stage,
                name=name,
                later=owner.stage,
            )
        elif owner.groups and not set(criterion.groups or ["*"]) <= set(owner.groups):
            yield problem(
                _('%(path)s.rule: "%(name)s" is asked of some groups only. Ask it of all who need it.'),
                path=path,
                name=name,
            )


def _both_ways(path: str, criterion: Criterion, rule: Rule, kinds: outcomes_of_rules.Kinds) -> Iterator[Finding]:
    found = outcomes_of_rules.outcomes(rule, kinds)
    if found is None or found == {True, False}:
        return
    facts = {"path": path, "rule": criterion.rule}
    if True in found:
        sentence = _('%(path)s.rule: "%(rule)s" is met by every possible answer. Correct it.')
    else:
        sentence = _('%(path)s.rule: "%(rule)s" is met by no possible answer. Correct it.')
    admits_all = (True in found) == (criterion.kind == "inclusion")
    yield warning(sentence, **facts) if admits_all else problem(sentence, **facts)
