"""Data without arms, as a file."""

from django import forms
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.problems import Problem
from exports import blinded
from web.forms import Form
from web.pages import TrialRequest, page


class ExportForm(Form):
    """Whole, or for others."""

    for_sharing = forms.BooleanField(
        label=_("For sharing: only those who agreed to it; without sites, free text and study numbers"), required=False
    )


@page(Permission.EXPORT_BLINDED, methods=("GET", "POST"))
def exports(request: TrialRequest) -> HttpResponseBase:
    """Get the file."""
    if request.method != "POST":
        return show(request, ExportForm())
    form = ExportForm(request.POST)
    form.full_clean()
    try:
        made = blinded.export(trial=request.trial, by=request.actor, for_sharing=form.cleaned_data["for_sharing"])
    except Problem as problem:
        form.add_problem(problem)
        return show(request, form, problem.status)
    return FileResponse(made.file, as_attachment=True, filename=made.name, content_type="application/zip")


def show(request: TrialRequest, form: ExportForm, status: int = 200) -> HttpResponse:
    """The page with the form."""
    return render(request, "monitors/exports.html", {"form": form, "sites": request.sites}, status=status)
