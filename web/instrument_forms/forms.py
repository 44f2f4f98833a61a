"""An instrument as a form: a whole page for staff, one question for participants."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core.problems import Problem
from instruments.answers import Checked, Missing, check
from instruments.definition import NUMERIC, Definition, Item
from instruments.packs import FormTexts
from web.forms import Form, ReasonField
from web.instrument_forms.fields import field_for
from web.instrument_forms.words import condition_in_words

REASONS = (
    Missing.NOT_DONE,
    Missing.TECHNICAL,
    Missing.NOT_APPLICABLE,
    Missing.SKIPPED,
    Missing.PREFERS_NOT_TO_SAY,
    Missing.DOES_NOT_KNOW,
    Missing.NOT_PRESENTED,
)
ALL_EMPTY = "all_empty"
REASON = "-missing"


@dataclass(frozen=True)
class Row:
    """One item on a staff page: its field, the field for why it is empty, and when it applies (JSON for script)."""

    field: forms.BoundField
    reason: forms.BoundField | None
    show_if: str


@dataclass(frozen=True)
class Group:
    """Items side by side: the trials of one measurement, or its left and right. `condition` says when they apply."""

    key: str
    condition: str
    rows: list[Row]


@dataclass(frozen=True)
class Section:
    """Items under one heading, in the definition's order."""

    title: str
    groups: list[Group]


class AnswersForm(Form):
    """The items of a definition as fields named by their codes.

    After ``is_valid()`` the result stands in ``answers``, ``missing`` and ``confirmed``, ready for a verb.
    """

    whole = True
    refused: Sequence[Problem] = ()
    """Files that were sent and not taken."""

    def __init__(self, definition: Definition, texts: FormTexts, items: list[Item], *args: Any, **kwargs: Any) -> None:
        self.definition, self.texts, self.items = definition, texts, items
        self.answers: dict[str, Any] = {}
        self.missing: dict[str, str] = {}
        self.confirmed: list[str] = []
        super().__init__(*args, **kwargs)

    def reasons(self) -> dict[str, str]:
        """Why items without an answer have none, as entered."""
        return {}

    def given(self) -> dict[str, Any]:
        """The answers that could be read."""
        return {item.code: value for item in self.items if (value := self.cleaned_data.get(item.code)) is not None}

    def _post_clean(self) -> None:
        super()._post_clean()
        for problem in self.refused:
            self.add_error(problem.field, problem.sentence)
        given, reasons = self.given(), self.reasons()
        checked = self.checked(given, reasons)
        for problem in checked.problems:
            self.keep_problem(problem)
        for warning in checked.warnings:
            name = str(warning.field)
            self.unlikely.add(name)
            if self.is_confirmed(name):
                self.confirmed.append(name)
            else:
                self.add_error(name, warning.sentence)
        self.answers, self.missing = checked.values, checked.missing

    def checked(self, given: Mapping[str, Any], reasons: Mapping[str, str]) -> Checked:
        return check(self.definition, given, reasons, whole=self.whole)

    def keep_problem(self, problem: Problem) -> None:
        """Show what is wrong at its field, unless what was typed there, or what it hangs on, is already refused."""
        name = str(problem.field)
        if name not in self.fields:
            self.add_error(None, problem.sentence)
            return
        rule = self.definition.item(name).show_if
        if self.has_error(name) or (rule and self.has_error(rule.item)):
            return
        self.add_error(name, problem.sentence)


class StaffForm(AnswersForm):
    """The whole form on one page, in order. Every item without a value needs a reason.

    Reasons are asked item by item where one is needed (``ask_reasons``, a draft's reason, or a first try that left
    it empty); one reason for everything left empty may be chosen at the end.
    """

    def __init__(
        self,
        definition: Definition,
        texts: FormTexts,
        data: Any = None,
        *,
        answers: Mapping[str, Any] | None = None,
        missing: Mapping[str, str] | None = None,
        whole: bool = True,
        ask_reasons: bool = False,
    ) -> None:
        self.whole, self.ask_reasons = whole, ask_reasons
        self.stored_reasons = dict(missing or {})
        initial = {**(answers or {}), **{reason_name(code): why for code, why in self.stored_reasons.items()}}
        super().__init__(definition, texts, list(definition.items), data, initial=initial)
        for item in self.items:
            self.fields[item.code] = field_for(item, texts.items[item.code])
            if not item.optional:
                self.fields[reason_name(item.code)] = EmptyReasonField(texts.items[item.code].text)
        self.fields[ALL_EMPTY] = reason_field(_("If values are left empty, why?"))
        self.fields[ALL_EMPTY].help_text = _("Applies to every item left empty that has no reason of its own.")

    def reasons(self) -> dict[str, str]:
        given, found = self.given(), {}
        for item in self.items:
            own = self.cleaned_data.get(reason_name(item.code)) or ""
            if own and not (item.code in given and own == self.stored_reasons.get(item.code)):
                found[item.code] = own
        common = self.cleaned_data.get(ALL_EMPTY)
        if common:
            empty = {p.field for p in check(self.definition, given, found).problems if p.code == "answers.unanswered"}
            found |= {str(code): common for code in empty if not self.has_error(str(code))}
        return found

    def sections(self) -> list[Section]:
        """What the page shows, in order; a condition is said once, where it begins."""
        sections: list[Section] = []
        said = ""
        for item in self.items:
            title = self.texts.items[item.code].section
            if not sections or sections[-1].title != title:
                sections.append(Section(title, []))
                said = ""
            groups, key = sections[-1].groups, group_of(item)
            if not groups or not key or groups[-1].key != key:
                condition = condition_in_words(self.definition, item, self.texts)
                groups.append(Group(key, "" if condition == said else condition, []))
                said = condition
            groups[-1].rows.append(self.row_of(item))
        return sections

    def row_of(self, item: Item) -> Row:
        rule = item.show_if
        condition = "" if rule is None else rule.model_dump_json(by_alias=True, exclude_none=True)
        return Row(self[item.code], self.reason_of(item), condition)

    def reason_of(self, item: Item) -> forms.BoundField | None:
        name = reason_name(item.code)
        if name not in self.fields:
            return None
        asked = self.ask_reasons or item.code in self.stored_reasons or bool(self[name].data)
        unanswered = self.is_bound and self.has_error(item.code) and item.code not in self.unlikely
        return self[name] if asked or unanswered else None


class QuestionForm(AnswersForm):
    """One item on a screen. An empty one is valid: skipping is the page's to ask about."""

    whole = False

    def __init__(
        self, definition: Definition, texts: FormTexts, item: Item, data: Any = None, value: Any = None
    ) -> None:
        initial = {} if value is None else {item.code: value}
        super().__init__(definition, texts, [item], data, initial=initial)
        self.item = item
        self.fields[item.code] = field_for(item, texts.items[item.code], phone=True)

    @property
    def question(self) -> forms.BoundField:
        return self[self.item.code]

    @property
    def value(self) -> Any:
        """The answer as it is stored; None when left empty."""
        return self.answers.get(self.item.code)

    def checked(self, given: Mapping[str, Any], reasons: Mapping[str, str]) -> Checked:
        alone = self.item.model_copy(update={"show_if": None})
        return check(self.definition.model_copy(update={"items": [alone]}), given, reasons, whole=False)

    def keep_problem(self, problem: Problem) -> None:
        if not self.has_error(self.item.code):
            self.add_error(self.item.code, problem.sentence)


class EmptyReasonField(forms.ChoiceField):
    """Why one item has no value. It is shown where one is needed, so it is not called optional."""

    def __init__(self, question: str) -> None:
        hidden = format_html('<span class="visually-hidden">: {}</span>', question)
        super().__init__(label=format_html("{}{}", _("No value because"), hidden), choices=reasons_to_choose())

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


def group_of(item: Item) -> str:
    """What the trials, or the two sides, of one measurement have in common; empty for any other item."""
    if item.kind not in NUMERIC:
        return ""
    trial = re.fullmatch(r"(.+)_[0-9]", item.code)
    if trial:
        return trial[1]
    return re.sub(r"_(left|right)$", "", item.code) if item.side else ""


def reason_name(code: str) -> str:
    """The name of the field that says why an item has no value."""
    return f"{code}{REASON}"


def reason_field(label: Any) -> forms.ChoiceField:
    """Why something has no value, for whoever wants to say so."""
    return forms.ChoiceField(label=label, choices=reasons_to_choose(), required=False)


def reasons_to_choose() -> list[tuple[str, str]]:
    return [("", _("Choose a reason")), *((reason.value, reason.label) for reason in REASONS)]


def why_field(label: Any, ask: Any, hint: Any = "") -> ReasonField:
    """Words of one's own, asked for by a sentence of their own when they are left empty."""
    field = ReasonField(label=label, help_text=hint)
    field.error_messages["required"] = ask
    return field


def are_valid(*entered: Form | None) -> bool:
    """Whether all are valid; every one is checked, so that all mistakes are told at once."""
    found = [each.is_valid() for each in entered if each is not None]
    return all(found)
