"""One way to answer a page with a form: save and go on, or say what is wrong and keep what was typed."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.problems import Conflict, NotFound, Problem, Refused
from participants.models import Participant
from participants.queries import participant_by_number
from web.components import Crumb
from web.forms import Form
from web.pages import TrialRequest
from web.shared.record import crumbs
from web.shared.record_words import link

FORM_PAGE = "coordinators/form_page.html"


def person_of(request: TrialRequest, number: str) -> Participant:
    """The participant of an address, or NotFound."""
    return participant_by_number(request.trial, number, request.sites)


def about(request: TrialRequest, participant: Participant, **more: Any) -> dict[str, Any]:
    """What every page about one participant shows: where it is, and the way back to the record."""
    record = link("record", trial=request.trial.code, number=participant.number)
    where = [*crumbs(request), Crumb(participant.number, record)]
    return {"participant": participant, "crumbs": where, "back": record, **more}


def answer(
    request: TrialRequest,
    form: Form,
    context: Mapping[str, Any],
    save: Callable[[dict[str, Any]], str],
    *,
    said: Any = "",
    template: str = FORM_PAGE,
) -> HttpResponse:
    """The page, or after saving a redirect to what ``save`` gives, with a sentence that it was done.

    A problem of the verb becomes an error of the form: 409 when the record moved on, 422 otherwise.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                target = save(form.cleaned_data)
            except (Refused, NotFound):
                raise
            except Problem as problem:
                form.add_problem(problem)
                status = 409 if isinstance(problem, Conflict) else 422
            else:
                if said:
                    messages.success(request, said)
                return redirect(target)
    return render(request, template, {**context, "form": form}, status=status)
