"""Dates in three fields: day, month (number or name, English or French), year."""

from __future__ import annotations

import calendar
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.dates import date_format

_MONTHS: Final = (
    ("january", "janvier"),
    ("february", "fevrier"),
    ("march", "mars"),
    ("april", "avril"),
    ("may", "mai"),
    ("june", "juin"),
    ("july", "juillet"),
    ("august", "aout"),
    ("september", "septembre"),
    ("october", "octobre"),
    ("november", "novembre"),
    ("december", "decembre"),
)
Bound = date | Callable[[], date] | None


def read_month(text: str) -> int | None:
    """Read a month from 1 to 12, or from a name or its first letters (three or more).

    Accents, case and a final point do not matter. None when it is no month, or could be two
    ("jui" is juin or juillet).
    """
    if text.isdecimal():
        return int(text) if len(text) <= 2 and 1 <= int(text) <= 12 else None
    plain = unicodedata.normalize("NFKD", text.casefold().rstrip("."))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if len(plain) < 3:
        return None
    fits = [n for n, names in enumerate(_MONTHS, 1) if any(m.startswith(plain) for m in names)]
    return fits[0] if len(fits) == 1 else None


class SplitDateWidget(forms.MultiWidget):
    """Three text boxes named <name>_day, <name>_month, <name>_year, each with its label.

    ``today``: a button that enters this day, where script runs; nothing is entered before it is pressed.
    """

    template_name = "forms/widgets/split_date.html"
    use_fieldset = True

    def __init__(self, autocomplete: str = "off", today: date | None = None) -> None:
        self.today = today
        parts = {"day": "w-2", "month": "w-6", "year": "w-4"}
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput(
                {
                    "class": width,
                    "inputmode": "text" if part == "month" else "numeric",
                    "autocomplete": f"bday-{part}" if autocomplete == "bday" else "off",
                    "maxlength": "20" if part == "month" else "4",
                }
            )
            for part, width in parts.items()
        }
        super().__init__(boxes)

    def decompress(self, value: Any) -> list[str]:
        if isinstance(value, date):
            return [str(value.day), str(value.month), str(value.year)]
        if value:  # a partial date as PartialDateField gives it
            year, month, day = [*str(value).split("-"), "", ""][:3]
            return [day.lstrip("0"), month.lstrip("0"), year]
        return ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        labels = (_("Day"), _("Month"), _("Year"))
        for box, label in zip(context["widget"]["subwidgets"], labels, strict=True):
            box["label"] = label
        context["widget"]["today"] = self.today
        return context


class SplitDateField(forms.Field):
    """A date of three parts, without a default; impossible dates are refused with a sentence.

    `earliest` and `latest` (dates, or functions giving one) are both allowed days.
    """

    widget = SplitDateWidget
    default_error_messages = {
        "required": _("Enter the day, month and year, for example 27 3 2026."),
    }

    def __init__(
        self,
        *,
        earliest: Bound = None,
        latest: Bound = None,
        autocomplete: str = "off",
        **kwargs: Any,
    ) -> None:
        self.earliest, self.latest = earliest, latest
        kwargs.setdefault("widget", SplitDateWidget(autocomplete))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        parts = self._parts(value)
        if not any(parts):
            return None
        day, month, year = parts
        self._check_present(day, month, year)
        return read_day(day, read_month_or_refuse(month), read_year(year))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if isinstance(value, date):
            self._check_bounds(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self._parts(data) != self._parts(SplitDateWidget().decompress(initial))

    @staticmethod
    def _parts(value: Any) -> list[str]:
        return [str(part or "").strip() for part in (value or ["", "", ""])]

    def _check_present(self, day: str, month: str, year: str) -> None:
        missing = [not day, not month, not year]
        if sum(missing) > 1:
            raise forms.ValidationError(self.error_messages["required"], code="incomplete")
        sentences = (
            _("The day is missing. Enter it too."),
            _("The month is missing. Enter it too."),
            _("The year is missing. Enter it too."),
        )
        for is_missing, sentence in zip(missing, sentences, strict=True):
            if is_missing:
                raise forms.ValidationError(sentence, code="incomplete")

    def _check_bounds(self, value: date) -> None:
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if earliest and value < earliest:
            sentence, limit = _("The date must be %(date)s or later. Check it."), earliest
        elif latest and value > latest:
            sentence, limit = _("The date must be %(date)s or earlier. Check it."), latest
        else:
            return
        raise forms.ValidationError(sentence, code="bounds", params={"date": date_format(limit, "j F Y")})


class PartialDateField(SplitDateField):
    """A date of which the day, or day and month, may be unknown: gives "2026", "2026-03" or "2026-03-17"."""

    default_error_messages = {
        "required": _("Enter at least the year, for example 2026."),
    }

    def to_python(self, value: Any) -> str | None:
        day, month, year = self._parts(value)
        if not (day or month or year):
            return None
        if not year:
            raise forms.ValidationError(self.error_messages["required"], code="incomplete")
        if day and not month:
            raise forms.ValidationError(_("The month is missing. Enter it too."), code="incomplete")
        if not month:
            return f"{read_year(year):04}"
        if not day:
            return f"{read_year(year):04}-{read_month_or_refuse(month):02}"
        whole = read_day(day, read_month_or_refuse(month), read_year(year))
        self._check_bounds(whole)
        return whole.isoformat()


def read_year(text: str) -> int:
    """Read a year of four digits, 1900 to 2199; ValidationError otherwise."""
    if not (text.isdecimal() and len(text) == 4 and 1900 <= int(text) <= 2199):
        raise forms.ValidationError(_("Write the year with four digits, for example 1974."), code="year")
    return int(text)


def read_month_or_refuse(text: str) -> int:
    """Read a month as `read_month` does; ValidationError when it is none."""
    month = read_month(text)
    if month is None:
        raise forms.ValidationError(
            _("“%(month)s” is not a month. Enter 1 to 12, or its name."),
            code="month",
            params={"month": text[:20]},
        )
    return month


def read_day(text: str, month: int, year: int) -> date:
    """Make the date; ValidationError when that month has no such day."""
    last = calendar.monthrange(year, month)[1]
    if not (text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= last):
        raise forms.ValidationError(
            _("There is no day %(day)s in %(month)s. Enter a day from 1 to %(last)s."),
            code="day",
            params={
                "day": text[:20],
                "month": date_format(date(year, month, 1), "F Y"),
                "last": last,
            },
        )
    return date(year, month, int(text))
