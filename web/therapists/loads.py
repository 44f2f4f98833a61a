"""A load that is far from last time's, or from what beginners lift, is asked about; pounds and kilograms too."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.numbers import to_places
from web.forms import NumberField
from web.forms.numbers import Number
from web.therapists.words import UNITS, load_in_words, number_in_words

FIRST = {"kg": 100, "lb": 220, "nm": 300}
"""The heaviest first load that is not asked about, by unit."""
LIGHTER, HEAVIER = 0.6, 1.6
"""Of last time's heaviest load. One taken for the other, kilograms and pounds differ by more."""
POUND = 0.45359237
"""Kilograms in a pound, exactly."""
OTHER = {"kg": ("lb", POUND), "lb": ("kg", 1 / POUND)}


class LoadField(NumberField):
    """A load in the unit of an exercise. ``last``: the heaviest of last time, None when it was never done.

    Nothing is converted: the sentence says what the number would be in the other unit, the therapist corrects.
    """

    def __init__(self, load_unit: str, last: float | None, **kwargs: Any) -> None:
        self.load_unit, self.last = load_unit, last
        if last:
            kwargs["likely"] = (Decimal(str(last * LIGHTER)), Decimal(str(last * HEAVIER)))
        elif load_unit in FIRST:
            kwargs["likely"] = (Decimal(0), Decimal(FIRST[load_unit]))
        super().__init__(unit=UNITS[load_unit], **kwargs)

    def question_about(self, value: Number) -> forms.ValidationError:
        facts = {"load": load_in_words(float(value), self.load_unit)}
        if self.last:
            facts["last"] = load_in_words(self.last, self.load_unit)
            sentence = _("%(load)s, and last time %(last)s. Correct it, or confirm it below.")
        else:
            sentence = _("%(load)s is much for a first time. Correct it, or confirm it below.")
        if self.load_unit in OTHER:
            unit, factor = OTHER[self.load_unit]
            facts |= {"value": number_in_words(float(value)), "read": unit, "unit": self.load_unit}
            facts["same"] = to_places(float(value) * factor, 1)
            facts["first"] = sentence % facts
            sentence = _("%(first)s If you read %(value)s %(read)s on the weight, enter %(same)s %(unit)s.")
        return forms.ValidationError(sentence, code="unlikely", params=facts)
