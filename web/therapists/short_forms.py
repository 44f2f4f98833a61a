"""The short forms of safety of the participants a therapist treats."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from participants.queries import participant_by_number
from therapy.actions import deviations, short_forms
from therapy.care import treating
from web.coordinators.saving import answer
from web.pages import TrialRequest, page
from web.short_forms import PAPERS, typed_of
from web.therapists.events import around, session_field
from web.unblinded.delivery_form import LEAD, TITLE, DeliveryForm


@page(Permission.LOG_SESSION, methods=("GET", "POST"))
def new(request: TrialRequest, number: str, form: str) -> HttpResponse:
    """Record one of the short forms of somebody in one's care; ``form`` is its name in the table of them."""
    participant = participant_by_number(request.trial, number, request.sites)
    with treating(participant, request.actor):
        paper = PAPERS[form]
    filled = paper.form(request.POST if request.method == "POST" else None)

    def save(_typed: dict[str, Any]) -> str:
        short_forms.record(form=form, participant=participant, by=request.actor, **typed_of(filled))
        return reverse("therapists:events", args=[request.trial.code, participant.number])

    words = {"title": paper.title, "lead": paper.lead, "submit": _("Record it")}
    return answer(request, filled, around(request, participant, **words), save, said=_("It is recorded."))


@page(Permission.LOG_SESSION, methods=("GET", "POST"))
def delivery(request: TrialRequest, number: str) -> HttpResponse:
    """Record that a programme was not delivered as the protocol says, naming the session if it was one."""
    participant = participant_by_number(request.trial, number, request.sites)
    form = DeliveryForm(request.POST if request.method == "POST" else None)
    form.fields["session"] = session_field(request, participant)

    def save(typed: dict[str, Any]) -> str:
        session = int(typed.pop("session") or 0) or None
        deviations.record(participant=participant, session=session, by=request.actor, **typed)
        return reverse("therapists:events", args=[request.trial.code, participant.number])

    words = {"title": TITLE, "lead": LEAD, "submit": _("Record it")}
    return answer(request, form, around(request, participant, **words), save, said=_("It is recorded."))
