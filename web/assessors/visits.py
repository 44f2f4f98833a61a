"""One visit of one participant, as the assessor prepares it."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.roles import Role
from core import clock
from instruments import catalogue
from outcomes.models import Form, Visit
from outcomes.queries import cell_state, guess_waits, signature_waits, signings_of
from outcomes.schedule import window_in_words
from participants.blindness import is_blind
from safety.short_queries import visits_to_ask_at
from trials.access import not_found
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import Action, Crumb, WorkRow
from web.instrument_forms.places import unblinding_of, visit_in_words
from web.instrument_forms.words import texts_in
from web.pages import TrialRequest, page
from web.shared.record_words import link
from web.shared.short_tables import asking_rows
from web.shared.signatures import signing_rows

FILLED_BY = "assessor"


@page(Permission.ASSESS)
def visit_page(request: TrialRequest, visit: UUID) -> HttpResponse:
    """What to say first, the forms of the visit, what is next, and who signed."""
    forms = forms_of(request, visit)
    planned, protocol = forms[0].visit, protocol_of(request.trial)
    today = clock.today(forms[0].site.time_zone)
    blind = is_blind(planned.participant, request.actor.id)
    context = {
        "crumbs": [Crumb(_("Due this week"), reverse("assessors:home", args=[request.trial.code]))],
        "title": f"{forms[0].participant.number}, {visit_in_words(planned, protocol)}",
        "lead": window_of(planned, today),
        "blind": blind,
        "unblinding": unblinding_of(forms[0]),
        "next": next_step(request, planned),
        "signings": signing_rows(signings_of([planned.pk])[planned.pk], forms[0].site.time_zone),
        "askings": asking_rows(request.trial, _to_ask(request, planned), protocol) if blind else [],
        "report": link("event_new", trial=request.trial.code, number=planned.participant.number),
        "rows": [row_of(request, form, today, may_open=blind) for form in forms],
    }
    return render(request, "assessors/visit.html", context)


def _to_ask(request: TrialRequest, visit: Visit) -> QuerySet[Visit]:
    """The visit itself, while its participant is still to be asked about events by who measures."""
    return visits_to_ask_at(request.sites, protocol_of(request.trial), Role.ASSESSOR).filter(pk=visit.pk)


def window_of(visit: Visit, today: date) -> str:
    return window_in_words(visit.opens_on, visit.closes_on, today)


def forms_of(request: TrialRequest, visit: UUID) -> list[Form]:
    """The assessor's forms of a visit at the person's sites; NotFound when there are none."""
    rows = Form.objects.select_related("participant__site", "visit__trial", "visit__participant__site", "site", "trial")
    found = rows.filter(visit_id=visit, filled_by=FILLED_BY, site__in=[site.pk for site in request.sites])
    forms = list(found.exclude(state=Form.State.CANCELLED).order_by("order", "pk"))
    if not forms:
        raise not_found()
    return forms


def visit_crumbs(request: TrialRequest, visit: Visit, protocol: Protocol) -> list[Crumb]:
    """The list and the visit above a page about it."""
    code = request.trial.code
    name = f"{visit.participant.number}, {visit_in_words(visit, protocol)}"
    return [
        Crumb(_("Due this week"), reverse("assessors:home", args=[code])),
        Crumb(name, reverse("assessors:visit", args=[code, visit.pk])),
    ]


def next_step(request: TrialRequest, visit: Visit) -> Action | None:
    """What is left once all is measured: to sign it, then to guess, while it is asked."""
    args = [request.trial.code, visit.pk]
    if signature_waits(visit, request.actor):
        return Action(_("Sign this visit"), reverse("assessors:sign", args=args))
    if guess_waits(visit, request.actor):
        return Action(_("Guess the group"), reverse("assessors:guess", args=args))
    return None


def row_of(request: TrialRequest, form: Form, today: date, *, may_open: bool) -> WorkRow:
    """One form of the visit with its state; it leads to the form for who still measures."""
    state = cell_state(form, today)
    definition = catalogue.load(form.instrument)
    return WorkRow(
        status=state.value,
        when="",
        who=form.participant.number,
        what=texts_in(request.trial, definition).title,
        detail=_("About %(minutes)s minutes") % {"minutes": definition.minutes},
        action=Action(_("Open"), reverse("assessors:form", args=[request.trial.code, form.pk])) if may_open else None,
    )
