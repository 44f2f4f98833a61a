"""The table of eligibility."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from exports.identity import codes_of, identity_at
from exports.scope import Scope, withdrew_data
from exports.tables import CHUNK, Column, Kind, Label, Table, by_participant, chunks, flat
from participants.codes import DeclineReason
from participants.models import Decision, Screening
from trials.protocol.criteria import Age, Choice, DateAsked, NumberAsked, Profile, Question, Score, YesNo


@dataclass(frozen=True)
class Decided:
    """A screening or a later decision, and of whom."""

    participant: Any
    made: Any


def eligibility_table(scope: Scope) -> Table:
    """What was decided on eligibility: a row for each screening and each later decision."""
    S = "participants.Screening"
    reasons = tuple((c.code, c.wording.root) for c in scope.protocol.eligibility.criteria)
    columns = (
        *identity_at(scope, "participant."),
        Column("stage", Kind.CODE, _("Stage"), _stage, "participants.Decision.stage", codes=_stages(scope)),
        Column("decided_on", Kind.DATE, _("Day"), lambda row: row.made.day, f"{S}.day"),
        Column(
            "outcome",
            Kind.CODE,
            _("Outcome"),
            lambda row: row.made.outcome,
            f"{S}.outcome",
            codes=codes_of(Screening.Outcome),
        ),
        Column(
            "reasons", Kind.CODES, _("Criteria not met"), lambda row: row.made.reasons, f"{S}.reasons", codes=reasons
        ),
        Column(
            "declined_reason",
            Kind.CODE,
            _("Why the person declined"),
            lambda row: getattr(row.made, "declined_reason", None) or None,
            f"{S}.declined_reason",
            codes=codes_of(DeclineReason),
        ),
        *(column for name, asked in scope.protocol.questions_asked.items() for column in _asked(name, asked)),
    )
    return Table("eligibility", _("Eligibility, a row for each decision"), columns, partial(_decisions, scope))


def _stages(scope: Scope) -> tuple[tuple[str, Label], ...]:
    return tuple((stage.code, stage.label.root) for stage in scope.protocol.eligibility.stages)


def _stage(row: Decided) -> str:
    stage: str = getattr(row.made, "stage", "screening")
    return stage


def _asked(name: str, asked: Question) -> Iterator[Column]:
    label = asked.wording.root if asked.wording else name
    if isinstance(asked, Profile):
        codes = tuple((option.code, option.label.root) for option in asked.categories)
        for domain in asked.domains:
            yield Column(
                f"{name}_{domain.code}",
                Kind.CODE,
                domain.label.root,
                partial(_answer_in_profile, name=name, domain=domain.code),
                "participants.Screening.answers",
                codes=codes,
            )
        return
    kinds = {YesNo: Kind.YES_NO, NumberAsked: Kind.DECIMAL, Age: Kind.INTEGER, DateAsked: Kind.DATE}
    kinds |= {Choice: Kind.CODE, Score: Kind.DECIMAL}
    options = asked.options if isinstance(asked, Choice) else ()
    yield Column(
        name,
        kinds[type(asked)],
        label,
        lambda row: row.made.answers.get(name),
        "participants.Screening.answers",
        unit=asked.unit if isinstance(asked, NumberAsked) else "",
        codes=tuple((option.code, option.label.root) for option in options),
        low=getattr(asked, "min", None),
        high=getattr(asked, "max", None),
    )


def _answer_in_profile(row: Decided, *, name: str, domain: str) -> Any:
    return (row.made.answers.get(name) or {}).get(domain)


def _decisions(scope: Scope) -> Iterator[Decided]:
    rows = scope.participants().exclude(withdrew_data())
    own = ("at", "pk", "day", "outcome", "reasons", "answers")
    for people in chunks(flat(rows, "pk", "number", "site__code"), CHUNK):
        keys = [each.pk for each in people]
        screened = by_participant(Screening.objects.all(), keys, *own, "declined_reason")
        decided = by_participant(Decision.objects.all(), keys, *own, "stage")
        for each in people:
            made = [*screened.get(each.pk, ()), *decided.get(each.pk, ())]
            for row in sorted(made, key=lambda one: (one.at, str(one.pk))):
                yield Decided(each, row)
