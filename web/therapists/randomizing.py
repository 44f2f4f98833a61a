"""The first session: eligibility reconfirmed, what is checked read back, randomized once; then who treats.

Before allocation any therapist of the site may open these pages, afterwards only the one who randomized.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.problems import Conflict, NotFound, Problem, Refused
from participants.models import Participant
from participants.policies import BEFORE_RANDOMIZATION, check_at_first_session
from participants.queries import participant_by_number
from randomization.preconditions import preconditions
from therapy import queries
from therapy.actions.first_session import randomize_at_first_session
from therapy.queries import Randomized
from trials.queries import protocol_of
from web.components import SummaryRow
from web.forms import Form
from web.pages import TrialRequest, page
from web.therapists.first_sessions import (
    about,
    decision_in_words,
    first_session_in_words,
    needs_decision,
    randomized_by,
)
from web.therapists.words import moment_in_words, shown


class ConfirmForm(Form):
    """The one button; `seen` is the revision of the participant that was read back."""

    seen = forms.IntegerField(widget=forms.HiddenInput())


@page(Permission.LOG_SESSION, methods=("GET", "POST"))
def randomize(request: TrialRequest, number: str) -> HttpResponse:
    """What is checked, read back, one button."""
    participant = participant_by_number(request.trial, number, request.sites)
    if request.method == "POST":
        return confirm(request, participant)
    if randomized_by(request, participant):
        return redirect("therapists:randomized", trial=request.trial.code, number=participant.number)
    check_at_first_session(participant)
    if needs_decision(participant):
        return redirect("therapists:reconfirm", trial=request.trial.code, number=participant.number)
    return show(request, participant, ConfirmForm(initial={"seen": participant.revision}))


@page(Permission.LOG_SESSION)
def randomized(request: TrialRequest, number: str) -> HttpResponse:
    """The receipt, for the therapist who randomized; the programme while they treat, or hand on."""
    participant = participant_by_number(request.trial, number, request.sites)
    told = queries.randomized_by(participant, request.actor)
    context = about(request, participant) | result(request, told)
    context["receipt"] = [
        SummaryRow(_("Study number"), told.receipt.study_number),
        SummaryRow(_("Randomized on"), moment_in_words(told.receipt.at, participant.site.time_zone)),
        SummaryRow(_("By"), told.receipt.by),
    ]
    return render(request, "therapists/randomized.html", context)


def confirm(request: TrialRequest, participant: Participant) -> HttpResponse:
    """Randomize once. Who asks again gets the same receipt; somebody else is told."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        check_at_first_session(participant)
        return show(request, participant, form, 422)
    try:
        randomize_at_first_session(participant=participant, by=request.actor, seen=form.cleaned_data["seen"])
    except (Refused, NotFound):
        raise
    except Problem as problem:
        participant.refresh_from_db()
        if participant.state not in BEFORE_RANDOMIZATION:
            raise
        check_at_first_session(participant)
        form = ConfirmForm({"seen": participant.revision})
        form.is_valid()
        form.add_problem(problem)
        return show(request, participant, form, 409 if isinstance(problem, Conflict) else 422)
    return redirect("therapists:randomized", trial=request.trial.code, number=participant.number)


def show(request: TrialRequest, participant: Participant, form: ConfirmForm, status: int = 200) -> HttpResponse:
    """What is checked, and the read-back with its button when everything holds."""
    checks = preconditions(participant, by=request.actor)
    zone = participant.site.time_zone
    context = about(request, participant) | {
        "form": form,
        "checks": checks,
        "ready": all(check.met for check in checks),
        "read_back": [
            SummaryRow(_("Study number"), participant.number),
            SummaryRow(_("Now"), moment_in_words(clock.now(), zone)),
            SummaryRow(_("First session"), first_session_in_words(participant)),
            SummaryRow(_("Eligibility reconfirmed"), decision_in_words(participant)),
            SummaryRow(_("Randomized by"), request.actor.name),
        ],
    }
    return render(request, "therapists/randomize.html", context, status=status)


def result(request: TrialRequest, told: Randomized) -> dict[str, Any]:
    """The arm in words for whoever may still know it, and whether this therapist treats."""
    standing = {"mine": told.treats, "waits": told.waits}
    if told.arm is None:
        return standing
    protocol, arm = protocol_of(request.trial), told.arm
    programme = protocol.programme_of(arm)
    delivered_by = programme.delivered_by if programme else ()
    names = [shown(each.label) for each in protocol.qualifications if each.code in delivered_by]
    return standing | {
        "arm": shown(protocol.arm(arm).public_name),
        "programme": programme,
        "waits_for": ", ".join(names),
    }
