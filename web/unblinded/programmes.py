"""CERT, TIDieR and adherence by arm, filled from the protocol and the session logs."""

from collections.abc import Callable, Sequence
from statistics import fmean, median, stdev

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.numbers import to_places
from core.problems import Problem
from exports.unblinded.programmes import Reported, programme_report
from exports.unblinded.reporting import Line
from therapy.adherence import Adherence
from web.components import Table, TableCell
from web.forms import Form
from web.pages import TrialRequest, page


class PurposeForm(Form):
    """What the tables by arm are for."""

    purpose = forms.CharField(
        label=gettext_lazy("What is the report by arm needed for?"),
        help_text=gettext_lazy("It is kept in the audit trail with your name and the time, each time."),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )


@page(Permission.EXPORT_UNBLINDED, methods=("GET", "POST"))
def programmes(request: TrialRequest) -> HttpResponse:
    """Say the purpose; read the tables."""
    form = PurposeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "unblinded/programmes_form.html", {"form": form}, status=status)
    purpose = form.cleaned_data["purpose"]
    try:
        with programme_report(trial=request.trial, by=request.actor, purpose=purpose) as arms:
            tables = [adherence_table(arms), *(table for arm in arms for table in checklists(arm))]
    except Problem as problem:
        form.add_problem(problem)
        return render(request, "unblinded/programmes_form.html", {"form": form}, status=problem.status)
    return render(request, "unblinded/programmes.html", {"tables": tables, "purpose": purpose})


def checklists(arm: Reported) -> list[Table]:
    """Both checklists of an arm."""
    return [
        checklist(_("CERT: %(arm)s") % {"arm": arm.name}, arm.cert),
        checklist(_("TIDieR: %(arm)s") % {"arm": arm.name}, arm.tidier),
    ]


def checklist(caption: str, lines: Sequence[Line]) -> Table:
    rows = [[TableCell(item), TableCell(asked), TableCell(answer)] for item, asked, answer in lines]
    return Table(caption, [_("Item"), _("What it asks"), _("Answer")], rows)


def adherence_table(arms: Sequence[Reported]) -> Table:
    """Adherence by arm; the denominator is everybody randomized and every session of the programme."""
    lines: list[tuple[str, Callable[[Adherence], float | None]]] = [
        (_("Attended, per cent of the programme"), lambda each: each.attended_percent),
        (_("Done in full, per cent of the programme"), lambda each: each.done_percent),
        (_("Attended within the programme's weeks, per cent of the programme"), lambda each: each.window_percent),
        (_("Weeks with all sessions"), lambda each: each.full_weeks),
        (_("Minutes of a session"), lambda each: each.minutes / each.timed if each.timed else None),
        (_("Days from randomization to the first session"), lambda each: each.days_to_first),
    ]
    rows = [
        [TableCell(name), *(TableCell(described([read(each) for each in arm.adherences]), number=True) for arm in arms)]
        for name, read in lines
    ]
    rows.insert(0, [TableCell(_("Randomized")), *(TableCell(str(len(arm.adherences)), number=True) for arm in arms)])
    caption = _("Adherence by participant: mean (SD), median; number")
    return Table(caption, [_("Value"), *(arm.name for arm in arms)], rows)


def described(values: Sequence[float | None]) -> str:
    """Mean, standard deviation, median and number of those that are known."""
    known = [value for value in values if value is not None]
    if not known:
        return "–"
    spread = to_places(stdev(known), 1) if len(known) > 1 else "–"
    return f"{to_places(fmean(known), 1)} ({spread}), {to_places(median(known), 1)}; {len(known)}"
