"""Forms in the product's look: `Form` prints label, hint, range and error; the fields ask without defaults."""

from web.forms.base import Form
from web.forms.choices import ChoiceField, ChoicesField, ScaleField, YesNoField
from web.forms.clocks import ClockField, moment
from web.forms.dates import PartialDateField, SplitDateField, SplitDateWidget
from web.forms.numbers import NumberField, whole_number
from web.forms.renderer import Renderer
from web.forms.texts import ReasonField

__all__ = [
    "ChoiceField",
    "ChoicesField",
    "ClockField",
    "Form",
    "NumberField",
    "PartialDateField",
    "ReasonField",
    "Renderer",
    "ScaleField",
    "SplitDateField",
    "SplitDateWidget",
    "YesNoField",
    "moment",
    "whole_number",
]
