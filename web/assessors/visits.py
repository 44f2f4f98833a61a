"""One visit of one participant, as the assessor prepares it."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from instruments import catalogue
from outcomes.models import Form, Visit
from outcomes.queries import cell_state
from outcomes.schedule import window_in_words
from trials.access import not_found
from trials.queries import protocol_of
from web.components import Action, Crumb, WorkRow
from web.instrument_forms.places import visit_in_words
from web.instrument_forms.words import texts_in
from web.pages import TrialRequest, page

FILLED_BY = "assessor"


@page(Permission.ASSESS)
def visit_page(request: TrialRequest, visit: UUID) -> HttpResponse:
    """What to say first, and the forms of the visit."""
    forms = forms_of(request, visit)
    planned = forms[0].visit
    today = clock.today(forms[0].site.time_zone)
    context = {
        "crumbs": [Crumb(_("Due this week"), reverse("assessors:home", args=[request.trial.code]))],
        "title": f"{forms[0].participant.number}, {visit_in_words(planned, protocol_of(request.trial))}",
        "lead": window_of(planned, today),
        "rows": [row_of(request, form, today) for form in forms],
    }
    return render(request, "assessors/visit.html", context)


def window_of(visit: Visit, today: date) -> str:
    return window_in_words(visit.opens_on, visit.closes_on, today)


def forms_of(request: TrialRequest, visit: UUID) -> list[Form]:
    """The assessor's forms of a visit at the person's sites; NotFound when there are none."""
    rows = Form.objects.select_related("participant", "visit", "site", "trial")
    found = rows.filter(visit_id=visit, filled_by=FILLED_BY, site__in=[site.pk for site in request.sites])
    forms = list(found.exclude(state=Form.State.CANCELLED).order_by("order"))
    if not forms:
        raise not_found()
    return forms


def row_of(request: TrialRequest, form: Form, today: date) -> WorkRow:
    """One form of the visit with its state."""
    state = cell_state(form, today)
    definition = catalogue.load(form.instrument)
    return WorkRow(
        status=state.value,
        when="",
        who=form.participant.number,
        what=texts_in(request.trial, definition).title,
        detail=_("About %(minutes)s minutes") % {"minutes": definition.minutes},
        action=Action(_("Open"), reverse("assessors:form", args=[request.trial.code, form.pk])),
    )
