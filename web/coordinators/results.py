"""Results from a file, such as those of scans and of devices worn at home: checked, looked at, then entered whole."""

import csv
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from audit.refusals import met
from core.problems import Conflict, NotFound, Problem, Refused
from instruments import catalogue
from instruments.problems import FileRefused
from outcomes.actions import imports
from outcomes.result_files import heads, reasons_in_words
from trials.access import not_found
from trials.queries import protocol_of
from web.components import Crumb, Table, TableCell
from web.coordinators.results_entered import entered_table
from web.coordinators.results_form import MOST_SENTENCES, EnterForm, ResultsForm
from web.pages import TrialRequest, page
from web.shared.record_words import instrument_name, link, name_of_visit

MOST_ROWS_SHOWN = 100
PAGE = "coordinators:results"


@page(Permission.ENTER_RESULTS, methods=("GET", "POST"))
def results(request: TrialRequest) -> HttpResponse:
    """Choose a form and its file; the next page shows what would be entered. Nothing is written before that."""
    choices = [(code, instrument_name(code)) for code in imports.importable(request.trial)]
    if request.method != "POST":
        return show(request, ResultsForm(choices))
    if request.POST.get("do") == "enter":
        return enter(request, ResultsForm(choices))
    form = ResultsForm(choices, request.POST, request.FILES)
    if not form.is_valid():
        return show(request, form, 422)
    typed = form.cleaned_data
    try:
        ready = imports.checked(
            trial=request.trial, instrument=typed["instrument"], document=typed["file"], by=request.actor
        )
    except FileRefused as refused:
        form.refuse(refused.sentences)
        return show(request, form, 422)
    except Problem as problem:
        return refused_page(request, form, problem)
    return preview(request, ready, typed["file"])


def enter(request: TrialRequest, form: ResultsForm) -> HttpResponse:
    """Enter the file that was looked at; whatever changed meanwhile is told, and nothing is entered."""
    sent = EnterForm(request.POST)
    if not sent.is_valid():
        return show(request, form, 422, [_("The file did not arrive whole. Choose it again.")])
    typed = sent.cleaned_data
    try:
        ready = imports.load(trial=request.trial, by=request.actor, **typed)
    except FileRefused as refused:
        return show(request, form, 409, refused.sentences[:MOST_SENTENCES])
    except Problem as problem:
        if problem.field == "confirmed":
            return ask_again(request, typed, problem)
        return refused_page(request, form, problem)
    count = len(ready.rows)
    said = ngettext("%(count)s form was entered.", "%(count)s forms were entered.", count) % {"count": count}
    messages.success(request, said)
    return redirect(PAGE, trial=request.trial.code)


def refused_page(request: TrialRequest, form: ResultsForm, problem: Problem) -> HttpResponse:
    """What the state of things refuses, above the form."""
    if isinstance(problem, Refused | NotFound):
        raise problem
    met(problem)
    return show(request, form, 409 if isinstance(problem, Conflict) else 422, [problem.sentence])


def ask_again(request: TrialRequest, typed: dict[str, Any], problem: Problem) -> HttpResponse:
    """The unusual values were not confirmed: the same page, with the question."""
    ready = imports.checked(
        trial=request.trial, instrument=typed["instrument"], document=typed["document"], by=request.actor
    )
    return preview(request, ready, typed["document"], problem)


def preview(request: TrialRequest, ready: imports.Ready, document: str, problem: Problem | None = None) -> HttpResponse:
    """What would be entered, and the unusual values to look at."""
    facts = {"instrument": ready.instrument, "document": document, "sha256": ready.sha256, "confirmed": ""}
    form = EnterForm(facts if problem else None, initial=facts, asks=bool(ready.unlikely))
    if problem:
        form.add_problem(problem)
    context = {
        "crumbs": crumbs(request),
        "title": instrument_name(ready.instrument),
        "form": form,
        "table": rows_table(request, ready),
        "count": len(ready.rows),
        "hidden": max(0, len(ready.rows) - MOST_ROWS_SHOWN),
        "unlikely": unlikely_in_words(ready),
    }
    return render(request, "coordinators/results_preview.html", context, status=422 if problem else 200)


def rows_table(request: TrialRequest, ready: imports.Ready) -> Table:
    """The first rows, as they would be entered."""
    protocol = protocol_of(request.trial)
    rows = [
        [
            TableCell(form.participant.number),
            TableCell(name_of_visit(protocol, form.visit)),
            TableCell(str(len(row.checked.values)), number=True),
            TableCell(str(len(row.checked.missing)), number=True),
        ]
        for row, form in ready.rows[:MOST_ROWS_SHOWN]
    ]
    head = [_("Participant"), _("Visit"), _("Values"), _("Without a value, with the reason")]
    return Table(_("What would be entered"), head, rows)


def unlikely_in_words(ready: imports.Ready) -> list[str]:
    """Every value to confirm or correct, with where it stands."""
    return [
        _("Row %(line)s (%(number)s), %(item)s = %(value)s: %(sentence)s")
        % {
            "line": row.line,
            "number": row.number,
            "item": item,
            "value": row.checked.values[item],
            "sentence": sentence,
        }
        for row, item, sentence in ready.unlikely
    ]


def show(request: TrialRequest, form: ResultsForm, status: int = 200, refused: Sequence[str] = ()) -> HttpResponse:
    """The form, the forms that wait for results, and why a file that was looked at could not be entered."""
    codes = imports.importable(request.trial)
    waiting = [
        (code, instrument_name(code), imports.awaited(trial=request.trial, instrument=code, by=request.actor).count())
        for code in codes
    ]
    context = {
        "form": form,
        "waiting": waiting,
        "reasons": reasons_in_words(),
        "refused": refused,
        "entered": entered_table(request),
    }
    return render(request, "coordinators/results.html", context, status=status)


def crumbs(request: TrialRequest) -> list[Crumb]:
    return [Crumb(_("Results from a file"), link(PAGE, trial=request.trial.code))]


@page(Permission.ENTER_RESULTS)
def table(request: TrialRequest, instrument: str) -> HttpResponse:
    """An empty file for a form: its heads, and a row for every form that waits for results and is open."""
    if instrument not in imports.importable(request.trial):
        raise not_found()
    forms = list(imports.awaited(trial=request.trial, instrument=instrument, by=request.actor))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.trial.code}_{instrument}.csv"'
    writer = csv.writer(response)
    first = heads(catalogue.load(instrument))
    recurs = any(form.visit.number > 1 for form in forms)
    writer.writerow([*first[:2], *(["occurrence"] if recurs else []), *first[2:]])
    for form in forms:
        own = [form.participant.number, form.visit.code, *([form.visit.number] if recurs else [])]
        writer.writerow([*own, *[""] * (len(first) - 2)])
    return response
