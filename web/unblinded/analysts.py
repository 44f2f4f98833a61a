"""Data for analysts who must not know the arms: letters in their place."""

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.problems import Problem
from exports.unblinded.dummy import export_dummy
from trials.queries import protocol_of
from web.forms.purposes import PurposeForm
from web.pages import TrialRequest, page


@page(Permission.EXPORT_UNBLINDED, methods=("GET", "POST"))
def analysts(request: TrialRequest) -> HttpResponseBase:
    """Say the purpose, get the file to hand on."""
    form = PurposeForm(_("What are the data needed for, and who gets them?"), request.POST or None)
    if request.method != "POST":
        return show(request, form)
    if not form.is_valid():
        return show(request, form, 422)
    try:
        made = export_dummy(trial=request.trial, by=request.actor, **form.cleaned_data)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, form, problem.status)
    return FileResponse(made.file, as_attachment=True, filename=made.name, content_type="application/zip")


def show(request: TrialRequest, form: PurposeForm, status: int = 200) -> HttpResponse:
    """The page with the form, and a warning where the sizes of the arms tell which is which."""
    ratio = protocol_of(request.trial).design.ratio
    context = {"form": form, "told_by_size": len(set(ratio.values())) > 1}
    return render(request, "unblinded/analysts.html", context, status=status)
