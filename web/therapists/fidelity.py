"""The protocol's checklist of one session, filled by the therapist or with an observer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.problems import Conflict, NotFound, Problem, Refused
from participants.models import Participant
from participants.queries import participant_by_number
from therapy.actions import fidelity as actions
from therapy.care import treating
from therapy.models import FidelityCheck
from trials.access import not_found
from trials.protocol.programmes import FidelityItem
from web.components import Crumb
from web.forms import ChoiceField, Form
from web.pages import TrialRequest, page
from web.therapists.participants import home_crumb
from web.therapists.words import shown


class FidelityForm(Form):
    """Who judged, and one answer a line."""

    source = ChoiceField(label=gettext_lazy("Who judged?"), choices=FidelityCheck.Source.choices, inline=True)

    def __init__(self, items: tuple[FidelityItem, ...], data: Any = None) -> None:
        self.codes = [item.code for item in items]
        super().__init__(data)
        for item in items:
            self.fields[f"item-{item.code}"] = ChoiceField(
                label=shown(item.wording), choices=FidelityCheck.Answer.choices, inline=True
            )

    def items(self) -> dict[str, str]:
        """The answers by the code of the line."""
        return {code: self.cleaned_data[f"item-{code}"] for code in self.codes}


@page(Permission.LOG_SESSION, methods=("GET", "POST"))
def fidelity(request: TrialRequest, number: str, session: int) -> HttpResponse:
    """Fill in the checklist of a session that was held."""
    participant = participant_by_number(request.trial, number, request.sites)
    with treating(participant, request.actor) as care:
        items = care.programme.fidelity
        held = actions.held(participant, session)
    if not items or not held:
        raise not_found()
    form, status = FidelityForm(items, request.POST or None), 200
    there = reverse("therapists:session", args=[request.trial.code, participant.number, session])
    if request.method == "POST":
        status = save(request, participant, session, form)
        if status == 302:
            return redirect(there)
    context = {
        "form": form,
        "title": _("Fidelity checklist, session %(number)s") % {"number": session},
        "crumbs": [home_crumb(request), Crumb(_("Session %(number)s") % {"number": session}, there)],
        "back": there,
    }
    return render(request, "therapists/fidelity.html", context, status=status)


def save(request: TrialRequest, participant: Participant, session: int, form: FidelityForm) -> int:
    """Call the verb; 302 when it is done, else the status of the page with what is wrong."""
    if not form.is_valid():
        return 422
    given = {"source": form.cleaned_data["source"], "items": form.items()}
    try:
        actions.check(participant=participant, number=session, by=request.actor, **given)
    except (Refused, NotFound):
        raise
    except Problem as problem:
        form.add_problem(problem)
        return 409 if isinstance(problem, Conflict) else 422
    messages.success(request, _("The checklist of session %(number)s is saved.") % {"number": session})
    return 302
