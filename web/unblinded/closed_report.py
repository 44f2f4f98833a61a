"""The closed report to the committee that watches over the trial: by arm, with its purpose on record each time."""

import io
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core import clock
from core.dates import date_format
from core.problems import Problem
from exports.cells import as_text
from exports.tables import write
from exports.unblinded.closed import ByArm, closed_report, may_name
from outcomes.queries import completeness
from safety.queries import tallies
from safety.short_queries import deviation_tallies
from trials.queries import protocol_of
from web.components import Table
from web.event_tables import deviation_table, event_table
from web.forms import ChoiceField, Form
from web.pages import TrialRequest, page
from web.shared.report_tables import baseline_table, completeness_table, retention_table
from web.unblinded.closed_tables import adherence_table, delivery_table, errors_table, flow_table

HEAD = ["table", "line", "arm", "value"]


class ReportForm(Form):
    """What the report is for, and what its arms are called."""

    purpose = forms.CharField(
        label=gettext_lazy("What is the report by arm needed for?"),
        help_text=gettext_lazy("It is kept in the audit trail with your name and the time, each time."),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["arms"] = ChoiceField(
            label=_("Arms are called"),
            choices=[("letters", _("by letters, the same in every report")), ("names", _("by their names"))],
            help_text=_("Names only once the code is broken."),
        )


@page(Permission.EXPORT_UNBLINDED, methods=("GET", "POST"))
def closed(request: TrialRequest) -> HttpResponseBase:
    """Say the purpose; read the report, or take it along as a file."""
    form = ReportForm(request.POST or None)
    if request.method != "POST":
        return show(request, form)
    if not form.is_valid():
        return show(request, form, 422)
    entered, taken = form.cleaned_data, request.POST.get("step") == "file"
    named = entered["arms"] == "names"
    try:
        with closed_report(
            trial=request.trial, by=request.actor, purpose=entered["purpose"], named=named, taken=taken
        ) as by_arm:
            tables = tables_of(request, by_arm)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, form, problem.status)
    if taken:
        return file_of(request, tables)
    context = {"tables": tables, "purpose": entered["purpose"], "day": _today(request)}
    return render(request, "unblinded/closed_report.html", context)


def show(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    """The page with the form."""
    context = {"form": form, "may_name": may_name(request.trial)}  # type: ignore[attr-defined]
    return render(request, "unblinded/closed_report_form.html", context, status=status)


def tables_of(request: TrialRequest, by_arm: ByArm) -> list[Table]:
    """All tables of the report, a column for each arm. Needs the blindfold lifted."""
    protocol, today = protocol_of(request.trial), clock.today(request.trial.time_zone)
    audience = {membership.role for membership in request.memberships}
    known = list(completeness(by_arm.sites, audience, today))
    return [
        flow_table(by_arm.groups),
        baseline_table(by_arm.groups, protocol, audience),
        retention_table(by_arm.groups, protocol, today),
        completeness_table(by_arm.groups, protocol, today, known),
        adherence_table(by_arm.groups),
        event_table({name: tallies(keys) for name, keys in by_arm.groups.items()}),
        deviation_table({name: deviation_tallies(keys) for name, keys in by_arm.groups.items()}),
        delivery_table(by_arm.groups),
        errors_table(by_arm.groups, by_arm.errata),
    ]


def file_of(request: TrialRequest, tables: Sequence[Table]) -> FileResponse:
    """The same as CSV, a row for each figure of each arm, from a file that vanishes once it is sent."""
    file = tempfile.TemporaryFile(prefix="armslength-closed-")  # noqa: SIM115 -- handed over open
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    write(HEAD, _lines(tables), text)
    text.flush()
    text.detach()
    file.seek(0)
    day = clock.today(request.trial.time_zone)
    name = f"{request.trial.code.lower()}-closed-report-{day:%Y-%m-%d}.csv"
    return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def _lines(tables: Sequence[Table]) -> Iterator[list[str]]:
    for table in tables:
        for row in table.rows:
            for arm, cell in zip(table.head[1:], row[1:], strict=True):
                yield [as_text(str(each)) for each in (table.caption, row[0].text, arm, cell.text)]


def _today(request: TrialRequest) -> str:
    return date_format(clock.today(request.trial.time_zone), "j F Y")
