"""Exports by arm: with the purpose on record, each time."""

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.problems import Problem
from exports import unblinded
from review.policies import is_locked
from web.forms.purposes import PurposeForm
from web.pages import TrialRequest, page


@page(Permission.EXPORT_UNBLINDED, methods=("GET", "POST"))
def exports(request: TrialRequest) -> HttpResponseBase:
    """Say the purpose, get the file."""
    form = PurposeForm(_("What are the data by arm needed for?"), request.POST or None)
    if request.method != "POST":
        return show(request, form)
    if not form.is_valid():
        return show(request, form, 422)
    try:
        made = unblinded.export(trial=request.trial, by=request.actor, **form.cleaned_data)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, form, problem.status)
    return FileResponse(made.file, as_attachment=True, filename=made.name, content_type="application/zip")


def show(request: TrialRequest, form: PurposeForm, status: int = 200) -> HttpResponse:
    """The page with the form."""
    context = {
        "form": form,
        "locked": is_locked(request.trial),
        "blinded_url": reverse("monitors:exports", args=[request.trial.code]),
    }
    return render(request, "statisticians/exports.html", context, status=status)
