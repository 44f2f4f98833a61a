"""What the forms refuse, keep and say."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from core.problems import Invalid, Problem
from web import forms
from web.forms.dates import read_month


class Visit(forms.Form):
    held_on = forms.SplitDateField(label="Held on", earliest=date(2025, 9, 1), latest=lambda: date(2026, 3, 17))
    onset = forms.PartialDateField(label="Onset", required=False)
    weight = forms.NumberField(label="Weight", unit="kg", low=30, high=250, places=1, likely=(45, 150), required=False)
    smoker = forms.YesNoField(label="Smokes", required=False)
    pain = forms.ScaleField(label="Pain", required=False)


def fill(**answers: str) -> Visit:
    entered = {"held_on_day": "17", "held_on_month": "3", "held_on_year": "2026"} | answers
    return Visit(MultiValueDict({name: [value] for name, value in entered.items()}))


def dated(day: str, month: str, year: str) -> Visit:
    return fill(held_on_day=day, held_on_month=month, held_on_year=year)


@pytest.mark.parametrize("month", ["3", "03", "March", "march", "Mar", "mars", "MARS"])
def test_a_month_is_a_number_or_a_name_in_either_language(month: str) -> None:
    form = dated("17", month, "2026")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["held_on"] == date(2026, 3, 17)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("févr.", 2),
        ("août", 8),
        ("AOUT", 8),
        ("déc", 12),
        ("juil", 7),
        ("juin", 6),
        ("jul", 7),
        ("avr", 4),
        ("sept.", 9),
    ],
)
def test_accents_case_and_points_do_not_matter(text: str, number: int) -> None:
    assert read_month(text) == number


@pytest.mark.parametrize("text", ["jui", "ju", "13", "0", "blue", "", "³", "1.5"])
def test_what_is_no_month_or_could_be_two_is_not_guessed(text: str) -> None:
    assert read_month(text) is None


@pytest.mark.parametrize(
    ("day", "month", "year", "sentence"),
    [
        ("31", "2", "2026", "There is no day 31 in February 2026. Enter a day from 1 to 28."),
        ("29", "feb", "2026", "There is no day 29 in February 2026. Enter a day from 1 to 28."),
        ("x", "3", "2026", "There is no day x in March 2026. Enter a day from 1 to 31."),
        ("1", "blue", "2026", "“blue” is not a month. Enter 1 to 12, or its name."),
        ("1", "3", "26", "Write the year with four digits, for example 1974."),
        ("", "3", "2026", "The day is missing. Enter it too."),
        ("1", "", "2026", "The month is missing. Enter it too."),
        ("1", "3", "", "The year is missing. Enter it too."),
        ("", "", "", "Enter the day, month and year, for example 27 3 2026."),
        ("18", "3", "2026", "The date must be 17 March 2026 or earlier. Check it."),
        ("31", "8", "2025", "The date must be 1 September 2025 or later. Check it."),
    ],
)
def test_an_impossible_date_is_refused_with_what_to_do(day: str, month: str, year: str, sentence: str) -> None:
    assert dated(day, month, year).errors["held_on"] == [sentence]


def test_what_was_typed_stays_in_the_boxes_of_a_refused_date() -> None:
    page = str(dated("31", "Febr", "2026"))
    for typed in ('value="31"', 'value="Febr"', 'value="2026"'):
        assert typed in page


def test_a_new_form_has_no_answer_not_even_todays_date() -> None:
    page = str(Visit())
    assert "checked" not in page
    assert "selected" not in page
    assert page.count("value=") == 2 + 11  # yes and no, and the steps of the scale


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        (("", "", "2019"), "2019"),
        (("", "mai", "2019"), "2019-05"),
        (("2", "5", "2019"), "2019-05-02"),
        (("", "", ""), None),
    ],
)
def test_a_partial_date_keeps_what_is_known_and_no_more(parts: tuple[str, str, str], kept: str | None) -> None:
    form = fill(onset_day=parts[0], onset_month=parts[1], onset_year=parts[2])
    assert form.is_valid(), form.errors
    assert form.cleaned_data["onset"] == kept


def test_a_partial_date_without_its_year_is_refused() -> None:
    assert fill(onset_month="5").errors["onset"] == ["Enter at least the year, for example 2026."]


@pytest.mark.parametrize(("typed", "value"), [("72.5", "72.5"), ("72,5", "72.5"), (" 72 ", "72"), ("1 00", "100")])
def test_a_number_may_have_a_decimal_comma(typed: str, value: str) -> None:
    form = fill(weight=typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["weight"] == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("heavy", "Enter a number, in digits."),
        ("1e3", "Enter a number, in digits."),
        ("NaN", "Enter a number, in digits."),
        ("9" * 5000, "Enter a number, in digits."),
        ("72.55", "Enter at most 1 decimal."),
        ("300", "300 is not possible here. Allowed: From 30 to 250 kg."),
    ],
)
def test_an_impossible_number_is_refused(typed: str, sentence: str) -> None:
    assert fill(weight=typed).errors["weight"] == [sentence]


def test_unit_and_range_are_said_before_entry_and_in_the_readers_language_of_numbers() -> None:
    field = forms.NumberField(label="Torque", unit="Nm", low=Decimal("0.5"), high=400, places=1)
    assert field.range_hint == "From 0.5 to 400 Nm"
    with translation.override("fr"):
        assert "0,5" in field.range_hint


def test_an_unlikely_number_is_asked_about_once_and_kept_when_confirmed() -> None:
    asked = fill(weight="210")
    assert asked.errors["weight"] == ["210 kg is unusual. Correct it, or confirm it below."]
    assert 'name="weight-confirmed" value="210"' in str(asked)
    confirmed = fill(weight="210", **{"weight-confirmed": "210"})
    assert confirmed.is_valid(), confirmed.errors
    assert confirmed.unlikely == {"weight"}


def test_a_confirmation_does_not_cover_another_number() -> None:
    assert "weight" in fill(weight="215", **{"weight-confirmed": "210"}).errors


@pytest.mark.parametrize(("typed", "value"), [("yes", True), ("no", False), ("", None)])
def test_unanswered_is_neither_yes_nor_no(typed: str, value: bool | None) -> None:
    form = fill(smoker=typed)
    assert form.is_valid()
    assert form.cleaned_data["smoker"] is value


def test_a_scale_gives_its_number_and_refuses_others() -> None:
    form = fill(pain="0")
    assert form.is_valid()
    assert form.cleaned_data["pain"] == 0
    assert "pain" in fill(pain="11").errors


def test_problems_of_a_verb_appear_at_their_fields_and_the_rest_on_top() -> None:
    form = fill()
    form.add_problem(
        Invalid(
            [
                Problem("visit.locked", "The visit is locked.", field="nowhere"),
                Problem("visit.early", "Too early by %(days)s days.", field="held_on", params={"days": 3}),
            ]
        )
    )
    assert form.non_field_errors() == ["The visit is locked."]
    assert form.errors["held_on"] == ["Too early by 3 days."]


class Change(forms.Form):
    reason = forms.ReasonField()


@pytest.mark.parametrize("typed", ["", "  ", "x"])
def test_a_change_needs_a_reason_in_words(typed: str) -> None:
    assert "reason" in Change({"reason": typed}).errors


class Late(forms.Form):
    """A form whose fields are the protocol's: they come when it is made."""

    def __init__(self, data: dict[str, str]) -> None:
        super().__init__(data)
        self.fields["role"] = forms.ChoiceField(label="Role", choices=[("monitor", "Monitor")], as_list=True)


def test_a_field_that_is_added_late_refuses_in_the_same_words() -> None:
    assert Late({}).errors == {"role": ["Choose one."]}
