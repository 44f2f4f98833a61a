"""The assessor's forms: measured, kept trial by trial, submitted, read back, corrected."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.roles import Role
from outcomes.models import Form
from outcomes.queries import form_at
from trials.access import not_found
from trials.queries import protocol_of
from web.assessors.visits import FILLED_BY
from web.components import Crumb
from web.instrument_forms.closing import not_done_page
from web.instrument_forms.correcting import correction_page
from web.instrument_forms.pages import staff_form_page
from web.instrument_forms.places import Place, unblinding_of, visit_in_words
from web.pages import TrialRequest, page


def form_of(request: TrialRequest, key: UUID) -> Form:
    """A form that assessors fill, or NotFound."""
    form = form_at(request.sites, key, {Role.ASSESSOR.value})
    if form.filled_by != FILLED_BY:
        raise not_found()
    return form


def place_of(request: TrialRequest, form: Form) -> Place:
    """The addresses around a form, the visit above it."""
    code = request.trial.code
    visit = f"{form.participant.number}, {visit_in_words(form.visit, protocol_of(request.trial))}"
    return Place(
        form_url=reverse("assessors:form", args=[code, form.pk]),
        correct_url=reverse("assessors:form_correct", args=[code, form.pk]),
        not_done_url=reverse("assessors:form_not_done", args=[code, form.pk]),
        unblinding=unblinding_of(form),
        crumbs=[
            Crumb(_("Due this week"), reverse("assessors:home", args=[code])),
            Crumb(visit, reverse("assessors:visit", args=[code, form.visit_id])),
        ],
    )


@page(Permission.ASSESS, methods=("GET", "POST"))
def form_page(request: TrialRequest, form: UUID) -> HttpResponse:
    """Fill a form, or read it back."""
    found = form_of(request, form)
    return staff_form_page(request, found, place_of(request, found))


@page(Permission.ASSESS, methods=("GET", "POST"))
def correct(request: TrialRequest, form: UUID) -> HttpResponse:
    """Correct a submitted form with a reason."""
    found = form_of(request, form)
    return correction_page(request, found, place_of(request, found))


@page(Permission.ASSESS, methods=("GET", "POST"))
def not_done(request: TrialRequest, form: UUID) -> HttpResponse:
    """Close a form unanswered."""
    found = form_of(request, form)
    return not_done_page(request, found, place_of(request, found))
