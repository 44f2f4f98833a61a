"""The renderer that puts every Django form, ours or a package's, into the product's look."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template import TemplateDoesNotExist


class DescribedField(BoundField):
    """A bound field whose control is described by its hint, its range and its error."""

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        if described is None or not getattr(self.field, "range_hint", ""):
            return described
        return f"{self.auto_id}_range {described}".strip()


class Renderer(TemplatesSetting):
    """Looks in the project's templates first, then among Django's own widget templates."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
    bound_field_class = DescribedField
    _builtin = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        try:
            return super().get_template(template_name)
        except TemplateDoesNotExist:
            return self._builtin.get_template(template_name)
