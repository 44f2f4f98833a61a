"""One form of one participant, for every blinded role: to fill, to read, to correct, to close."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from accounts.permissions import Permission as P
from core.problems import Refused
from instruments.uploads import MEDIA_TYPES
from outcomes.audiences import may_read
from outcomes.models import Form
from outcomes.queries import draft_of, form_at, response_of
from outcomes.queries.attachments import file_of
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


@page(P.VIEW_PARTICIPANTS)
def form_file(request: TrialRequest, form: UUID, item: str) -> HttpResponse:
    """A file that answers an item, for who may read the form. It is saved, never shown inside a page."""
    found = form_of(request, form)
    attachment, content = file_of(found, item, answer_of(request, found, item), audience_of(request))
    answer = HttpResponse(content, content_type=MEDIA_TYPES[attachment.kind])
    name = f"{found.participant.number}_{found.instrument}_{item}.{attachment.kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def answer_of(request: TrialRequest, form: Form, item: str) -> str:
    """The key of the file that answers an item now, submitted or, for who fills the form, in the draft."""
    if form.state == Form.State.COMPLETE:
        response = response_of(form, audience_of(request)) if may_read(form, audience_of(request)) else None
        return str(response.answers.get(item, "")) if response else ""
    try:
        return str(draft_of(form, request.actor).entry.answers.get(item, ""))
    except Refused:
        return ""
