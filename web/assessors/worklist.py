"""The assessor's home: what has to be measured this week."""

from collections.abc import Iterable

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.roles import Role
from audit.actors import Actor
from core import clock
from instruments import catalogue
from outcomes.models import Visit
from outcomes.queries import Asked, Bucket, Row, Worklist, forms_due, guesses_waiting, signatures_waiting, to_answer
from outcomes.queries.worklists import PAGE_SIZE
from participants.blindness import lost_by
from safety.short_queries import visits_to_ask_at
from trials.models import Site
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import Action, Figure, WorkRow
from web.instrument_forms.places import visit_in_words
from web.instrument_forms.words import texts_in
from web.pages import TrialRequest, page
from web.shared.query_words import query_row
from web.shared.short_tables import asking_rows

MOST_TO_SIGN = 20
"""Visits to sign that the home shows; the next ones come up as these are signed."""
AUDIENCE = {Role.ASSESSOR.value}
MARKS = {Bucket.OVERDUE: "late", Bucket.CLOSING: "closing", Bucket.TODAY: "due", Bucket.COMING: "not_due"}


@page(Permission.ASSESS)
def home(request: TrialRequest) -> HttpResponse:
    """Due this week: overdue, closing, open now, and the next seven days."""
    wanted = request.GET.get("page", "")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 6 else 1
    due = forms_due(request.sites, AUDIENCE, clock.today(request.trial.time_zone), blind=request.actor.id, page=number)
    protocol = protocol_of(request.trial)
    to_sign = signatures_waiting(request.sites, request.actor, most=MOST_TO_SIGN + 1)
    guesses = guesses_waiting(request.sites, request.actor, protocol)
    asked = to_answer(request.sites, AUDIENCE, protocol, blind=request.actor.id)
    to_ask = askings_waiting(request.sites, request.actor, protocol)
    context = {
        "queries": [query_work(request, each, protocol) for each in asked],
        "figures": [Figure(due.counts[bucket], bucket.label) for bucket in Bucket],
        "to_sign": [sign_row(request, visit, protocol) for visit in to_sign[:MOST_TO_SIGN]],
        "more_to_sign": len(to_sign) > MOST_TO_SIGN,
        "askings": asking_rows(request.trial, to_ask, protocol),
        "guesses": [guess_row(request, visit, protocol) for visit in guesses],
        "rows": [row_of(request, row, protocol) for row in due.rows],
        "page": page_of(due),
    }
    return render(request, "assessors/home.html", context)


def askings_waiting(sites: Iterable[Site], by: Actor, protocol: Protocol) -> QuerySet[Visit]:
    """Visits at which assessors ask about events and nobody did; none of people for whom the blind is lost."""
    return visits_to_ask_at(sites, protocol, Role.ASSESSOR).exclude(lost_by(by.id))


def row_of(request: TrialRequest, row: Row, protocol: Protocol) -> WorkRow:
    """One form to fill; the row leads to it."""
    form = row.form
    url = reverse("assessors:form", args=[request.trial.code, form.pk])
    return WorkRow(
        status=MARKS[row.bucket],
        when=str(row.bucket.label),
        who=form.participant.number,
        what=texts_in(request.trial, catalogue.load(form.instrument)).title,
        detail=_("%(visit)s, %(window)s") % {"visit": visit_in_words(form.visit, protocol), "window": row.window},
        action=Action(_("Open"), url),
    )


def query_work(request: TrialRequest, asked: Asked, protocol: Protocol) -> WorkRow:
    """A query about what an assessor measured."""
    row = query_row(asked, request.trial, protocol)
    return WorkRow(
        status=row.status,
        when=_("To answer"),
        who=asked.form.participant.number,
        what=row.kind,
        detail=row.form,
        action=Action(_("Answer"), row.url),
    )


def sign_row(request: TrialRequest, visit: Visit, protocol: Protocol) -> WorkRow:
    """A visit that was measured, and not signed as it is stored."""
    return WorkRow(
        status="due",
        when=_("To sign"),
        who=visit.participant.number,
        what=visit_in_words(visit, protocol),
        detail=_("Everything is in. Read it and sign it."),
        action=Action(_("Sign"), reverse("assessors:sign", args=[request.trial.code, visit.pk])),
    )


def guess_row(request: TrialRequest, visit: Visit, protocol: Protocol) -> WorkRow:
    """A visit that was measured, signed, and not guessed about yet."""
    url = reverse("assessors:guess", args=[request.trial.code, visit.pk])
    return WorkRow(
        status="due",
        when=_("Guess"),
        who=visit.participant.number,
        what=_("Which group do you believe it is?"),
        detail=visit_in_words(visit, protocol),
        action=Action(_("Open"), url),
    )


def page_of(due: Worklist) -> Page:  # type: ignore[type-arg]
    """The page for the page links."""
    return Paginator(range(due.total), PAGE_SIZE).page(due.page)
