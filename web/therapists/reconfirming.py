"""Eligibility just before randomization, asked anew by the therapist."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.problems import Conflict, NotFound, Problem, Refused
from participants.actions import screening
from participants.models import Decision, Participant
from participants.policies import check_at_first_session
from participants.queries import participant_by_number, standing
from trials.access import not_found
from trials.queries import protocol_of
from web.forms import Form, ReasonField
from web.pages import TrialRequest, page
from web.shared.criteria_form import CriteriaForm
from web.therapists.first_sessions import about, stage_to_reconfirm


class AgainForm(Form):
    """Why eligibility is decided again."""

    reason = ReasonField(label=gettext_lazy("Why is it decided again?"))


@page(Permission.LOG_SESSION, methods=("GET", "POST"))
def reconfirm(request: TrialRequest, number: str) -> HttpResponse:
    """Eligibility just before randomization: every criterion of that stage asked anew."""
    participant = participant_by_number(request.trial, number, request.sites)
    check_at_first_session(participant)
    stage = stage_to_reconfirm(participant)
    if stage is None:
        raise not_found()
    data = request.POST if request.method == "POST" else None
    criteria = CriteriaForm(protocol_of(request.trial), stage, participant.group, data)
    again = AgainForm(data) if stage in standing(participant) else None
    if data is None:
        return ask(request, participant, criteria, again)
    if not all([criteria.is_valid(), again is None or again.is_valid()]):
        return ask(request, participant, criteria, again, 422)
    return decide(request, participant, criteria, again)


def decide(
    request: TrialRequest, participant: Participant, criteria: CriteriaForm, again: AgainForm | None
) -> HttpResponse:
    """Keep the decision, and go on to what is checked."""
    try:
        decision = screening.decide(
            participant=participant,
            stage=str(stage_to_reconfirm(participant)),
            answers=criteria.answers(),
            reason=again.cleaned_data["reason"] if again else "",
            by=request.actor,
        )
    except (Refused, NotFound):
        raise
    except Problem as problem:
        if isinstance(problem, Conflict):
            raise
        (again if again and problem.field == "reason" else criteria).add_problem(problem)
        return ask(request, participant, criteria, again, 422)
    if decision.outcome == Decision.Outcome.INELIGIBLE:
        messages.warning(request, _("Not eligible, so not randomized. Tell the coordinator."))
    return redirect("therapists:randomize", trial=request.trial.code, number=participant.number)


def ask(
    request: TrialRequest,
    participant: Participant,
    criteria: CriteriaForm,
    again: AgainForm | None,
    status: int = 200,
) -> HttpResponse:
    """The criteria to reconfirm."""
    context = about(request, participant) | {"criteria": criteria, "parts": criteria.parts(), "again": again}
    return render(request, "therapists/reconfirm.html", context | {"form_errors": status >= 400}, status=status)
