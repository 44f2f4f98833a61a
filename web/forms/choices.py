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


class LineSelect(ScaleSelect):
    """A line to mark from 0 to 100, without a mark beforehand and without numbers on it; a number may be typed instead.

    Every step of the line is a radio button, so that a tap and the arrow keys work without script. What changed of
    the two counts; where both did and differ, the value is the pair of them, for the field to refuse.
    """

    template_name = "forms/widgets/line.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        mark, number = value if isinstance(value, tuple) else (value, "")
        known = {str(code) for code, _label in self.choices}
        if mark not in (None, "") and str(mark) not in known:
            mark, number = "", str(mark)
        context = super().get_context(name, mark, attrs)
        context["widget"] |= {"number": number, "held": "" if mark is None else str(mark)}
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        mark, number, held = (str(data.get(key) or "").strip() for key in (name, f"{name}-number", f"{name}-held"))
        if not number or number == mark:
            return mark or None
        return number if mark == held else (mark, number)


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
