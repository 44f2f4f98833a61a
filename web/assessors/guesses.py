"""After the last form of a visit: which group the assessor believes it is. Asked once, shown to nobody blinded."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from outcomes.queries import guess_waits
from trials.queries import protocol_of
from web import guess_form
from web.assessors.visits import forms_of
from web.components import Crumb
from web.instrument_forms.places import visit_in_words
from web.pages import TrialRequest, page


@page(Permission.ASSESS, methods=("GET", "POST"))
def guess(request: TrialRequest, visit: UUID) -> HttpResponse:
    """Guess, or say why not; then back to what is due."""
    planned = forms_of(request, visit)[0].visit
    protocol = protocol_of(request.trial)
    if not guess_waits(planned, request.actor):
        return redirect("assessors:visit", trial=request.trial.code, visit=visit)
    skipping = request.POST.get("step") == "skip"
    data = request.POST if request.method == "POST" else None
    asked = guess_form.GuessForm(protocol, _("Which group do you believe it is?"), None if skipping else data)
    skip = guess_form.SkipForm(data if skipping else None)
    if data is not None and guess_form.keep(planned, request.actor, asked, skip, skipping=skipping):
        messages.success(request, _("Thank you. Your answer is kept and not shown again."))
        return redirect("assessors:home", trial=request.trial.code)
    context = {
        "crumbs": [Crumb(_("Due this week"), reverse("assessors:home", args=[request.trial.code]))],
        "lead": f"{planned.participant.number}, {visit_in_words(planned, protocol)}",
        "form": asked,
        "skip": skip,
    }
    return render(request, "assessors/guess.html", context, status=200 if data is None else 422)
