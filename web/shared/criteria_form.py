"""The criteria of a protocol as a form: every question in the protocol's order, none answered beforehand."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from core.problems import Invalid, Problem
from trials.protocol import Protocol
from trials.protocol.criteria import Age, Choice, Criterion, DateAsked, NumberAsked, Profile, Question, Score, YesNo
from trials.protocol.eligibility import criteria_at
from web.forms import ChoiceField, Form, NumberField, SplitDateField, YesNoField
from web.shared.record_words import say

RATER = "rated_by"
UNITS: dict[str, Any] = {
    "days": pgettext_lazy("unit", "days"),
    "weeks": pgettext_lazy("unit", "weeks"),
    "months": pgettext_lazy("unit", "months"),
    "degrees": pgettext_lazy("unit", "degrees"),
}
"""A protocol writes units in one language; those that are words are shown in the reader's."""


@dataclass(frozen=True)
class Block:
    """One criterion with its questions."""

    criterion: Criterion
    wording: str
    help: str
    fields: list[BoundField]

    @property
    def has_heading(self) -> bool:
        """Whether the wording stands above the questions; a single question carries it as its label."""
        return len(self.fields) != 1 or self.fields[0].label != self.wording


@dataclass
class Part:
    """Criteria under one heading."""

    title: str
    blocks: list[Block]


class CriteriaForm(Form):
    """The questions of a stage. Unanswered is allowed here: the verdict says what is still needed."""

    def __init__(self, protocol: Protocol, stage: str, group: str, data: Any = None) -> None:
        super().__init__(data, prefix="q")
        self.criteria = [
            (criterion, [(name, q) for name, q in criterion.questions if not isinstance(q, Score)])
            for criterion in criteria_at(protocol, stage, group or None)
        ]
        for criterion, questions in self.criteria:
            for name, question in questions:
                self.fields.update(_fields(name, question, criterion))

    def _clean_fields(self) -> None:
        """A question may stay open here, but is not called optional: the verdict needs it."""
        for field in self.fields.values():
            field.required = False
        super()._clean_fields()  # type: ignore[misc]
        for field in self.fields.values():
            field.required = True

    def parts(self) -> list[Part]:
        """The criteria under their headings, in the protocol's order."""
        found: list[Part] = []
        for criterion, questions in self.criteria:
            if not questions:
                continue
            title = say(criterion.section) if criterion.section else KINDS[criterion.kind]()
            if not found or found[-1].title != title:
                found.append(Part(title, []))
            fields = [self[name] for key, question in questions for name in _names(key, question)]
            text = say(criterion.help) if criterion.help else ""
            found[-1].blocks.append(Block(criterion, say(criterion.wording), text, fields))
        return found

    def answers(self) -> dict[str, Any]:
        """Typed answers by question; what was left open is left out."""
        found = {}
        for _criterion, questions in self.criteria:
            for name, question in questions:
                value = self._answer(name, question)
                if value not in (None, "", {}):
                    found[name] = value
        return found

    def add_problem(self, problem: Problem) -> None:
        """As any form; a problem of a whole profile stands at its first open part."""
        for single in problem.problems if isinstance(problem, Invalid) else [problem]:
            single.field = self._place(single.field)
        super().add_problem(problem)

    def _answer(self, name: str, question: Question) -> Any:
        if not isinstance(question, Profile):
            value = self.cleaned_data.get(name)
            return _plain(value) if isinstance(value, Decimal) else value
        given = {part.removeprefix(f"{name}."): self.cleaned_data.get(part) for part in _names(name, question)}
        return {part: value for part, value in given.items() if value}

    def _place(self, field: str | None) -> str | None:
        if field is None or field in self.fields:
            return field
        parts = [name for name in self.fields if name.startswith(f"{field}.")]
        return next((name for name in parts if not self.cleaned_data.get(name)), parts[0] if parts else None)


KINDS = {"inclusion": lambda: _("What must hold"), "exclusion": lambda: _("What excludes")}


def _names(name: str, question: Question) -> list[str]:
    if isinstance(question, Profile):
        return [*(f"{name}.{domain.code}" for domain in question.domains), f"{name}.{RATER}"]
    return [name]


def _fields(name: str, question: Question, criterion: Criterion) -> Iterator[tuple[str, forms.Field]]:
    label = say(question.wording or criterion.wording)
    if isinstance(question, Profile):
        categories = [(each.code, say(each.label)) for each in question.categories]
        for domain in question.domains:
            field = ChoiceField(label=say(domain.label), choices=categories, inline=True)
            yield f"{name}.{domain.code}", field
        rater = say(question.rated_by) if question.rated_by else _("Rated by")
        yield f"{name}.{RATER}", forms.CharField(label=rater, max_length=120)
    else:
        yield name, _field(label, question)


def _field(label: str, question: Question) -> forms.Field:
    match question:
        case YesNo():
            return YesNoField(label=label)
        case Age():
            return NumberField(label=label, unit=_("years"), low=int(question.min), high=int(question.max))
        case NumberAsked():
            low, high = Decimal(str(question.min)), Decimal(str(question.max))
            places = 0 if question.whole else 2
            return NumberField(
                label=label, unit=UNITS.get(question.unit, question.unit), low=low, high=high, places=places
            )
        case DateAsked():
            return SplitDateField(label=label)
        case Choice():
            options = [(each.code, say(each.label)) for each in question.options]
            return ChoiceField(label=label, choices=options, inline=True)
    raise TypeError(f"No field for a question of kind {question.kind}.")


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
