"""Every component on one page, in every state, with invented figures."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from web import components as c
from web import forms
from web.charts import LineChart, Series


class SampleForm(forms.Form):
    """One field of each kind."""

    signed_on = forms.SplitDateField(
        label="Date of signature", help_text="As written on the form, for example 27 3 2026."
    )
    onset = forms.PartialDateField(label="Pain began", required=False, help_text="Leave out what is not known.")
    height = forms.NumberField(label="Height", unit="cm", low=50, high=250, places=1, likely=(140, 205))
    smoker = forms.YesNoField(label="Smokes now")
    pain = forms.ScaleField(label="Pain now", low_label="No pain", high_label="Worst imaginable")
    position = forms.ChoiceField(
        label="Position", choices=[("sit", "Sitting"), ("lie", "Lying"), ("stand", "Standing")]
    )
    places = forms.ChoicesField(label="Where it hurts", choices=[("back", "Low back"), ("leg", "Leg")], required=False)
    side = forms.ChoiceField(label="Side tested first", choices=[("l", "Left"), ("r", "Right")], as_list=True)
    reason = forms.ReasonField()


_ENTERED = {
    "signed_on_day": "31",
    "signed_on_month": "Feb",
    "signed_on_year": "2026",
    "height": "215",
    "smoker": "no",
    "pain": "3",
}


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    context: dict[str, Any] = {
        "crumbs": [c.Crumb("Participants", "#"), c.Crumb("MTL-9WPC", "#")],
        "states": list(c.STATES),
        "rows": _work_rows(),
        "figures": [
            c.Figure(43, "randomized of 106"),
            c.Figure(5, "ready to randomize"),
            c.Figure("96 %", "baseline complete"),
            c.Figure(2, "late"),
        ],
        "empty_form": SampleForm(prefix="empty"),
        "filled": SampleForm(_ENTERED),
        "summary": _summary(),
        "events": _events(),
        "matrix": _matrix(),
        "table": _table(),
        "chart": _chart(),
        "marks": _marks(),
        "steps": _steps(),
        "tabs": [
            c.Tab("All", "#", count=43),
            c.Tab("Late", "#", current=True, count=2),
            c.Tab("Withdrawn", "#", count=0),
        ],
        "page": Paginator(range(120), 25).page(2),
        "action": c.Action("Book", "#"),
    }
    return render(request, "gallery.html", context)


def _work_rows() -> list[c.WorkRow]:
    return [
        c.WorkRow("late", "2 days late", "MTL-7F3K", "Weekly pain, week 9", "Two messages sent", c.Action("Call", "#")),
        c.WorkRow(
            "closing", "3 days left", "MTL-9WPC", "16-week questionnaires", "4 of 10 answered", c.Action("Open", "#")
        ),
        c.WorkRow("due", "09:30", "MTL-8BNZ", "Screening call", action=c.Action("Screen", "#")),
        c.WorkRow("planned", "Thursday", "MTL-6TYE", "Baseline visit", "MRI at 15:00", c.Action("Open", "#")),
    ]


def _summary() -> list[c.SummaryRow]:
    return [
        c.SummaryRow("Language", "French", "#"),
        c.SummaryRow("May be contacted again", "Yes", "#"),
        c.SummaryRow("Interview", None, "#"),
    ]


def _events() -> list[c.TimelineEvent]:
    return [
        c.TimelineEvent("Screened, eligible", "28 October 2025, É. Tremblay"),
        c.TimelineEvent("Consent, version 2, in French", "3 November 2025, copy sent", "#"),
        c.TimelineEvent("Randomized", "18 November 2025"),
        c.TimelineEvent("16-week visit", "booked for Thursday 19 March 2026, 10:00", next=True),
    ]


def _matrix() -> c.Matrix:
    names = ("Screening", "Baseline", "Week 4", "Week 8", "Week 12", "Week 16")
    states = {
        "Eligibility": ("complete", "", "", "", "", ""),
        "Disability": ("", "complete", "", "", "", "started"),
        "Pain": ("", "complete", "complete", "missed", "complete", "due"),
        "Strength": ("", "complete", "", "", "", "not_due"),
    }
    columns = [c.Column(name, "until 20 March" if name == "Week 16" else "", name == "Week 16") for name in names]
    rows = [
        c.MatrixRow(form, [c.Cell(state, "#" if state != "not_due" else "") if state else None for state in line])
        for form, line in states.items()
    ]
    return c.Matrix(columns, rows)


def _table() -> c.Table:
    rows = [
        [
            c.TableCell("MTL-7F3K", url="#"),
            c.TableCell("Montréal"),
            c.TableCell(state="late"),
            c.TableCell(12, number=True),
        ],
        [
            c.TableCell("MTL-9WPC", url="#"),
            c.TableCell("Montréal"),
            c.TableCell(state="complete"),
            c.TableCell(8, number=True),
        ],
    ]
    return c.Table("Participants", ["Number", "Site", "Next form", "Week"], rows)


def _chart() -> LineChart:
    months = ("Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
    recruited, target = Series("Randomized", (0, 5, 14, 19, 27, 36, 43)), Series("Target", (0, 7, 14, 21, 28, 35, 42))
    return LineChart(
        "Recruitment", "43 randomized, one more than planned by now.", "Month", months, (recruited, target)
    )


def _marks() -> list[c.SessionMark]:
    odd = {21: "shortened", 23: "cancelled", 25: "missed"}
    return [
        c.SessionMark(n, odd.get(n, "done" if n < 28 else "planned"), "#" if n <= 28 else "", n == 28)
        for n in range(1, 49)
    ]


def _steps() -> list[c.FlowStep]:
    return [
        c.FlowStep(118, "assessed for eligibility", ("52 not eligible", "14 declined")),
        c.FlowStep(52, "consented", ("9 not yet randomized",)),
        c.FlowStep(43, "randomized"),
    ]
