"""Numbers with their unit and range said before entry."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import localize
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,12})?")
_SPACES = re.compile(r"[\s\u00a0\u202f]")

Number = int | Decimal


def whole_number(text: str) -> int | None:
    """The number in an address or a hidden field; None for whatever no page of ours wrote there."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


class NumberInput(forms.TextInput):
    """A text box with a number keyboard; never a spinner, which changes values on scroll."""

    template_name = "forms/widgets/number.html"

    def __init__(self, unit: Any = "", whole: bool = False) -> None:
        super().__init__({"class": "w-6", "inputmode": "numeric" if whole else "decimal"})
        self.attrs["autocomplete"] = "off"
        self.unit = unit

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["unit"] = self.unit
        return context


class NumberField(forms.Field):
    """A number from `low` to `high` (both allowed) in `unit`, with at most `places` decimals.

    A decimal comma is accepted. With `likely`, a number outside that range is asked about once.
    Gives an int when `places` is 0, else a Decimal; None when empty and not required.
    """

    def __init__(
        self,
        *,
        unit: Any = "",
        low: Number | None = None,
        high: Number | None = None,
        places: int = 0,
        likely: tuple[Number, Number] | None = None,
        **kwargs: Any,
    ) -> None:
        self.unit, self.low, self.high, self.places, self.likely = unit, low, high, places, likely
        kwargs.setdefault("widget", NumberInput(unit, whole=places == 0))
        super().__init__(**kwargs)
        self.error_messages["required"] = kwargs.get("error_messages", {}).get("required", _("Enter a number."))

    @property
    def range_hint(self) -> str:
        """The range in words, shown before entry; empty when there is none."""
        if self.low is not None and self.high is not None:
            return (gettext("From %(low)s to %(high)s %(unit)s") % self._words).strip()
        if self.low is not None:
            return gettext("%(low)s %(unit)s or more") % self._words
        if self.high is not None:
            return gettext("%(high)s %(unit)s or less") % self._words
        return ""

    @property
    def _words(self) -> dict[str, Any]:
        return {"low": localize(self.low), "high": localize(self.high), "unit": self.unit}

    def to_python(self, value: Any) -> Number | None:
        text = _SPACES.sub("", str(value if value is not None else ""))
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise forms.ValidationError(_("Enter a number, in digits."), code="number")
        number = Decimal(text.replace(",", "."))
        if -number.as_tuple().exponent > self.places:  # type: ignore[operator]
            raise forms.ValidationError(self._too_fine(), code="places")
        return int(number) if self.places == 0 else number

    def validate(self, value: Number | None) -> None:
        super().validate(value)
        if value is None:
            return
        low, high = self.low, self.high
        if (low is not None and value < low) or (high is not None and value > high):
            raise forms.ValidationError(
                _("%(value)s is not possible here. Allowed: %(range)s."),
                code="range",
                params={"value": localize(value), "range": self.range_hint.strip()},
            )

    def is_likely(self, value: Number) -> bool:
        """Say whether the value is one seen in ordinary practice."""
        return self.likely is None or self.likely[0] <= value <= self.likely[1]

    def question_about(self, value: Number) -> forms.ValidationError:
        """Ask to correct or confirm a possible but unlikely value."""
        return forms.ValidationError(
            _("%(value)s %(unit)s is unusual. Correct it, or confirm it below."),
            code="unlikely",
            params={"value": localize(value), "unit": self.unit},
        )

    def _too_fine(self) -> str:
        if self.places == 0:
            return str(_("Enter a whole number, without decimals."))
        return ngettext(
            "Enter at most %(places)s decimal.",
            "Enter at most %(places)s decimals.",
            self.places,
        ) % {"places": self.places}
