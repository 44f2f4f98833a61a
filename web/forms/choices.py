"""Questions answered by choosing: nothing is chosen beforehand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class Options(forms.RadioSelect):
    """Radio buttons, one below the other or, with `inline`, side by side."""

    template_name = "forms/widgets/options.html"

    def __init__(self, inline: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.inline = inline

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["inline"] = self.inline
        return context


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes to tick, one below the other."""

    template_name = "forms/widgets/options.html"


class ScaleSelect(forms.RadioSelect):
    """Numbers in a row with the meaning of both ends below."""

    template_name = "forms/widgets/scale.html"

    def __init__(self, low_label: Any = "", high_label: Any = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low_label, self.high_label = low_label, high_label

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        ends = {"low_label": self.low_label, "high_label": self.high_label}
        context["widget"] |= {**ends, "steps": len(list(self.choices))}
        return context


class ChoiceField(forms.ChoiceField):
    """Choose one, by radio buttons, or by a list when there are many (`as_list=True`)."""

    def __init__(self, *, inline: bool = False, as_list: bool = False, **kwargs: Any) -> None:
        if as_list:
            kwargs["choices"] = [("", _("Choose one")), *kwargs.get("choices", ())]
        kwargs.setdefault("widget", forms.Select() if as_list else Options(inline))
        super().__init__(**kwargs)


class ChoicesField(forms.MultipleChoiceField):
    """Choose any number, by boxes."""

    widget = Ticks


class YesNoField(forms.TypedChoiceField):
    """Yes or no, nothing chosen beforehand: True, False, or None when empty and not required."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Options(inline=True))
        kwargs.setdefault("choices", [("yes", _("Yes")), ("no", _("No"))])
        kwargs.setdefault("coerce", lambda answer: answer == "yes")
        kwargs.setdefault("empty_value", None)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return "yes" if value else "no"


class ScaleField(forms.TypedChoiceField):
    """A whole number on a scale from `low` to `high`, with words for both ends."""

    def __init__(
        self,
        *,
        low: int = 0,
        high: int = 10,
        low_label: Any = "",
        high_label: Any = "",
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("widget", ScaleSelect(low_label, high_label))
        kwargs["choices"] = [(str(n), str(n)) for n in range(low, high + 1)]
        super().__init__(coerce=int, empty_value=None, **kwargs)
