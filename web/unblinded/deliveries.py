"""Deviations in the delivery of programmes, for those who may know every arm: what waits for a review, and all."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission as P
from core import clock
from core.dates import date_format
from randomization.blindfold import Purpose, unblinded
from therapy.actions import deviations
from therapy.deviations import delivery_deviation_at, delivery_deviations
from therapy.models import DeliveryDeviation
from web.components import Action, Crumb, WorkRow
from web.coordinators.saving import answer
from web.event_words import moment_in_words
from web.pages import TrialRequest, page
from web.short_forms import ReviewForm

SHOWN = 100


@page(P.VIEW_SESSIONS)
def deliveries(request: TrialRequest) -> HttpResponse:
    """What waits for a review first, then the newest."""
    may_review = any(P.REVIEW_EVENT in m.definition.permissions for m in request.memberships)
    with unblinded(by=request.actor, trial=request.trial, purpose=Purpose.VIEW):
        rows = [_row(each, may_review) for each in delivery_deviations(request.sites)[:SHOWN]]
    return render(request, "unblinded/deliveries.html", {"rows": rows})


@page(P.REVIEW_EVENT, methods=("GET", "POST"))
def review(request: TrialRequest, delivery: UUID) -> HttpResponse:
    """The safety physician has seen one."""
    with unblinded(by=request.actor, trial=request.trial, purpose=Purpose.VIEW):
        found = delivery_deviation_at(request.sites, delivery)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    back = reverse("unblinded:deliveries", args=[request.trial.code])

    def save(_typed: dict[str, Any]) -> str:
        deviations.review(deviation=found, participant=found.participant, by=request.actor)
        return back

    context = {
        "participant": found.participant,
        "crumbs": [Crumb(_("Deviations in sessions"), back)],
        "back": back,
        "title": _("Review a deviation"),
        "lead": f"{found.participant.number}: {found.get_kind_display()}. {found.text}",
        "submit": _("Record the review"),
    }
    return answer(request, form, context, save, said=_("The review is recorded."))


def _row(held: DeliveryDeviation, may_review: bool) -> WorkRow:
    """One deviation; it leads to its review while it waits for one."""
    trial, zone = held.participant.trial, held.participant.site.time_zone
    waits = held.due_at is not None and held.reviewed_at is None
    state, when = "complete", _("reviewed") if held.reviewed_at else _("minor")
    if held.due_at is not None and waits:
        state = "late" if held.due_at < clock.now() else "due"
        when = _("due %(at)s") % {"at": moment_in_words(held.due_at, zone)}
    detail = [date_format(held.happened_on, "j F Y")]
    detail += [_("Session %(number)s") % {"number": held.session}] if held.session else []
    detail += [held.text] if held.text else []
    url = reverse("unblinded:delivery_review", args=[trial.code, held.pk])
    action = Action(_("Review"), url) if waits and may_review else None
    return WorkRow(state, when, held.participant.number, str(held.get_kind_display()), ", ".join(detail), action)
