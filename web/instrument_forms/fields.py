"""A form field for each kind of item. What is typed is read by ``instruments.typed``: one sentence at every door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.problems import Problem
from instruments.definition import NUMERIC, Item
from instruments.packs import ItemTexts
from instruments.typed import parse
from instruments.uploads import MEDIA_TYPES, kinds_in_words
from web.forms import PartialDateField, SplitDateField
from web.forms.choices import LineSelect, Options, ScaleSelect, Ticks
from web.forms.dates import SplitDateWidget
from web.forms.numbers import NumberInput
from web.instrument_forms.words import number_in_words

UPLOAD = "-upload"
"""What the name of the box for a file ends with; the item's own name holds the key of the file that is kept."""
LONGEST_RADIO = 8
"""Staff choose among more options than this from a list."""
LINE_AND_NUMBER = _("The mark on the line and the number differ. Empty the number, or mark the line there.")
LONGEST_SCALE = 20
"""A scale with more steps than this is typed as a number."""


class TimeInput(forms.TextInput):
    """A clock time: the phone's own picker for participants, a text box for staff."""

    template_name = "forms/widgets/input.html"

    def __init__(self, picker: bool) -> None:
        super().__init__({"class": "w-6", "autocomplete": "off"})
        if picker:
            self.input_type = "time"


class UploadInput(forms.HiddenInput):
    """A file to choose, and the key of the one that is kept already; choosing another one takes its place."""

    template_name = "forms/widgets/upload.html"
    input_type = "hidden"
    is_hidden = False

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.accept = ",".join(MEDIA_TYPES[kind] for kind in item.accepts)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"accept": self.accept, "upload": f"{name}{UPLOAD}"}
        return context


class ItemField(forms.Field):
    """One item. Cleaning gives the value as it is stored, None when left empty."""

    def __init__(self, item: Item, words: ItemTexts, widget: forms.Widget) -> None:
        self.item, self.unit = item, words.unit
        super().__init__(label=words.text, help_text=words.hint, required=not item.optional, widget=widget)

    @property
    def range_hint(self) -> str:
        """The hard limits in words, shown before entry; empty for items that are chosen."""
        item = self.item
        if item.kind not in NUMERIC or item.minimum is None or item.maximum is None:
            return ""
        if not isinstance(self.widget, NumberInput):
            return ""
        unit = "" if self.unit.startswith("/") else self.unit
        words = {"low": number_in_words(item.minimum), "high": number_in_words(item.maximum), "unit": unit}
        return (gettext("From %(low)s to %(high)s %(unit)s") % words).strip()

    def clean(self, value: Any) -> Any:
        try:
            return parse(self.item, self.typed(value))
        except Problem as problem:
            raise forms.ValidationError(problem.sentence, code=problem.code) from None

    def typed(self, value: Any) -> str | list[str]:
        """What was typed as ``parse`` takes it; ValidationError for a date that is none."""
        if self.item.kind == "date":
            day = SplitDateField(required=False).clean(value)
            return day.isoformat() if day else ""
        if self.item.kind == "partial_date":
            return str(PartialDateField(required=False).clean(value) or "")
        if self.item.kind == "vas" and isinstance(value, tuple):
            raise forms.ValidationError(LINE_AND_NUMBER, code="answers.line")
        if isinstance(value, list | tuple):
            return [str(each) for each in value]
        return "" if value is None else str(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list) and self.item.kind == "multiple":
            return [str(each) for each in value]
        if self.item.kind in NUMERIC and isinstance(value, int | float):
            return number_in_words(value)
        return str(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except forms.ValidationError:
            return True


def field_for(item: Item, words: ItemTexts, *, phone: bool = False) -> ItemField:
    """The field of an item in the given words; ``phone`` for one question a screen."""
    field = ItemField(item, words, widget_for(item, words, phone))
    if item.kind == "partial_date" and not words.hint:
        field.help_text = _("Leave empty what is not known of it; the year is needed.")
    if item.kind == "file" and not words.hint:
        field.help_text = _("%(kinds)s, at most 2 MB.") % {"kinds": kinds_in_words(item)}
    if item.kind == "vas" and not words.hint:
        field.help_text = _("Tap the line, move the mark with the arrow keys, or type a number from 0 to 100.")
    if item.kind == "time" and not words.hint and not phone:
        field.help_text = _("For example 22:30.")
    return field


def widget_for(item: Item, words: ItemTexts, phone: bool) -> forms.Widget:
    """The control of an item; nothing is chosen beforehand."""
    choices = [(str(code), words.options[code]) for code in item.option_codes()]
    if item.kind == "multiple":
        return Ticks(choices=choices)
    if item.kind == "yes_no":
        return Options(inline=not phone, choices=choices)
    if item.kind == "choice":
        if not phone and len(choices) > LONGEST_RADIO:
            return forms.Select(choices=[("", _("Choose one")), *choices])
        return Options(choices=choices)
    if item.kind == "vas":
        return LineSelect(words.low_label, words.high_label, choices=numbers_of(item))
    if item.kind == "scale" and steps_of(item) <= LONGEST_SCALE:
        return scale_of(item, words)
    if item.kind in NUMERIC:
        return NumberInput(words.unit, whole=item.kind != "decimal")
    return widget_for_words(item, phone)


def widget_for_words(item: Item, phone: bool) -> forms.Widget:
    if item.kind in ("date", "partial_date"):
        return SplitDateWidget()
    if item.kind == "file":
        return UploadInput(item)
    if item.kind == "time":
        return TimeInput(picker=phone)
    if item.longest > 120:
        return forms.Textarea({"rows": 3, "maxlength": item.longest})
    return forms.TextInput({"maxlength": item.longest, "autocomplete": "off"})


def steps_of(item: Item) -> float:
    return (item.maximum or 0) - (item.minimum or 0)


def scale_of(item: Item, words: ItemTexts) -> ScaleSelect:
    return ScaleSelect(words.low_label, words.high_label, choices=numbers_of(item))


def numbers_of(item: Item) -> list[tuple[str, str]]:
    low, high = int(item.minimum or 0), int(item.maximum or 0)
    return [(str(number), str(number)) for number in range(low, high + 1)]
