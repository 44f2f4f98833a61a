"""What the shared components say, in words and not by colour alone."""

from itertools import pairwise
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from web import components as c
from web import forms
from web.charts import LineChart, Series
from web.icons import NAMES
from web.templatetags.armslength import error_summary, field, status


@pytest.mark.parametrize("state", c.STATES)
def test_every_state_has_words_and_a_shape(state: str) -> None:
    mark = status(state)
    assert str(c.STATES[state]) in mark
    assert "<svg" in mark


def test_the_five_states_of_a_form_have_five_shapes() -> None:
    shapes = {status(state, text="same", compact=True).replace(f"st-{state}", "") for state in c.FORM_STATES}
    assert len(shapes) == 5


def test_a_compact_mark_keeps_its_words_for_screen_readers() -> None:
    assert '<span class="visually-hidden">missed</span>' in status("missed", compact=True)


def test_an_unknown_state_is_a_mistake_of_the_page() -> None:
    with pytest.raises(KeyError):
        status("sort of")


def test_words_of_a_mark_are_escaped() -> None:
    assert "<b>" not in status("late", text="<b>2 days late</b>")


def test_every_state_has_its_own_drawing() -> None:
    assert set(c.STATES) <= NAMES


class Asked(forms.Form):
    signed_on = forms.SplitDateField(label="Signed on", help_text="As on the form.")
    height = forms.NumberField(label="Height", unit="cm", low=50, high=250)
    smoker = forms.YesNoField(label="Smokes")


def test_the_summary_says_the_words_of_the_field_and_leads_to_its_first_box() -> None:
    form = Asked({"height": "999"})
    page = render_to_string("components/error_summary.html", error_summary(form))
    for target, bound in (("#id_signed_on_0", "signed_on"), ("#id_height", "height"), ("#id_smoker_0", "smoker")):
        sentence = form.errors[bound][0]
        assert f'href="{target}"' in page
        assert f'id="{target[1:]}"' in field(form[bound])
        assert sentence in page
        assert sentence in field(form[bound])
    assert 'tabindex="-1"' in page


def test_there_is_no_summary_without_errors() -> None:
    assert "There is a problem" not in render_to_string("components/error_summary.html", error_summary(Asked()))


def test_a_control_is_described_by_hint_range_and_error() -> None:
    form = Asked({"height": "999"})
    height = field(form["height"])
    assert 'aria-describedby="id_height_range id_height_error"' in height
    assert 'id="id_height_range"' in height
    assert 'id="id_height_error"' in height
    assert 'aria-invalid="true"' in height
    assert '<fieldset class="field wrong" aria-describedby="id_signed_on_helptext id_signed_on_error">' in field(
        form["signed_on"]
    )


def test_a_title_says_error_when_the_form_has_one() -> None:
    assert "<title>Error: " in render_to_string("errors/page.html", {"form": Asked({})})
    assert "<title>Error: " not in render_to_string("errors/page.html", {"form": Asked()})


def test_a_row_of_work_names_its_participant_in_the_button() -> None:
    row = c.WorkRow("late", "2 days late", "MTL-7F3K", "Weekly pain", action=c.Action("Call", "/call/"))
    page = render_to_string("components/worklist.html", {"rows": [row]})
    assert 'Call<span class="visually-hidden">: MTL-7F3K, Weekly pain</span>' in page


def test_an_empty_worklist_says_so() -> None:
    assert "Nothing due." in render_to_string("components/worklist.html", {"rows": []})


def test_an_unanswered_line_is_not_an_empty_one() -> None:
    page = render_to_string("components/summary_list.html", {"rows": [c.SummaryRow("Interview", None)]})
    assert "Not answered" in page


def test_every_session_says_its_number_and_state() -> None:
    marks = [
        c.SessionMark(1, "done"),
        c.SessionMark(2, "shortened"),
        c.SessionMark(3, "missed"),
        c.SessionMark(4, "planned"),
    ]
    page = render_to_string("components/session_grid.html", {"marks": marks})
    for words in ("Session 1: done", "Session 2: shortened", "Session 3: missed", "1 missed"):
        assert words in page


def test_cells_carry_the_name_of_their_column_for_the_narrow_screen() -> None:
    table = c.Table("People", ["Number", "Week"], [[c.TableCell("MTL-1"), c.TableCell(12, number=True)]])
    page = render_to_string("components/table.html", {"table": table})
    assert '<td class="number" data-label="Week">' in page
    assert '<th scope="row">MTL-1' in page


def chart(*series: Series) -> LineChart:
    return LineChart("Recruitment", "On target.", "Month", ["Jan", "Feb", "Mar"], series)


def test_a_chart_has_title_words_and_its_numbers() -> None:
    page = render_to_string("components/line_chart.html", {"chart": chart(Series("Randomized", [1, 2.5, None]))})
    assert 'aria-label="Recruitment. On target."' in page
    assert "<details>" in page
    assert "2.5" in page


def test_a_chart_is_drawn_with_points_whatever_the_language() -> None:
    drawn = {"chart": chart(Series("A", [1.5, 2, 3]), Series("B", [3, 2, 1]))}
    english = render_to_string("components/line_chart.html", drawn)
    with translation.override("fr"):
        french = render_to_string("components/line_chart.html", drawn)
    assert (
        english[english.index("<path") : english.index("</svg>")]
        == french[french.index("<path") : french.index("</svg>")]
    )


def test_a_gap_in_a_line_is_not_drawn_as_zero() -> None:
    line = chart(Series("A", [1, None, 3])).lines[0]
    assert line.path.count("M") == 2
    assert "L" not in line.path


@pytest.mark.parametrize("values", [[], [0, 0], [0.004], [7], [106], [5000, 12]])
def test_the_axis_starts_at_zero_and_ends_above_every_value(values: list[float]) -> None:
    drawn: Any = chart(Series("A", values))
    ticks = drawn.y_ticks
    assert ticks[0].text == "0"
    assert float(ticks[-1].text) >= max(values, default=0)
    assert 2 <= len(ticks) <= 7


def test_names_at_the_ends_of_lines_do_not_overlap() -> None:
    lines = chart(Series("A", [40]), Series("B", [41]), Series("C", [40.5])).lines
    heights = sorted(line.name_y for line in lines)
    assert all(b - a >= 14 for a, b in pairwise(heights))
