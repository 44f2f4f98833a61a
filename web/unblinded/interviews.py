"""Interviews, before the first session and after the last: whose record is due, and the record itself.

What people say in them may tell the arm, so only interviewers know that these forms exist.
"""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.roles import Role
from core import clock
from instruments import catalogue
from outcomes.models import Form
from outcomes.queries import Bucket, Row, form_at, forms_due
from outcomes.queries.worklists import PAGE_SIZE
from trials.access import not_found
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import Action, Crumb, WorkRow
from web.forms import whole_number
from web.instrument_forms.closing import not_done_page
from web.instrument_forms.correcting import correction_page
from web.instrument_forms.pages import staff_form_page
from web.instrument_forms.places import Place, visit_in_words
from web.instrument_forms.words import texts_in
from web.pages import TrialRequest, page

AUDIENCE = {Role.INTERVIEWER.value}
FILLED_BY = "interviewer"
MARKS = {Bucket.OVERDUE: "late", Bucket.CLOSING: "closing", Bucket.TODAY: "due", Bucket.COMING: "not_due"}


@page(Permission.RECORD_INTERVIEW)
def interviews(request: TrialRequest) -> HttpResponse:
    """The interviews to hold and to record, the most urgent first."""
    number = whole_number(request.GET.get("page", "")) or 1
    due = forms_due(request.sites, AUDIENCE, clock.today(request.trial.time_zone), page=number)
    protocol = protocol_of(request.trial)
    context = {
        "rows": [row_of(request, row, protocol) for row in due.rows],
        "page": Paginator(range(due.total), PAGE_SIZE).page(due.page),
    }
    return render(request, "unblinded/interviews.html", context)


def row_of(request: TrialRequest, row: Row, protocol: Protocol) -> WorkRow:
    """One interview; the row leads to its record."""
    form = row.form
    return WorkRow(
        status=MARKS[row.bucket],
        when=str(row.bucket.label),
        who=form.participant.number,
        what=visit_in_words(form.visit, protocol),
        detail=_("%(form)s, %(window)s")
        % {"form": texts_in(request.trial, catalogue.load(form.instrument)).title, "window": row.window},
        action=Action(_("Open"), reverse("unblinded:interview", args=[request.trial.code, form.pk])),
    )


@page(Permission.RECORD_INTERVIEW, methods=("GET", "POST"))
def interview(request: TrialRequest, form: UUID) -> HttpResponse:
    """Record an interview, or read the record back."""
    found = form_of(request, form)
    return staff_form_page(request, found, place_of(request, found))


@page(Permission.RECORD_INTERVIEW, methods=("GET", "POST"))
def correct(request: TrialRequest, form: UUID) -> HttpResponse:
    """Correct a record with a reason."""
    found = form_of(request, form)
    return correction_page(request, found, place_of(request, found))


@page(Permission.RECORD_INTERVIEW, methods=("GET", "POST"))
def not_done(request: TrialRequest, form: UUID) -> HttpResponse:
    """Close a record: the interview was not held."""
    found = form_of(request, form)
    return not_done_page(request, found, place_of(request, found))


def form_of(request: TrialRequest, key: UUID) -> Form:
    """A record that interviewers fill, or NotFound."""
    form = form_at(request.sites, key, AUDIENCE)
    if form.filled_by != FILLED_BY:
        raise not_found()
    return form


def place_of(request: TrialRequest, form: Form) -> Place:
    """The addresses around a record, the list above it."""
    args = [request.trial.code, form.pk]
    return Place(
        form_url=reverse("unblinded:interview", args=args),
        correct_url=reverse("unblinded:interview_correct", args=args),
        not_done_url=reverse("unblinded:interview_not_done", args=args),
        crumbs=[Crumb(_("Interviews"), reverse("unblinded:interviews", args=args[:1]))],
    )
