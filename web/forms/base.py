"""The form every page builds on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audit.refusals import met
from core.problems import Invalid, Problem
from web.forms.numbers import NumberField
from web.forms.renderer import Renderer

_DJANGO_REQUIRED = forms.Field.default_error_messages["required"]


class Form(forms.Form):
    """A form that refuses in sentences, keeps what was typed, and asks about unlikely numbers.

    `unlikely` names the fields whose number is outside the likely range; such a number is
    accepted once the box "this is correct" beside it is ticked.
    """

    default_renderer = Renderer
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unlikely: set[str] = set()

    def full_clean(self) -> None:
        # Here and not when the form is made: many forms add fields of the protocol after that.
        for field in self.fields.values():
            if field.error_messages.get("required") == _DJANGO_REQUIRED:
                field.error_messages["required"] = _ask_for(field)
        super().full_clean()

    def add_problem(self, problem: Problem) -> None:
        """Show a refusal of a verb: at its field when the form has it, else above the form."""
        met(problem)
        for single in problem.problems if isinstance(problem, Invalid) else [problem]:
            target = single.field if single.field in self.fields else None
            self.add_error(target, forms.ValidationError(single.sentence, code=single.code))

    def confirmation_name(self, name: str) -> str:
        """The name of the box that confirms an unlikely value of the field."""
        return f"{self.add_prefix(name)}-confirmed"

    def is_confirmed(self, name: str) -> bool:
        """Say whether exactly the value now entered was confirmed."""
        confirmed = self.data.get(self.confirmation_name(name))
        return confirmed is not None and confirmed == self[name].data

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if not isinstance(field, NumberField) or not isinstance(value, int | Decimal):
                continue
            if field.is_likely(value):
                continue
            self.unlikely.add(name)
            if not self.is_confirmed(name):
                self.add_error(name, field.question_about(value))


def _ask_for(field: forms.Field) -> Any:
    if isinstance(field, forms.MultipleChoiceField):
        return _("Choose at least one.")
    if isinstance(field, forms.ChoiceField):
        return _("Choose one.")
    if isinstance(field, forms.BooleanField):
        return _("Tick the box to go on.")
    if isinstance(field, forms.FileField):
        return _("Choose a file.")
    return _("Fill this in.")
