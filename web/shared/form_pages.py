"""One form of one participant, for every blinded role: to fill, to read, to correct, to close."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from accounts.permissions import Permission as P
from outcomes.models import Form
from outcomes.queries import form_at
from web.components import Crumb
from web.instrument_forms.closing import not_done_page
from web.instrument_forms.correcting import correction_page, receive_decision, request_at
from web.instrument_forms.pages import staff_form_page
from web.instrument_forms.places import Place, unblinding_of
from web.pages import TrialRequest, page
from web.shared.record import crumbs

FILLERS = (P.ENTER_FOR_PARTICIPANT, P.ENTER_RESULTS, P.ASSESS)
"""Whoever fills forms of some kind here. Who fills another kind than this one may still read it."""


def place_of(request: TrialRequest, form: Form) -> Place:
    """The shared addresses of a form."""
    args = [request.trial.code, form.pk]
    return Place(
        form_url=reverse("form", args=args),
        correct_url=reverse("form_correct", args=args),
        not_done_url=reverse("form_not_done", args=args),
        unblinding=unblinding_of(form),
        crumbs=crumbs_of(request, form),
    )


def crumbs_of(request: TrialRequest, form: Form) -> list[Crumb]:
    """The list and the participant's record above the form."""
    url = reverse("record", kwargs={"trial": request.trial.code, "number": form.participant.number})
    return [*crumbs(request), Crumb(form.participant.number, url)]


def form_of(request: TrialRequest, key: UUID) -> Form:
    return form_at(request.sites, key, audience_of(request))


def audience_of(request: TrialRequest) -> set[str]:
    """The roles the person holds in the trial."""
    return {membership.role for membership in request.memberships}


@page(P.VIEW_PARTICIPANTS, methods=("GET", "POST"), to_post=FILLERS)
def form_page(request: TrialRequest, form: UUID) -> HttpResponse:
    """Fill a form, or read it."""
    found = form_of(request, form)
    return staff_form_page(request, found, place_of(request, found))


@page(P.CORRECT, *FILLERS, methods=("GET", "POST"))
def correct(request: TrialRequest, form: UUID) -> HttpResponse:
    """Correct a submitted form, or record the participant's request for it."""
    found = form_of(request, form)
    return correction_page(request, found, place_of(request, found))


@page(*FILLERS, methods=("GET", "POST"))
def not_done(request: TrialRequest, form: UUID) -> HttpResponse:
    """Close a form unanswered."""
    found = form_of(request, form)
    return not_done_page(request, found, place_of(request, found))


@page(P.CORRECT, methods=("POST",))
def decide(request: TrialRequest, asked: UUID) -> HttpResponse:
    """Accept or refuse what a participant asked to have corrected."""
    found = request_at(request.sites, asked, audience_of(request))
    return receive_decision(request, found, place_of(request, found.response.form))
